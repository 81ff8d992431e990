"""What waits for the people who run, lead or watch rounds, in a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assignment, ProposalDigest, RoundInstrument
from proposals import rules
from proposals.enums import AccessLevel
from proposals.models import FundingRound, RoleGrant
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
        _count_overdue(works, user, seen, today)
    run = [pk for pk, work in works.items() if work.can_assign and work.sees_assignments]
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
    """Proposals by how far their review has come; one pass over their digests."""
    is_all_in = Q(asked__gt=0, asked=F("submitted"))
    rows = (
        ProposalDigest.objects.filter(round_id__in=pks)
        .exclude(proposal_id__in=_closed_to(user))
        .order_by()
        .values("round_id")
        .annotate(
            total=Count("pk"),
            unassigned=Count("pk", filter=Q(asked=0)),
            ready=Count("pk", filter=is_all_in),
            submitted_total=Sum("submitted"),
            undeclared_total=Sum("undeclared"),
            conflicted_total=Sum("conflicted"),
        )
    )
    for row in rows:
        work = works[row["round_id"]]
        work.total, work.unassigned, work.ready = row["total"], row["unassigned"], row["ready"]
        work.submitted, work.undeclared = row["submitted_total"], row["undeclared_total"]
        work.conflicted = row["conflicted_total"]


def _count_overdue(works, user, pks, today):
    """Assessments that are late, found by the few proposals in which one is."""
    late = ProposalDigest.objects.filter(round_id__in=pks, first_due_on__lt=today).exclude(
        proposal_id__in=_closed_to(user)
    )
    rows = (
        Assignment.objects.filter(proposal_id__in=late.values("pk"), state__in=OPEN_STATES, due_on__lt=today)
        .exclude(assessment__state=AssessmentState.SUBMITTED)
        .order_by()
        .values(round_id=F("proposal__round_id"))
        .annotate(number=Count("pk"))
    )
    for row in rows:
        works[row["round_id"]].overdue = row["number"]


def _find_gaps(works, user, pks):
    """Conflicts and refusals on proposals that now have fewer reviewers than the round wants."""
    gaps = (
        Assignment.objects.filter(
            state__in=(AssignmentState.CONFLICTED, AssignmentState.DECLINED),
            proposal__digest__round_id__in=pks,
            proposal__digest__asked__lt=F("proposal__round__reviewers_wanted"),
        )
        .not_closed_to(user)
        .select_related("proposal", "reviewer")
        .defer("proposal__summary", "proposal__notes", "proposal__search_text")
        .order_by("-pk")[:SHOWN_GAPS]
    )
    for gap in gaps:
        works[gap.proposal.round_id].gaps.append(gap)


def _closed_to(user):
    return user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
