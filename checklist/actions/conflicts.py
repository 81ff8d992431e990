"""Suspected conflicts of interest: found by the program, confirmed or dismissed by a person with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentState, AssignmentState, SuspicionState
from checklist.models import Assessment, Assignment, SuspectedConflict
from checklist.rules import can_decide_conflict
from checklist.selectors.assigning import OPEN_STATES
from checklist.selectors.conflicts import people_of_round, proposals_with, signs_between
from proposals.actions.access import set_access
from proposals.enums import AccessLevel, RoundPhase
from proposals.models import FundingRound, Proposal, ProposalAccess
from screening import audit

from .telling import tell_suspected

# Stands where a person would give her reason; pages say it in the reader's language.
NO_LONGER_FOUND = "No longer found."


class CannotDecideConflict(Exception):
    """The suspicion cannot be confirmed or dismissed; the message says why."""


class MayNotDecideConflict(CannotDecideConflict):
    """Whoever asks does not decide about conflicts here, or may not read the proposal herself."""


@transaction.atomic
def find_conflicts(*, proposals, people, by):
    """Compare every proposal with every person and return the suspicions that are new.

    Safe to repeat: what is on record stays. One that was dismissed is opened again only where
    something else is compared now. One that nobody decided about and that is not found any more is
    marked so, and opened again when it is. Pairs with a conflict on record are left alone.
    """
    proposals, people = list(proposals), list(people)
    found = signs_between(proposals, people)
    closed = _closed(proposals, people)
    known = {
        (row.proposal_id, row.reviewer_id, row.kind): row
        for row in SuspectedConflict.objects.select_for_update().filter(
            proposal__in=[each.pk for each in proposals], reviewer__in=[each.pk for each in people]
        )
    }
    signs = {(*pair, str(sign.kind)): sign for pair, each in found.items() if pair not in closed for sign in each}
    new = [
        SuspectedConflict(proposal_id=proposal, reviewer_id=reviewer, kind=kind, detail=sign.detail)
        for (proposal, reviewer, kind), sign in signs.items()
        if (proposal, reviewer, kind) not in known
    ]
    SuspectedConflict.objects.bulk_create(new, batch_size=200)
    _mark_gone([row for key, row in known.items() if key not in signs and key[:2] not in closed], proposals, people, by)
    again = [row for key, row in known.items() if key in signs and _is_other(row, signs[key])]
    for row in again:
        row.detail = signs[row.proposal_id, row.reviewer_id, row.kind].detail
        row.state, row.reason, row.decided_by, row.decided_at = SuspicionState.OPEN, "", None, None
        row.found_at = timezone.now()
    fields = ["detail", "state", "reason", "decided_by", "decided_at", "found_at"]
    SuspectedConflict.objects.bulk_update(again, fields, batch_size=200)
    _record_found([*new, *again], proposals, people, by)
    tell_suspected(suspicions=[*new, *again], proposals=proposals, by=by)
    return [*new, *again]


@transaction.atomic
def find_in_round(*, round_, by):
    """Look for conflicts between all proposals of the round and everybody who holds a role in it."""
    proposals = Proposal.objects.counted().filter(round=round_).only("pk", "round_id", "applicant_id")
    return find_conflicts(proposals=proposals, people=people_of_round(round_), by=by)


def find_again(*, organisation, by):
    """Look again where this organisation takes part, in every round that is not decided."""
    found = []
    for round_, proposals in _at_work(proposals_with([organisation.pk])).items():
        found += find_conflicts(proposals=proposals, people=people_of_round(round_), by=by)
    return found


def find_of_person(*, user, by):
    """Look again for conflicts of one person in all rounds at work in which she holds a role."""
    proposals = Proposal.objects.counted().filter(round__in=user.grants.values("round_id"))
    return find_conflicts(proposals=proposals.exclude(round__phase=RoundPhase.DECIDED), people=[user], by=by)


@transaction.atomic
def confirm_conflict(*, suspicion, reason, by):
    """It is a conflict of interest: everything of the proposal closes to that person, for good.

    Her request ends as conflicted with the reason; a draft stays on record. Whatever else is open
    between the two is confirmed with it. Raises CannotDecideConflict.
    """
    row = _to_decide(suspicion, reason, by)
    assignment = Assignment.objects.select_for_update().filter(proposal=row.proposal, reviewer=row.reviewer).first()
    submitted = Assessment.objects.filter(assignment=assignment, state=AssessmentState.SUBMITTED)
    if assignment is not None and submitted.exists():
        raise CannotDecideConflict(
            _("Her assessment is submitted. Reopen it first, so that it no longer counts; then confirm the conflict.")
        )
    others = SuspectedConflict.objects.filter(
        proposal=row.proposal, reviewer=row.reviewer, state=SuspicionState.OPEN
    ).exclude(pk=row.pk)
    for each in (row, *others):
        _settle(each, SuspicionState.CONFIRMED, reason, by)
    set_access(proposal_id=row.proposal_id, user_id=row.reviewer_id, level=AccessLevel.CLOSED)
    if assignment is not None and assignment.state in OPEN_STATES:
        assignment.state = AssignmentState.CONFLICTED
        assignment.closing_reason, assignment.closed_at = reason.strip(), timezone.now()
        assignment.save(update_fields=["state", "closing_reason", "closed_at"])
    audit.record(**_row("conflict_confirmed", row, row.proposal, row.reviewer, by, note=reason.strip()))
    return row


@transaction.atomic
def dismiss_conflict(*, suspicion, reason, by):
    """It is none: she may be asked. The reason stays on record. Raises CannotDecideConflict."""
    row = _to_decide(suspicion, reason, by)
    _settle(row, SuspicionState.DISMISSED, reason, by)
    audit.record(**_row("conflict_dismissed", row, row.proposal, row.reviewer, by, note=reason.strip()))
    return row


def _record_found(suspicions, proposals, people, by):
    names, threads = {each.pk: each for each in people}, {each.pk: each for each in proposals}
    audit.record_many(
        _row("conflict_suspected", row, threads[row.proposal_id], names[row.reviewer_id], by) for row in suspicions
    )


def _to_decide(suspicion, reason, by):
    rows = SuspectedConflict.objects.select_related("proposal__round", "reviewer").select_for_update(of=("self",))
    row = rows.get(pk=suspicion.pk)
    if by is None or by.pk == row.reviewer_id:
        raise CannotDecideConflict(_("Somebody else decides about your own conflicts of interest."))
    if not can_decide_conflict(by, row):
        raise MayNotDecideConflict(_("Only a programme officer to whom the proposal is open decides about this."))
    if row.state != SuspicionState.OPEN:
        raise CannotDecideConflict(_("Somebody has decided about this already."))
    if not reason.strip():
        raise CannotDecideConflict(_("Say why. The reason stays on record."))
    return row


def _settle(row, state, reason, by):
    row.state, row.reason, row.decided_by, row.decided_at = state, reason.strip(), by, timezone.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _is_other(row, sign):
    """Whether it has to be looked at again: it was gone, or what was dismissed is not what is found now."""
    is_other = row.state == SuspicionState.DISMISSED and row.detail != sign.detail
    return is_other or row.state == SuspicionState.GONE


def _mark_gone(rows, proposals, people, by):
    """Suspicions that nobody decided about and whose ground was removed or has ended stay on record as such."""
    gone = [row for row in rows if row.state == SuspicionState.OPEN]
    for row in gone:
        row.state, row.reason, row.decided_at = SuspicionState.GONE, NO_LONGER_FOUND, timezone.now()
    SuspectedConflict.objects.bulk_update(gone, ["state", "reason", "decided_at"], batch_size=200)
    names, threads = {each.pk: each for each in people}, {each.pk: each for each in proposals}
    audit.record_many(_row("conflict_gone", row, threads[row.proposal_id], names[row.reviewer_id], by) for row in gone)


def _closed(proposals, people):
    rows = ProposalAccess.objects.filter(
        proposal__in=[each.pk for each in proposals],
        user__in=[each.pk for each in people],
        level=AccessLevel.CLOSED,
    )
    return set(rows.values_list("proposal_id", "user_id"))


def _at_work(proposals):
    """{round: its proposals}, decided rounds and practice left out."""
    rows = proposals.counted().exclude(round__phase=RoundPhase.DECIDED)
    rounds = FundingRound.objects.in_bulk(set(rows.values_list("round_id", flat=True)))
    found = {round_: [] for round_ in rounds.values()}
    for proposal in rows:
        found[rounds[proposal.round_id]].append(proposal)
    return found


def _row(event, suspicion, proposal, reviewer, by, note=""):
    return {
        "event": event,
        "subject": suspicion,
        "by": by,
        "thread": proposal.thread,
        "round_id": proposal.round_id,
        "after": {"kind": suspicion.kind, "detail": suspicion.detail, "state": suspicion.state},
        "note": note,
        "label": str(reviewer),
    }
