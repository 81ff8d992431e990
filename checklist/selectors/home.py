"""What waits for the people who run, lead or watch rounds, in a constant number of queries."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum

from checklist.enums import AssessmentState, AssignmentState, SuspicionState
from checklist.models import Assignment, ProposalDigest, RoundInstrument, SuspectedConflict
from checklist.stands import stand_of
from proposals import rules
from proposals.enums import AccessLevel, ProposalStatus
from proposals.models import FundingRound, Proposal, RoleGrant
from proposals.selectors import rounds_seen_by
from screening.enums import RoundRole
from screening.statements import KeptQuery, somebody

from .assigning import OPEN_STATES
from .eligibility import not_looked_for
from .further import differences, with_reviewers
from .home_decisions import pending_decisions, stopped_proposals

SHOWN_ROUNDS = 20
SHOWN_GAPS = 10


@dataclass
class RoundWork:
    """One round as its people see it on their home page; figures are None where she may not see them."""

    round: FundingRound
    can_assign: bool = False
    can_import: bool = False
    can_change: bool = False
    leads_panel: bool = False
    decides_conflicts: bool = False
    decides: bool = False
    can_remind: bool = False
    overrides_stops: bool = False
    sees_proposals: bool = False
    sees_assignments: bool = False
    total: int = 0
    unassigned: int = 0
    ready: int = 0
    submitted: int = 0
    undeclared: int = 0
    overdue: int = 0
    conflicted: int = 0
    # Possible conflicts of interest that wait for her decision.
    suspected: int = 0
    # Proposals the panel can compare and has recommended nothing on; counted for who leads it.
    for_panel: int = 0
    # Decisions that are made and not applied; proposals to be funded that something stops. For who can act on them.
    to_apply: int = 0
    stopped: int = 0
    has_instruments: bool = True
    has_officer: bool = True
    reviewers: int = 0
    # Whether a proposal has fewer reviewers than the round wants; the first day an assessment is due.
    is_short: bool = False
    first_due_on: date | None = None
    gaps: list = field(default_factory=list)
    # Proposals on which two reviewers differ by more than the round allows.
    further: list = field(default_factory=list)

    @property
    def is_blocked(self):
        """Whether something is missing without which nobody can judge, and it is hers to mend."""
        return self.can_change and not (self.has_instruments and self.has_officer and self.reviewers)

    @property
    def pressing(self):
        """For sorting, the most pressing first: overdue, blocked, refused or in conflict, asked of her, to be begun."""
        blocked = self.is_blocked or self.suspected
        hers = self.stopped or self.to_apply or self.for_panel
        asked = (self.can_assign and self.overdue, blocked, self.gaps, hers, self.further)
        begun = self.can_assign and self.unassigned or self.can_import and not self.total
        return next((place for place, waits in enumerate((*asked, begun)) if waits), len(asked) + 1)

    @property
    def waits(self):
        """Whether anything stands under "Needs your attention"."""
        asked = self.can_assign and (self.overdue or self.unassigned) or self.can_import and not self.total
        hers = self.suspected or self.gaps or self.stopped or self.to_apply or self.for_panel
        return bool(asked or self.is_blocked or hers)


def rounds_at_work(user, *, today):
    """The rounds the user may see beyond her own reviews, with what waits in them.

    The most pressing first; of the same kind the newest.
    """
    rounds = rounds_seen_by(user)[:SHOWN_ROUNDS]
    ready = {pk: row for pk, *row in _READINESS([round_.pk for round_ in rounds])}
    works = {round_.pk: _rights(user, round_, *ready[round_.pk]) for round_ in rounds}
    works = {pk: work for pk, work in works.items() if work.sees_proposals or work.can_change}
    _count_proposals(works, user, [pk for pk, work in works.items() if work.sees_proposals])
    late = [pk for pk, work in works.items() if work.first_due_on and work.first_due_on < today]
    if late:
        _count_overdue(works, user, late, today)
    short = [pk for pk, work in works.items() if work.can_assign and work.sees_assignments and work.is_short]
    if short:
        _find_gaps(works, user, short, today)
    led = [pk for pk, work in works.items() if work.leads_panel and work.ready]
    if led:
        _count_for_panel(works, user, led)
    _count_decisions(works, user)
    decided_by_her = [pk for pk, work in works.items() if work.decides_conflicts]
    if decided_by_her:
        _count_suspected(works, user, decided_by_her)
    judged = [work.round for work in works.values() if work.can_assign and work.submitted > 1]
    if judged:
        _find_differences(works, user, judged)
    return sorted(works.values(), key=lambda work: work.pressing)


def _find_differences(works, user, rounds):
    """Where to ask a third; whom is worked out for the newest of the rounds only, so that home stays quick."""
    found = differences(rounds, user)
    for place, (round_pk, rows) in enumerate(sorted(found.items(), reverse=True)):
        shown = rows[:SHOWN_GAPS]
        works[round_pk].further = shown if place else with_reviewers(works[round_pk].round, user, shown)


def _readiness(pks):
    """(round id, has instruments, has an officer, reviewers): what has to be there before anybody can judge."""
    grants = RoleGrant.objects.filter(round_id=OuterRef("pk"))
    return (
        FundingRound.objects.filter(pk__in=pks)
        .annotate(
            is_pinned=Exists(RoundInstrument.objects.filter(round_id=OuterRef("pk"))),
            is_run=Exists(grants.filter(role=RoundRole.PROGRAMME_OFFICER)),
            reviewer_count=Count("grants", filter=Q(grants__role=RoundRole.REVIEWER)),
        )
        .values_list("pk", "is_pinned", "is_run", "reviewer_count")
    )


_READINESS = KeptQuery(_readiness)


def _rights(user, round_, is_pinned, is_run, reviewer_count):
    return RoundWork(
        round=round_,
        has_instruments=bool(is_pinned),
        has_officer=bool(is_run),
        reviewers=reviewer_count,
        can_assign=rules.can_assign_reviewers(user, round_),
        can_import=rules.can_import_proposals(user, round_),
        can_change=rules.can_change_round(user, round_),
        leads_panel=rules.may(user, round_, "lead_panel"),
        decides=rules.may(user, round_, "decide"),
        can_remind=rules.may(user, round_, "send_messages"),
        overrides_stops=rules.may(user, round_, "override_stop"),
        decides_conflicts=rules.may(user, round_, "decide_conflicts"),
        sees_proposals=rules.can_see_proposals(user, round_),
        sees_assignments=rules.can_see_assignments(user, round_),
    )


def _count_proposals(works, user, pks):
    """Proposals by how far their review has come, practice left out; one pass over their digests."""
    for round_pk, total, unassigned, ready, submitted, undeclared, conflicted, fewest, due_on in _COUNTS(user.pk, pks):
        work = works[round_pk]
        work.total, work.unassigned, work.ready = total, unassigned, ready
        work.submitted, work.undeclared, work.conflicted = submitted, undeclared, conflicted
        work.is_short = fewest is not None and fewest < work.round.reviewers_wanted
        work.first_due_on = due_on


def _counts(user_pk, pks):
    looked_for = ~Q(proposal_id__in=not_looked_for().filter(round_id__in=pks).values("pk"))
    return (
        ProposalDigest.objects.filter(round_id__in=pks)
        .exclude(proposal_id__in=_closed_to(somebody(user_pk)))
        .exclude(proposal_id__in=_practice(pks))
        .order_by()
        .values("round_id")
        .annotate(
            total=Count("pk"),
            unassigned=Count("pk", filter=Q(asked=0) & looked_for),
            ready=Count("pk", filter=Q(asked__gt=0, asked=F("submitted"))),
            submitted_total=Sum("submitted"),
            undeclared_total=Sum("undeclared"),
            conflicted_total=Sum("conflicted"),
            # None where nobody is looked for at all.
            fewest=Min("asked", filter=looked_for),
            due_on=Min("first_due_on"),
        )
        .values_list(
            "round_id",
            "total",
            "unassigned",
            "ready",
            "submitted_total",
            "undeclared_total",
            "conflicted_total",
            "fewest",
            "due_on",
        )
    )


_COUNTS = KeptQuery(_counts)


def _count_overdue(works, user, pks, today):
    """Assessments that are late, found by the few proposals in which one is."""
    late = ProposalDigest.objects.filter(round_id__in=pks, first_due_on__lt=today).exclude(
        proposal_id__in=_closed_to(user)
    )
    late = late.exclude(proposal_id__in=_practice(pks))
    rows = (
        Assignment.objects.filter(proposal_id__in=late.values("pk"), state__in=OPEN_STATES, due_on__lt=today)
        .exclude(assessment__state=AssessmentState.SUBMITTED)
        .order_by()
        .values(round_id=F("proposal__round_id"))
        .annotate(number=Count("pk"))
    )
    for row in rows:
        works[row["round_id"]].overdue = row["number"]


def _count_for_panel(works, user, pks):
    """Proposals in review whose assessments are all in, at least two, and on which nothing is recommended."""
    rows = (
        ProposalDigest.objects.filter(round_id__in=pks, asked__gt=1, asked=F("submitted"))
        .filter(proposal__is_practice=False, proposal__status=ProposalStatus.IN_REVIEW)
        .filter(proposal__recommendations__isnull=True)
        .exclude(proposal_id__in=_closed_to(user))
        .order_by()
        .values("round_id")
        .annotate(number=Count("pk"))
    )
    for row in rows:
        works[row["round_id"]].for_panel = row["number"]


def _count_decisions(works, user):
    """What was decided and waits to be applied, and what cannot be funded before the chair lets it go on."""
    applied_by_her = [pk for pk, work in works.items() if work.decides and work.total]
    for pk, number in pending_decisions(user, applied_by_her).items():
        works[pk].to_apply = number
    overridden_by_her = [pk for pk, work in works.items() if work.overrides_stops and work.submitted]
    for pk, number in stopped_proposals(user, overridden_by_her).items():
        works[pk].stopped = number


def _count_suspected(works, user, pks):
    """Possible conflicts that are open, but for her own and those on proposals closed to her."""
    rows = (
        SuspectedConflict.objects.filter(proposal__round_id__in=pks, state=SuspicionState.OPEN)
        .exclude(reviewer=user)
        .exclude(proposal_id__in=_closed_to(user))
        .order_by()
        .values(round_id=F("proposal__round_id"))
        .annotate(number=Count("pk"))
    )
    for row in rows:
        works[row["round_id"]].suspected = row["number"]


def _find_gaps(works, user, pks, today):
    """Conflicts, refusals and abstentions on proposals that now have fewer reviewers than the round wants."""
    gaps = (
        Assignment.objects.filter(
            state__in=(AssignmentState.CONFLICTED, AssignmentState.DECLINED, AssignmentState.ABSTAINED),
            proposal__digest__round_id__in=pks,
            proposal__digest__asked__lt=F("proposal__round__reviewers_wanted"),
        )
        .counted()
        .not_closed_to(user)
        .select_related("proposal", "reviewer")
        .defer("proposal__summary", "proposal__notes", "proposal__search_text")
        .order_by("-pk")[:SHOWN_GAPS]
    )
    for gap in gaps:
        gap.stand = stand_of(gap, today)
        works[gap.proposal.round_id].gaps.append(gap)


def _practice(pks):
    return Proposal.objects.filter(round_id__in=pks, is_practice=True).values("pk")


def _closed_to(user):
    return user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
