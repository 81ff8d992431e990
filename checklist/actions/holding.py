"""Whether an assessment takes answers, and holding it while they are written."""

from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState
from checklist.models import Assessment
from checklist.rules import can_write_consensus, can_write_reference
from checklist.selectors.phases import dates_refusal
from proposals.models import FundingRound


class AssessmentClosed(Exception):
    """The assessment takes no answers (any more); the message says why."""


def refusal_of(assessment):
    """Why an assessment takes no answers, as a sentence; "" when it does."""
    if assessment.kind == AssessmentKind.CONSENSUS:
        return _("The consensus is closed. The chair can reopen it with a reason.") if assessment.is_submitted else ""
    if assessment.kind == AssessmentKind.REFERENCE:
        return _("The reference is published. It can be reopened with a reason.") if assessment.is_submitted else ""
    if assessment.is_submitted:
        return _("This assessment is submitted and locked. The programme officer can reopen it with a reason.")
    state = assessment.assignment.state
    if state == AssignmentState.ASSIGNED:
        return _("Declare first whether you have a conflict of interest.")
    if state == AssignmentState.WITHDRAWN:
        return _("The programme officer took this assignment back. What you had saved is kept, but cannot be changed.")
    if state == AssignmentState.DECLINED:
        return _("You declined this assignment. What you had saved is kept, but cannot be changed.")
    if state == AssignmentState.ABSTAINED:
        return _("You abstained on this proposal. What you had saved is kept, but cannot be changed.")
    if state == AssignmentState.CONFLICTED:
        return _("A conflict of interest closes this proposal to you.")
    return dates_refusal(assessment)


def hold_open(assessment, by):
    """The assessment as it is now, locked for this transaction; refused when it is closed to `by`."""
    held = hold(assessment)
    refusal = refusal_of(held)
    if refusal:
        raise AssessmentClosed(refusal)
    if held.kind == AssessmentKind.CONSENSUS:
        if not can_write_consensus(by, held.proposal):
            raise AssessmentClosed(_("Only somebody who leads the panel can write its consensus."))
    elif held.kind == AssessmentKind.REFERENCE:
        if not can_write_reference(by, held.proposal):
            raise AssessmentClosed(_("Only somebody who prepares practice can write its reference."))
    elif held.reviewer_id != by.pk:
        raise AssessmentClosed(_("Only the reviewer herself can answer."))
    return held


def hold_round_of(assignment):
    """Lock the round of an assignment for this transaction, before the assignment itself is locked."""
    FundingRound.objects.select_for_update().get(proposals=assignment.proposal_id)


def hold(assessment):
    """The assessment as it is now, with all that its permissions look at, locked for this transaction."""
    rows = Assessment.objects.select_related("assignment", "proposal__round", "reviewer")
    return rows.select_for_update(of=("self",)).get(pk=assessment.pk)


def hold_answers(assessment, by, *, last_criterion_pk=None):
    """The same for saving answers, which is done often: one query where nothing is in the way.

    Notes the time, and the place where she was.
    """
    noted = {"saved_at": timezone.now()}
    if last_criterion_pk is not None:
        noted["last_criterion_id"] = last_criterion_pk
    if assessment.kind == AssessmentKind.REFERENCE:
        hold_open(assessment, by)
        Assessment.objects.filter(pk=assessment.pk).update(**noted)
        return
    closed = dates_refusal(assessment)
    if closed:
        raise AssessmentClosed(closed)
    held = Assessment.objects.filter(
        pk=assessment.pk,
        reviewer_id=by.pk,
        state=AssessmentState.DRAFT,
        assignment__state=AssignmentState.DECLARED,
    ).update(**noted)
    if not held:
        now = Assessment.objects.select_related("assignment", "proposal__round").get(pk=assessment.pk)
        raise AssessmentClosed(refusal_of(now) or _("Only the reviewer herself can answer."))
