"""Changes to funding rounds, to the dates of their phases and to who holds which role in them."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from proposals import phases
from proposals.enums import RoundPhase
from proposals.models import FundingRound, PhaseWindow, RoleGrant
from proposals.rules import can_grant_roles
from proposals.selectors import windows_of
from screening import audit
from screening.enums import RoundRole
from screening.models import AuditEvent

AUDITED = (
    "reference",
    "title",
    "description",
    "donor_name",
    "phase",
    "follows_dates",
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


class CannotSetPhases(Exception):
    """The dates cannot be those of a round; the message says why, `phase` where."""

    def __init__(self, message, phase=""):
        super().__init__(message)
        self.phase = phase


@dataclass(frozen=True)
class Window:
    """When a phase is to be open."""

    phase: str
    starts_on: date
    ends_on: date | None = None


@transaction.atomic
def create_round(*, round_, officer, by):
    """Open a round from an unsaved, validated FundingRound; `officer` runs it."""
    round_.save()
    audit.record("round_created", round_, by=by, round_id=round_.pk, after=_state(round_))
    if officer is not None:
        _grant(round_, officer, RoundRole.PROGRAMME_OFFICER, by)
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
def set_phases(*, round_, windows, by):
    """Put these windows in the place of what was there; also how an officer extends one, at any time.

    Where the round follows its dates, its phase is set by them at once. Raises CannotSetPhases.
    """
    windows = phases.in_order(windows)
    _check_windows(round_, windows)
    locked = FundingRound.objects.select_for_update().get(pk=round_.pk)
    before, after = _days(windows_of(locked)), _days(windows)
    if before != after:
        locked.windows.all().delete()
        PhaseWindow.objects.bulk_create(
            PhaseWindow(round=locked, phase=each.phase, starts_on=each.starts_on, ends_on=each.ends_on)
            for each in windows
        )
        changed = sorted({*before, *after}, key=phases.ORDER.index)
        changed = [phase for phase in changed if before.get(phase) != after.get(phase)]
        audit.record(
            "phases_set",
            locked,
            by=by,
            round_id=locked.pk,
            before={phase: before.get(phase, "") for phase in changed},
            after={phase: after.get(phase, "") for phase in changed},
        )
    if locked.follows_dates:
        _follow(locked, windows, timezone.localdate())
    round_.phase = locked.phase
    return windows


def follow_dates(*, today):
    """Note on every round that follows its dates which phases opened and closed until today; safe to repeat.

    Returns the rounds whose phase changed. Nothing that is read or refused waits for this.
    """
    changed = []
    for pk in FundingRound.objects.filter(follows_dates=True).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            round_ = FundingRound.objects.select_for_update().get(pk=pk)
            if _follow(round_, windows_of(round_), today):
                changed.append(round_)
    return changed


@transaction.atomic
def grant_role(*, round_, user, role, by):
    """Give a person a role in the round; giving it twice changes nothing. Raises CannotChangeRoles."""
    _check_granter(round_, by)
    return _grant(round_, user, role, by)


def _check_granter(round_, by):
    if not can_grant_roles(by, round_):
        raise CannotChangeRoles(_("Only an administrator or a programme officer of the round gives and takes roles."))


def _grant(round_, user, role, by):
    grant, is_new = RoleGrant.objects.get_or_create(round=round_, user=user, role=role)
    if is_new:
        audit.record("role_granted", user, by=by, round_id=round_.pk, after={"role": role})
    return grant


@transaction.atomic
def remove_role(*, grant, by):
    """Take a role from a person. The last programme officer of a round stays. Raises CannotChangeRoles."""
    _check_granter(grant.round, by)
    officers = RoleGrant.objects.select_for_update().filter(round=grant.round, role=RoundRole.PROGRAMME_OFFICER)
    if grant.role == RoundRole.PROGRAMME_OFFICER and len(officers) == 1:
        raise CannotChangeRoles(_("This is the only programme officer of the round. Name another one first."))
    audit.record("role_removed", grant.user, by=by, round_id=grant.round_id, before={"role": grant.role})
    grant.delete()


def _check_windows(round_, windows):
    for each in windows:
        if each.ends_on is not None and each.ends_on < each.starts_on:
            raise CannotSetPhases(_("The phase ends before it starts."), each.phase)
    for later, earlier in phases.begins_too_early(windows):
        words = {"later": RoundPhase(later).label, "earlier": RoundPhase(earlier).label}
        raise CannotSetPhases(_("“%(later)s” cannot begin before “%(earlier)s” begins.") % words, later)
    if round_.follows_dates and not windows:
        raise CannotSetPhases(_("Give at least one phase its dates, or set the phase by hand."))


def _follow(round_, windows, today):
    """Store the phase of this day and record what opened and closed; returns whether the phase changed."""
    noted = {
        (event, (after or {}).get("phase"), (after or {}).get("day"))
        for event, after in AuditEvent.objects.filter(
            round_id=round_.pk, event__in=("phase_opened", "phase_closed")
        ).values_list("event", "after")
    }
    for event, phase, day in phases.passed(windows, today):
        if (event, phase, day.isoformat()) not in noted:
            after = {"phase": phase, "day": day.isoformat()}
            audit.record(event, round_, by=None, round_id=round_.pk, after=after)
    before, round_.phase = round_.phase, phases.phase_on(windows, today, round_.phase)
    if before == round_.phase:
        return False
    round_.save(update_fields=["phase"])
    return True


def _days(windows):
    """{phase: "from – to"} as the audit trail keeps it."""
    return {each.phase: f"{each.starts_on} – {each.ends_on or ''}".strip() for each in windows}


def _state(round_):
    """What the audit trail keeps of a round, as JSON values."""
    return {field: _plain(getattr(round_, field)) for field in AUDITED}


def _plain(value):
    return value if value is None or isinstance(value, str | int) else str(value)
