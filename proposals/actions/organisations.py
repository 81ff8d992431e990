"""What is known of an organisation besides its part in proposals: other names, and where its mail goes."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from proposals.models import Organisation, OrganisationAlias
from proposals.validators import NAME_LENGTH, fold_name
from screening import audit

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class CannotChangeOrganisation(Exception):
    """The organisation cannot be changed like this; the message says why, `field` where."""

    def __init__(self, message, field=""):
        super().__init__(message)
        self.field = field


@transaction.atomic
def set_email_domain(*, organisation, email_domain, by):
    """Say which e-mail domain the organisation has, without "@"; "" for none. Raises CannotChangeOrganisation."""
    domain = email_domain.strip().casefold().rpartition("@")[2]
    if domain and not DOMAIN.fullmatch(domain):
        raise CannotChangeOrganisation(
            _("Write only what stands after the @, for example blueboat.example."), "email_domain"
        )
    before = organisation.email_domain
    if domain == before:
        return organisation
    organisation.email_domain = domain
    organisation.save(update_fields=["email_domain"])
    audit.record(
        "organisation_changed",
        organisation,
        by=by,
        before={"email_domain": before},
        after={"email_domain": domain},
    )
    return organisation


@transaction.atomic
def add_alias(*, organisation, name, by):
    """Add another name of the organisation and return it. Raises CannotChangeOrganisation where it is taken."""
    name = " ".join(name.split())
    key = fold_name(name)
    if not key:
        raise CannotChangeOrganisation(_("Write the other name."), "alias")
    if len(name) > NAME_LENGTH:
        raise CannotChangeOrganisation(
            _("The name of an organisation has at most %(n)s characters.") % {"n": NAME_LENGTH}, "alias"
        )
    if key == organisation.name_key:
        raise CannotChangeOrganisation(_("This is its name already."), "alias")
    other = organisation_named(name)
    if other is not None:
        raise CannotChangeOrganisation(
            _("This is a name of %(organisation)s already.") % {"organisation": other}, "alias"
        )
    alias = OrganisationAlias.objects.create(organisation=organisation, name=name, name_key=key)
    audit.record("alias_added", organisation, by=by, after={"name": name})
    return alias


@transaction.atomic
def remove_alias(*, alias, by):
    """Take another name of an organisation away."""
    audit.record("alias_removed", alias.organisation, by=by, before={"name": alias.name})
    alias.delete()


def organisation_named(name):
    """The organisation that has this name or alias, or None."""
    key = fold_name(name)
    return (
        Organisation.objects.filter(name_key=key).first() or Organisation.objects.filter(aliases__name_key=key).first()
    )


@transaction.atomic
def keep_organisation(*, name):
    """The organisation with this name or alias, made where there is none. Whoever calls it records why."""
    name = " ".join(name.split())
    found = organisation_named(name)
    if found is not None:
        return found
    return Organisation.objects.create(name=name[:NAME_LENGTH], name_key=fold_name(name))
