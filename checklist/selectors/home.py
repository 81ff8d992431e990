"""What waits for the people who run, lead or watch rounds, in a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assignment, RoundInstrument
from proposals import rules
from proposals.models import FundingRound, Proposal, RoleGrant
from screening.enums import RoundRole

from .assigning import OPEN_STATES

SHOWN_ROUNDS = 20
SHOWN_GAPS = 10


@dataclass
class RoundWork:
    """One round as its people see it on their home page; figures are None where she may not see them."""

    round: FundingRound
    can_assign: bool = False
    can_import: bool = False
    can_change: bool = False
    sees_proposals: bool = False
    sees_assignments: bool = False
    total: int = 0
    unassigned: int = 0
    ready: int = 0
    submitted: int = 0
    undeclared: int = 0
    overdue: int = 0
    conflicted: int = 0
    has_instruments: bool = True
    has_officer: bool = True
    reviewers: int = 0
    gaps: list = field(default_factory=list)


def rounds_at_work(user, *, today):
    """The rounds the user may see beyond her own reviews, newest first, with what waits in them."""
    rounds = _with_readiness(FundingRound.objects.visible_to(user)).order_by("-created_at", "pk")[:SHOWN_ROUNDS]
    works = {round_.pk: _rights(user, round_) for round_ in rounds}
    works = {pk: work for pk, work in works.items() if work.sees_proposals or work.can_change}
    seen = [pk for pk, work in works.items() if work.sees_proposals]
    if seen:
        _count_proposals(works, user, seen)
        _count_assignments(works, user, seen, today)
    run = [pk for pk, work in works.items() if work.can_assign]
    if run:
        _find_gaps(works, user, run)
    return list(works.values())


def _with_readiness(rounds):
    """Each round with what has to be there before anybody can judge in it."""
    grants = RoleGrant.objects.filter(round_id=OuterRef("pk"))
    return rounds.annotate(
        is_pinned=Exists(RoundInstrument.objects.filter(round_id=OuterRef("pk"))),
        is_run=Exists(grants.filter(role=RoundRole.PROGRAMME_OFFICER)),
        reviewer_count=Count("grants", filter=Q(grants__role=RoundRole.REVIEWER)),
    )


def _rights(user, round_):
    return RoundWork(
        round=round_,
        has_instruments=round_.is_pinned,
        has_officer=round_.is_run,
        reviewers=round_.reviewer_count,
        can_assign=rules.can_assign_reviewers(user, round_),
        can_import=rules.can_import_proposals(user, round_),
        can_change=rules.can_change_round(user, round_),
        sees_proposals=rules.can_see_proposals(user, round_),
        sees_assignments=rules.can_see_assignments(user, round_),
    )


def _count_proposals(works, user, pks):
    rows = Proposal.objects.visible_to(user).filter(round_id__in=pks).order_by().values("round_id")
    for row in rows.annotate(total=Count("pk")):
        works[row["round_id"]].total = row["total"]


def _count_assignments(works, user, pks, today):
    """One pass over the assignments; proposals are counted by what their assignments say."""
    is_open = Q(state__in=OPEN_STATES)
    is_in = Q(assessment__state=AssessmentState.SUBMITTED)
    is_out = is_open & (Q(assessment__isnull=True) | ~is_in)
    rows = (
        Assignment.objects.filter(proposal__round_id__in=pks)
        .not_closed_to(user)
        .order_by()
        .values(round_id=F("proposal__round_id"))
        .annotate(
            submitted=Count("pk", filter=is_in),
            undeclared=Count("pk", filter=Q(state=AssignmentState.ASSIGNED)),
            conflicted=Count("pk", filter=Q(state=AssignmentState.CONFLICTED)),
            overdue=Count("pk", filter=is_out & Q(due_on__lt=today)),
            asked_proposals=Count("proposal_id", filter=is_open, distinct=True),
            open_proposals=Count("proposal_id", filter=is_out, distinct=True),
        )
    )
    for work in works.values():
        work.unassigned = work.total
    for row in rows:
        work = works[row["round_id"]]
        work.submitted, work.undeclared, work.overdue = row["submitted"], row["undeclared"], row["overdue"]
        work.conflicted = row["conflicted"]
        work.unassigned = work.total - row["asked_proposals"]
        work.ready = row["asked_proposals"] - row["open_proposals"]


def _find_gaps(works, user, pks):
    """Conflicts and refusals on proposals that now have fewer reviewers than the round wants."""
    asked = (
        Assignment.objects.filter(proposal_id=OuterRef("proposal_id"), state__in=OPEN_STATES)
        .order_by()
        .values("proposal_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    gaps = (
        Assignment.objects.visible_to(user)
        .not_closed_to(user)
        .filter(proposal__round_id__in=pks, state__in=(AssignmentState.CONFLICTED, AssignmentState.DECLINED))
        .annotate(asked_count=Coalesce(Subquery(asked, output_field=IntegerField()), 0))
        .filter(asked_count__lt=F("proposal__round__reviewers_wanted"))
        .select_related("proposal", "reviewer")
        .order_by("-pk")[:SHOWN_GAPS]
    )
    for gap in gaps:
        works[gap.proposal.round_id].gaps.append(gap)
