"""Asking reviewers, and what they declare before a proposal opens to them.

Access follows from here: asked -> title, applicant and partners; no conflict declared ->
everything; conflict -> closed; declined, abstained or taken back -> nothing.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment
from checklist.rules import can_prepare_practice, can_withdraw_assignment
from checklist.selectors.assigning import OPEN_STATES, plan_pairs
from checklist.selectors.eligibility import not_assignable
from checklist.selectors.phases import review_refusal
from proposals.actions.access import name_to_reviewers, set_access
from proposals.actions.states import begin_review
from proposals.enums import AccessLevel
from proposals.models import FundingRound, RoleGrant
from proposals.rules import can_assign_reviewers
from screening import audit
from screening.enums import RoundRole

from .assessments import CannotStartAssessment, start_assessment
from .conflicts import find_conflicts
from .holding import hold_round_of
from .telling import tell_assigned, tell_conflict_declared


class CannotAssign(Exception):
    """These reviewers cannot be asked to assess these proposals; the message says why."""


class CannotDeclare(Exception):
    """The declaration cannot be taken; the message says why."""


class CannotDecline(Exception):
    """The reviewer cannot decline; the message says why."""


class CannotAbstain(Exception):
    """The reviewer cannot abstain; the message says why."""


class CannotWithdraw(Exception):
    """The assignment cannot be taken back; the message says why."""


@transaction.atomic
def assign_reviewers(*, round_, proposals, reviewers, due_on, by, ask_again=False, leave_out=frozenset()):
    """Ask every reviewer to assess every proposal and return the assignments made or asked anew.

    Safe to repeat: a pair that is there already is left alone, and so is one with a conflict on
    record or, unless `ask_again`, one that was declined or abstained from. `leave_out` holds further pairs of
    (proposal id, reviewer id). Raises CannotAssign for a proposal of another round or one that is
    not eligible, for somebody who is not a reviewer in this round, and for whoever does not assign here.
    """
    # One at a time per round, so that two officers cannot make the same pair.
    FundingRound.objects.select_for_update().get(pk=round_.pk)
    proposals, reviewers = list(proposals), list(reviewers)
    _check_asker(round_, proposals, by)
    _check_belonging(round_, proposals, reviewers)
    # What speaks against a pair is on record from the moment it could be made.
    find_conflicts(proposals=proposals, people=reviewers, by=by)
    pairs = [
        pair
        for pair in plan_pairs(proposals, reviewers, ask_again=ask_again)
        if pair.is_possible and (pair.proposal.pk, pair.reviewer.pk) not in leave_out
    ]
    assignments = [*_made(pairs, due_on, by), *_asked_anew(pairs, due_on, by)]
    name_to_reviewers(pairs=[(each.proposal_id, each.reviewer_id) for each in assignments])
    asked = {each.proposal_id for each in assignments}
    begin_review(proposals=[proposal for proposal in proposals if proposal.pk in asked], by=by)
    audit.record_many(_asked_row(each, by) for each in assignments)
    tell_assigned(assignments=assignments, by=by)
    return assignments


@transaction.atomic
def declare_no_conflict(*, assignment, by, declaration=""):
    """The reviewer declares that she has no conflict of interest: the proposal opens, her assessment begins.

    Where the assessment cannot begin yet (the round has no instruments) the declaration is kept
    all the same. Raises CannotDeclare when the assignment is not hers or not waiting, and outside the review.
    """
    hold_round_of(assignment)
    assignment = _locked(assignment)
    _check_hers(assignment, by, CannotDeclare)
    if assignment.state != AssignmentState.ASSIGNED:
        raise CannotDeclare(_("You have declared already, or the request was taken back."))
    # A conflict may be declared at any time; the text opens only while it can be assessed.
    if review_refusal(assignment.proposal):
        raise CannotDeclare(review_refusal(assignment.proposal))
    assignment.state = AssignmentState.DECLARED
    assignment.declaration = declaration.strip()
    assignment.declared_at = timezone.now()
    assignment.save(update_fields=["state", "declaration", "declared_at"])
    set_access(proposal_id=assignment.proposal_id, user_id=assignment.reviewer_id, level=AccessLevel.FULL)
    _record("no_conflict_declared", assignment, by, before={"state": "assigned"}, words=assignment.declaration)
    try:
        with transaction.atomic():
            start_assessment(assignment=assignment, by=by)
    except CannotStartAssessment:
        pass
    return assignment


@transaction.atomic
def declare_conflict(*, assignment, declaration, by):
    """The reviewer declares a conflict of interest, in words: the proposal closes to her at once.

    Possible until her assessment is submitted. It stays on record and is never taken back.
    """
    assignment = _locked(assignment)
    _check_hers(assignment, by, CannotDeclare)
    if assignment.state not in OPEN_STATES:
        raise CannotDeclare(_("This request is closed already."))
    if _is_submitted(assignment):
        raise CannotDeclare(
            _("Your assessment is submitted. Ask the programme officer to reopen it; then you can declare a conflict.")
        )
    if not declaration.strip():
        raise CannotDeclare(_("Say in your own words what the conflict of interest is."))
    before = {"state": assignment.state}
    assignment.state = AssignmentState.CONFLICTED
    assignment.declaration = declaration.strip()
    assignment.declared_at = timezone.now()
    assignment.save(update_fields=["state", "declaration", "declared_at"])
    set_access(proposal_id=assignment.proposal_id, user_id=assignment.reviewer_id, level=AccessLevel.CLOSED)
    _record("conflict_declared", assignment, by, before=before, words=assignment.declaration)
    tell_conflict_declared(assignment=assignment)
    return assignment


@transaction.atomic
def decline_assignment(*, assignment, reason, by):
    """The reviewer declines, with a reason. What she declared before is kept."""
    assignment = _locked(assignment)
    _check_hers(assignment, by, CannotDecline)
    if assignment.state not in OPEN_STATES:
        raise CannotDecline(_("This request is closed already."))
    if _is_submitted(assignment):
        raise CannotDecline(_("Your assessment is submitted, so there is nothing left to decline."))
    if not reason.strip():
        raise CannotDecline(_("Say why you decline, so that the programme officer can ask somebody else."))
    _close(assignment, AssignmentState.DECLINED, reason, "assignment_declined", by)
    return assignment


@transaction.atomic
def abstain(*, assignment, reason, by):
    """The reviewer abstains after her declaration, with a reason. Not possible once hers is submitted.

    Her draft stays on record and comes back when she is asked again.
    """
    assignment = _locked(assignment)
    _check_hers(assignment, by, CannotAbstain)
    if assignment.state == AssignmentState.ASSIGNED:
        raise CannotAbstain(_("You have not declared yet. Declare first, or decline."))
    if assignment.state != AssignmentState.DECLARED:
        raise CannotAbstain(_("This request is closed already."))
    if _is_submitted(assignment):
        raise CannotAbstain(
            _("Your assessment is submitted. Ask the programme officer to reopen it; then you can abstain.")
        )
    if not reason.strip():
        raise CannotAbstain(_("Say why you abstain, so that the programme officer can ask somebody else."))
    _close(assignment, AssignmentState.ABSTAINED, reason, "assignment_abstained", by)
    return assignment


@transaction.atomic
def withdraw_assignment(*, assignment, reason, by):
    """Take an assignment back, with a reason. Not possible once the assessment is submitted.

    A draft stays on record and comes back when the same person is asked again. Raises CannotWithdraw, for
    whoever does not assign in the round or has a conflict of interest on the proposal too.
    """
    assignment = _locked(assignment)
    if not can_withdraw_assignment(by, assignment):
        raise CannotWithdraw(
            _("Only a programme officer of the round to whom the proposal is open can take a request back.")
        )
    if assignment.state not in OPEN_STATES:
        raise CannotWithdraw(_("This request is closed already."))
    if _is_submitted(assignment):
        raise CannotWithdraw(_("The assessment is submitted and stays on record. The request cannot be taken back."))
    if not reason.strip():
        raise CannotWithdraw(_("Say why you take the request back; it stays on record."))
    _close(assignment, AssignmentState.WITHDRAWN, reason, "assignment_withdrawn", by)
    return assignment


def _check_asker(round_, proposals, by):
    """By role in the round, of practice also whoever prepares it; nobody asks about what a conflict closes to her."""
    is_practice = all(proposal.is_practice for proposal in proposals)
    may_ask = can_assign_reviewers(by, round_) or (is_practice and can_prepare_practice(by, round_))
    closed = set(
        by.accesses.filter(level=AccessLevel.CLOSED, proposal__round=round_).values_list("proposal_id", flat=True)
    )
    if not may_ask or any(proposal.pk in closed for proposal in proposals):
        raise CannotAssign(_("Only a programme officer of the round to whom the proposals are open asks reviewers."))


def _check_belonging(round_, proposals, reviewers):
    if any(proposal.round_id != round_.pk for proposal in proposals):
        raise CannotAssign(_("One of the proposals belongs to another round."))
    grants = RoleGrant.objects.filter(round=round_, role=RoundRole.REVIEWER, user__is_active=True)
    allowed = set(grants.values_list("user_id", flat=True))
    for reviewer in reviewers:
        if reviewer.pk not in allowed:
            raise CannotAssign(_("%(person)s is not a reviewer in this round.") % {"person": reviewer})
    refused = not_assignable(proposals)
    for proposal in proposals:
        if proposal.pk in refused:
            words = {"proposal": proposal, "reason": refused[proposal.pk]}
            raise CannotAssign(_("%(proposal)s cannot be assigned: it %(reason)s.") % words)


def _made(pairs, due_on, by):
    """New assignments for the pairs that had none."""
    now = timezone.now()
    rows = [
        Assignment(proposal=pair.proposal, reviewer=pair.reviewer, due_on=due_on, assigned_by=by, assigned_at=now)
        for pair in pairs
        if pair.previous is None
    ]
    return Assignment.objects.bulk_create(rows, batch_size=500)


def _asked_anew(pairs, due_on, by):
    """Assignments that were declined, abstained from or taken back, waiting for a declaration again."""
    rows = []
    for pair in pairs:
        row = pair.previous
        if row is None:
            continue
        row.proposal, row.reviewer = pair.proposal, pair.reviewer
        row.state, row.due_on, row.assigned_by, row.assigned_at = AssignmentState.ASSIGNED, due_on, by, timezone.now()
        # What she declared and why it was closed then stands in the audit trail.
        row.declaration, row.declared_at, row.closing_reason, row.closed_at = "", None, "", None
        rows.append(row)
    fields = [
        "state",
        "due_on",
        "assigned_by",
        "assigned_at",
        "declaration",
        "declared_at",
        "closing_reason",
        "closed_at",
    ]
    Assignment.objects.bulk_update(rows, fields, batch_size=200)
    return rows


def _asked_row(assignment, by):
    return {
        "event": "reviewer_assigned",
        "subject": assignment,
        "by": by,
        "thread": assignment.proposal.thread,
        "round_id": assignment.proposal.round_id,
        "after": {"due_on": assignment.due_on.isoformat() if assignment.due_on else None},
        "label": str(assignment.reviewer),
    }


def _close(assignment, state, reason, event, by):
    before = {"state": assignment.state}
    assignment.state = state
    assignment.closing_reason = reason.strip()
    assignment.closed_at = timezone.now()
    assignment.save(update_fields=["state", "closing_reason", "closed_at"])
    set_access(proposal_id=assignment.proposal_id, user_id=assignment.reviewer_id, level=None)
    _record(event, assignment, by, before=before, words=assignment.closing_reason)


def _record(event, assignment, by, *, before, words):
    audit.record(
        event,
        assignment,
        by=by,
        thread=assignment.proposal.thread,
        round_id=assignment.proposal.round_id,
        before=before,
        after={"state": assignment.state},
        note=words,
        label=str(assignment.reviewer),
    )


def _locked(assignment):
    """The assignment as it is now, kept from others until the end of the transaction."""
    rows = Assignment.objects.select_related("proposal__round", "reviewer").select_for_update(of=("self",))
    return rows.get(pk=assignment.pk)


def _check_hers(assignment, by, refusal):
    if by is None or assignment.reviewer_id != by.pk:
        raise refusal(_("Only the reviewer herself can do this."))


def _is_submitted(assignment):
    return Assessment.objects.filter(assignment=assignment, state=AssessmentState.SUBMITTED).exists()
