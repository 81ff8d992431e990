"""Reads that span a whole round."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from checklist.enums import AssignmentState
from checklist.models import Assessment, Assignment
from proposals import rules
from proposals.models import Proposal

from .eligibility import STOPPED


@dataclass(frozen=True)
class Overview:
    """A round in figures. Counts only what the person may know of; None where she may not."""

    proposals: int | None
    without_reviewer: int | None
    reviewers: int
    assigned: int | None
    declared: int | None
    conflicted: int | None
    declined: int | None
    abstained: int | None
    submitted: int | None


def overview(round_, user):
    """The figures of a round, practice left out, in four queries."""
    reviewers = round_.grants.filter(role="reviewer").count()
    if not rules.can_see_proposals(user, round_):
        return Overview(None, None, reviewers, None, None, None, None, None, None)
    active = Assignment.objects.filter(
        proposal_id=OuterRef("pk"), state__in=(AssignmentState.ASSIGNED, AssignmentState.DECLARED)
    )
    proposals = Proposal.objects.visible_to(user).counted().filter(round=round_)
    looked_for = ~Q(status__in=STOPPED)
    counts = proposals.aggregate(total=Count("pk"), without=Count("pk", filter=looked_for & ~Exists(active)))
    states = (
        Assignment.objects.visible_to(user)
        .counted()
        .filter(proposal__round=round_)
        .aggregate(**{state: Count("pk", filter=Q(state=state)) for state in AssignmentState.values})
    )
    submitted = Assessment.objects.individual().submitted().filter(proposal__in=proposals.values("pk")).count()
    return Overview(
        counts["total"],
        counts["without"],
        reviewers,
        states["assigned"],
        states["declared"],
        states["conflicted"],
        states["declined"],
        states["abstained"],
        submitted,
    )
