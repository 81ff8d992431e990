"""What reviewers still owe, and by when."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from checklist.enums import AssessmentState
from checklist.models import Assignment
from proposals import phases
from proposals.enums import AccessLevel, RoundPhase
from proposals.models import PhaseWindow, ProposalAccess

from .assigning import OPEN_STATES
from .eligibility import STOPPED

# Who is asked today for something due later than this need not be thought of yet.
HORIZON = timedelta(days=7)


def assessments_due(today):
    """[(assignment, day)] of all that is owed and due within the horizon or overdue, in three queries.

    Due is it on the day of the assignment, else of the round, else when the review closes. Left out: practice,
    what is closed to the reviewer or not assessed any more, people who cannot sign in, rounds that are decided
    and those whose dates keep the review closed today.
    """
    owed = list(_owed().filter(Q(due_on__isnull=True) | Q(due_on__lte=today + HORIZON)))
    windows = {}
    for window in PhaseWindow.objects.filter(round__in={each.proposal.round_id for each in owed}):
        windows.setdefault(window.round_id, []).append(window)
    found = []
    for assignment in owed:
        round_ = assignment.proposal.round
        dates = windows.get(round_.pk, []) if round_.follows_dates else []
        day = assignment.due_on or round_.review_due_on or _closing(dates)
        if day and day <= today + HORIZON and phases.opening(dates, RoundPhase.REVIEW, today).is_open:
            found.append((assignment, day))
    return found


def _owed():
    closed = ProposalAccess.objects.filter(
        proposal_id=OuterRef("proposal_id"), user_id=OuterRef("reviewer_id"), level=AccessLevel.CLOSED
    )
    return (
        Assignment.objects.filter(state__in=OPEN_STATES, reviewer__is_active=True, proposal__is_practice=False)
        .exclude(assessment__state=AssessmentState.SUBMITTED)
        .exclude(proposal__status__in=STOPPED)
        .exclude(proposal__round__phase=RoundPhase.DECIDED)
        .exclude(Exists(closed))
        .select_related("reviewer", "proposal__round")
        .defer("proposal__summary", "proposal__notes", "proposal__search_text")
        .order_by("pk")
    )


def _closing(windows):
    """The last day of the review; None without one."""
    return next((window.ends_on for window in windows if window.phase == RoundPhase.REVIEW), None)
