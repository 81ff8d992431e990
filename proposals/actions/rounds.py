"""Changes to funding rounds and to who holds which role in them."""

from django.db import transaction
from django.utils.translation import gettext as _

from proposals.models import FundingRound, RoleGrant
from screening import audit
from screening.enums import RoundRole

AUDITED = (
    "reference",
    "title",
    "description",
    "donor_name",
    "phase",
    "stage",
    "form_length",
    "opens_on",
    "closes_on",
    "review_due_on",
    "currency",
    "budget",
    "reviewers_wanted",
)


class CannotChangeRoles(Exception):
    """The role cannot be given or taken; the message says why."""


@transaction.atomic
def create_round(*, round_, officer, by):
    """Open a round from an unsaved, validated FundingRound; `officer` runs it."""
    round_.save()
    audit.record("round_created", round_, by=by, round_id=round_.pk, after=_state(round_))
    if officer is not None:
        grant_role(round_=round_, user=officer, role=RoundRole.PROGRAMME_OFFICER, by=by)
    return round_


@transaction.atomic
def change_round(*, round_, by):
    """Save a changed, validated FundingRound. Nothing is written when nothing differs."""
    before = _state(FundingRound.objects.select_for_update().get(pk=round_.pk))
    after = _state(round_)
    if before == after:
        return round_
    round_.save()
    changed = [field for field in AUDITED if before[field] != after[field]]
    audit.record(
        "round_changed",
        round_,
        by=by,
        round_id=round_.pk,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
    )
    return round_


@transaction.atomic
def grant_role(*, round_, user, role, by):
    """Give a person a role in the round; giving it twice changes nothing."""
    grant, is_new = RoleGrant.objects.get_or_create(round=round_, user=user, role=role)
    if is_new:
        audit.record("role_granted", user, by=by, round_id=round_.pk, after={"role": role})
    return grant


@transaction.atomic
def remove_role(*, grant, by):
    """Take a role from a person. The last programme officer of a round stays."""
    officers = RoleGrant.objects.select_for_update().filter(round=grant.round, role=RoundRole.PROGRAMME_OFFICER)
    if grant.role == RoundRole.PROGRAMME_OFFICER and len(officers) == 1:
        raise CannotChangeRoles(_("This is the only programme officer of the round. Name another one first."))
    audit.record("role_removed", grant.user, by=by, round_id=grant.round_id, before={"role": grant.role})
    grant.delete()


def _state(round_):
    """What the audit trail keeps of a round, as JSON values."""
    return {field: _plain(getattr(round_, field)) for field in AUDITED}


def _plain(value):
    return value if value is None or isinstance(value, str | int) else str(value)
