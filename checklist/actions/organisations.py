"""Changes to what is known of an organisation, and the look for conflicts that follows each."""

from django.db import transaction

from proposals.actions import organisations as keeping

from .conflicts import find_again

# Refusals are raised by the actions below; who calls these need not know where.
CannotChangeOrganisation = keeping.CannotChangeOrganisation


@transaction.atomic
def set_email_domain(*, organisation, email_domain, by):
    """As `proposals.actions.organisations.set_email_domain`; returns the suspicions that are new."""
    keeping.set_email_domain(organisation=organisation, email_domain=email_domain, by=by)
    return find_again(organisation=organisation, by=by)


@transaction.atomic
def add_alias(*, organisation, name, by):
    """As `proposals.actions.organisations.add_alias`; returns the suspicions that are new."""
    keeping.add_alias(organisation=organisation, name=name, by=by)
    return find_again(organisation=organisation, by=by)


@transaction.atomic
def remove_alias(*, alias, by):
    """Take the name away. What was suspected because of it stays until somebody decides."""
    keeping.remove_alias(alias=alias, by=by)
