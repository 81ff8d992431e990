"""The decisions of a round: what each proposal comes to, what is recommended and decided, and the sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Exists, OuterRef, Q, Subquery

from checklist.enums import AssessmentKind, AssessmentState, DecisionState, Outcome, ResultKind
from checklist.models import Assignment, Decision, Recommendation, RoundInstrument, SubmittedScore
from proposals.enums import ProposalStatus
from proposals.models import Proposal

from .decisions import has_changed, newest_recommendations, snapshots_of
from .stops import stops_of

FUNDED = (Outcome.FUND, Outcome.FUND_WITH_CONDITIONS)
HELD = (DecisionState.PENDING, DecisionState.APPLIED)


@dataclass(frozen=True)
class Standing:
    """Where one proposal stands: the mean per cent of what ranks, or its mean levels, over `judged` reviewers."""

    share: Decimal | None
    levels: tuple[Decimal | None, ...]
    judged: int
    stops: tuple
    recommendation: Recommendation | None
    pending: Decision | None
    applied: Decision | None

    @property
    def open_stops(self):
        return [stop for stop in self.stops if stop.is_open]

    @property
    def overridden(self):
        return [stop for stop in self.stops if not stop.is_open]

    @property
    def decision(self):
        """What is to hold: the pending decision, else the applied one."""
        return self.pending or self.applied

    @property
    def can_take_one(self):
        """Whether a first decision can be recorded; an applied one is reversed on its own page."""
        return self.decision is None


@dataclass(frozen=True)
class Sums:
    """Money of a round, in its currency. `unknown` counts funded proposals without an amount."""

    granted: Decimal
    pending: Decimal
    reserve: Decimal
    unknown: int
    budget: Decimal | None

    @property
    def together(self):
        return self.granted + self.pending

    @property
    def left(self):
        return None if self.budget is None else self.budget - self.together

    @property
    def is_over(self):
        return self.left is not None and self.left < 0

    @property
    def over_by(self):
        return -self.left if self.is_over else None


def to_decide(user, round_):
    """Proposals of the round on which decisions are open to this person.

    Left out: practice, what was found ineligible or withdrawn, what a conflict closes to her, and what
    she still has to assess herself. The caller has asked `rules.can_see_decisions`.
    """
    owed = Assignment.objects.waiting_for(user).values("proposal_id")
    rows = Proposal.objects.listed_to(user, round_).counted().exclude(pk__in=owed)
    return rows.exclude(status__in=(ProposalStatus.INELIGIBLE, ProposalStatus.WITHDRAWN))


def ranking_pin(round_):
    """The instrument that puts the proposals in order; where none was chosen, the first with a share."""
    pins = list(RoundInstrument.objects.filter(round=round_).select_related("version").order_by("position", "pk"))
    chosen = next((pin for pin in pins if pin.ranks), None)
    return chosen or next((pin for pin in pins if pin.version.result_kind == ResultKind.SHARE), None)


def mean_share(pin):
    """The mean share of the instrument over the reviewers of the proposal in the outer query."""
    scores = SubmittedScore.objects.filter(
        assessment__proposal_id=OuterRef("pk"),
        assessment__kind=AssessmentKind.INDIVIDUAL,
        assessment__state=AssessmentState.SUBMITTED,
        version__instrument_id=pin.version.instrument_id if pin else None,
    )
    return Subquery(scores.order_by().values("assessment__proposal_id").annotate(mean=Avg("share")).values("mean"))


def attach_standings(proposals, round_, pin):
    """Put a Standing on each proposal; a constant number of queries."""
    pks = [proposal.pk for proposal in proposals]
    for proposal in proposals:
        proposal.round = round_
    scores, stops, advice = _scores(pks, pin), stops_of(proposals), newest_recommendations(pks)
    held = {}
    for decision in Decision.objects.filter(proposal__in=pks, state__in=HELD).select_related("by", "replaces"):
        held[decision.proposal_id, decision.state] = decision
    for proposal in proposals:
        share, levels, judged = scores.get(proposal.pk, (None, (), 0))
        proposal.standing = Standing(
            share,
            levels,
            judged,
            stops[proposal.pk],
            advice.get(proposal.pk),
            held.get((proposal.pk, DecisionState.PENDING)),
            held.get((proposal.pk, DecisionState.APPLIED)),
        )
    return proposals


def with_decision(proposals, state, **conditions):
    """Those of the proposals that have a decision in this state."""
    return proposals.filter(Exists(Decision.objects.filter(proposal_id=OuterRef("pk"), state=state, **conditions)))


def without_decision(proposals):
    """Those of the proposals on which nothing is decided, not even pending."""
    return proposals.exclude(Exists(Decision.objects.filter(proposal_id=OuterRef("pk"), state__in=HELD)))


def recommended(proposals, outcome):
    """Those of the proposals whose newest recommendation is this one; "none": without any."""
    newest = Recommendation.objects.filter(proposal_id=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    rows = proposals.annotate(advised=Subquery(newest))
    return rows.filter(advised__isnull=True) if outcome == "none" else rows.filter(advised=outcome)


def sums_of(user, round_):
    """The Sums over the proposals that this person may see. One query."""
    rows = Decision.objects.filter(proposal__in=to_decide(user, round_).values("pk"), state__in=HELD)
    found = list(rows.values_list("state", "outcome", "amount", "proposal_id"))
    # What a pending decision is to replace counts no more.
    waiting = {proposal for state, _outcome, _amount, proposal in found if state == DecisionState.PENDING}
    found = [row for row in found if row[0] == DecisionState.PENDING or row[3] not in waiting]

    def total(outcomes, states=HELD):
        return sum((row[2] or 0 for row in found if row[1] in outcomes and row[0] in states), Decimal(0))

    return Sums(
        granted=total(FUNDED, (DecisionState.APPLIED,)),
        pending=total(FUNDED, (DecisionState.PENDING,)),
        reserve=total((Outcome.RESERVE,)),
        unknown=sum(row[1] in FUNDED and row[2] is None for row in found),
        budget=round_.budget,
    )


def counts_of(user, round_):
    """(not decided, pending, applied) over the proposals that this person may see; three queries."""
    rows = to_decide(user, round_)
    pending = with_decision(rows, DecisionState.PENDING).count()
    return without_decision(rows).count(), pending, with_decision(rows, DecisionState.APPLIED).count()


def pending_in(user, round_):
    """Pending decisions of the round, in the order of the proposals; each says in `changed` whether its basis did."""
    open_to_her = to_decide(user, round_)
    # What was withdrawn or found ineligible since still stands here, because it holds up the others.
    later = (
        Proposal.objects.listed_to(user, round_)
        .counted()
        .filter(status__in=(ProposalStatus.INELIGIBLE, ProposalStatus.WITHDRAWN))
    )
    rows = Decision.objects.filter(
        Q(proposal__in=open_to_her.values("pk")) | Q(proposal__in=later.values("pk")), state=DecisionState.PENDING
    ).select_related("proposal__applicant", "by", "replaces")
    decisions = list(rows.order_by("proposal__reference", "pk"))
    proposals = [decision.proposal for decision in decisions]
    for proposal in proposals:
        proposal.round = round_
    now = snapshots_of(round_, proposals)
    stops = stops_of(proposals)
    for decision in decisions:
        decision.changed = has_changed(decision.snapshot, now[decision.proposal_id])
        decision.stopped = [stop for stop in stops[decision.proposal_id] if stop.is_open and decision.outcome in FUNDED]
    return decisions


def reserve_list(user, round_):
    """Decisions on the reserve list in their order, applied ones first, as far as they are open to her."""
    rows = Decision.objects.filter(
        proposal__in=to_decide(user, round_).values("pk"), outcome=Outcome.RESERVE, state__in=HELD
    ).select_related("proposal__applicant")
    replaced = Decision.objects.filter(state=DecisionState.PENDING, replaces__isnull=False).values("replaces_id")
    return list(rows.exclude(pk__in=replaced).order_by("reserve_order", "pk"))


def decided_words(user, proposal_pks):
    """{proposal id: outcome in words} of applied decisions on what this person assessed herself and may read."""
    readable = Proposal.objects.visible_to(user).filter(pk__in=proposal_pks)
    own = readable.filter(
        assessments__reviewer=user,
        assessments__kind=AssessmentKind.INDIVIDUAL,
        assessments__state=AssessmentState.SUBMITTED,
    )
    rows = Decision.objects.filter(proposal__in=own.values("pk"), state=DecisionState.APPLIED)
    return {row.proposal_id: row.get_outcome_display() for row in rows}


def _scores(pks, pin):
    """{proposal id: (mean share, mean levels, number of reviewers)} of the instrument that ranks."""
    if pin is None:
        return {}
    rows = SubmittedScore.objects.filter(
        assessment__proposal__in=pks,
        assessment__kind=AssessmentKind.INDIVIDUAL,
        assessment__state=AssessmentState.SUBMITTED,
        version__instrument_id=pin.version.instrument_id,
    )
    found = defaultdict(list)
    for proposal_pk, share, marks in rows.values_list("assessment__proposal_id", "share", "marks"):
        found[proposal_pk].append((share, marks))
    return {pk: (*_means(scores), len(scores)) for pk, scores in found.items()}


def _means(scores):
    shares = [share for share, _marks in scores if share is not None]
    mean = sum(shares) / len(shares) if shares else None
    levels = [[int(mark) for mark in marks if mark.isdigit()] for marks in zip(*(m for _s, m in scores), strict=False)]
    shown = tuple(Decimal(sum(each)) / len(each) if each else None for each in levels) if any(levels) else ()
    return mean, shown
