"""Who is found eligible, who is not and why, and what is still to be checked."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from checklist.enums import CheckOutcome
from checklist.models import EligibilityCheck, EligibilityResult
from proposals.enums import ProposalStatus
from proposals.models import Proposal

ELIGIBLE, INELIGIBLE, OPEN = "eligible", "ineligible", "open"
# Nobody is to review these any more, or ever.
STOPPED = (ProposalStatus.INELIGIBLE, ProposalStatus.WITHDRAWN)


@dataclass(frozen=True)
class CheckState:
    """What is on record of one condition for one proposal; `outcome` is "" while it is open."""

    check: EligibilityCheck
    outcome: str = ""
    reason: str = ""

    @property
    def tag(self):
        """(words, kind of tag)"""
        return {
            CheckOutcome.PASSED: (_("Passed"), "good"),
            CheckOutcome.FAILED: (_("Failed"), "bad"),
        }.get(self.outcome, (_("Open"), ""))


@dataclass(frozen=True)
class Counts:
    """How many proposals of a round are eligible, are not, or are still to be checked."""

    eligible: int
    ineligible: int
    open: int

    @property
    def total(self):
        return self.eligible + self.ineligible + self.open


def checks_of(round_):
    """The conditions of the round in their order."""
    return list(round_.eligibility_checks.order_by("position", "pk"))


def with_eligibility(proposals, round_):
    """The proposals of the round with `is_failed` (a condition failed) and `is_missing` (one is still open)."""
    own = EligibilityResult.objects.filter(proposal_id=OuterRef("pk"))
    checks = EligibilityCheck.objects.filter(round=round_)
    # The inner query names the proposal two levels up.
    done = EligibilityResult.objects.filter(check_made_id=OuterRef("pk"), proposal_id=OuterRef(OuterRef("pk")))
    unanswered = checks.filter(~Exists(done))
    return proposals.annotate(is_failed=Exists(own.filter(outcome=CheckOutcome.FAILED)), is_missing=Exists(unanswered))


def in_eligibility(proposals, round_, state):
    """Those of the proposals that are eligible, ineligible or open."""
    rows = with_eligibility(proposals, round_)
    if state == INELIGIBLE:
        return rows.filter(Q(is_failed=True) | Q(status=ProposalStatus.INELIGIBLE))
    rows = rows.filter(is_failed=False).exclude(status=ProposalStatus.INELIGIBLE)
    return rows.filter(is_missing=state == OPEN)


def counts_of(proposals, round_):
    """Counts of these proposals of the round; one query."""
    failed = Q(is_failed=True) | Q(status=ProposalStatus.INELIGIBLE)
    found = with_eligibility(proposals, round_).aggregate(
        ineligible=Count("pk", filter=failed),
        eligible=Count("pk", filter=~failed & Q(is_missing=False)),
        open=Count("pk", filter=~failed & Q(is_missing=True)),
    )
    return Counts(**found)


def attach_checks(proposals, checks):
    """Put `checks` on each proposal: its CheckStates in the order of the conditions. One query."""
    rows = EligibilityResult.objects.filter(proposal__in=[proposal.pk for proposal in proposals])
    found = {(row.proposal_id, row.check_made_id): row for row in rows}
    for proposal in proposals:
        proposal.checks = [_state(check, found.get((proposal.pk, check.pk))) for check in checks]
        proposal.eligibility = _verdict(proposal)
        proposal.eligibility_tag = verdict_tag(proposal.eligibility)
    return proposals


def verdict_tag(state):
    """(words, kind of tag) of a state."""
    return {
        ELIGIBLE: (_("Eligible"), "good"),
        INELIGIBLE: (_("Not eligible"), "bad"),
        OPEN: (_("To be checked"), "open"),
    }[state]


def left_out_in(round_, user):
    """Proposals found not eligible or withdrawn, which stand in no ranking, agreement or decision. One query."""
    rows = Proposal.objects.listed_to(user, round_).counted().filter(status__in=STOPPED)
    return list(rows.only("reference", "title", "status", "round_id").order_by("reference", "pk"))


def found_ineligible(round_, user):
    """Proposals that failed a condition, as on the page of eligibility, with `checks` and `checked_at`. Three queries.

    `checked_at` is the time of the newest result, or None.
    """
    rows = in_eligibility(proposals_to_check(Proposal.objects.listed_to(user, round_)), round_, INELIGIBLE)
    rows = rows.annotate(checked_at=Max("eligibility_results__at")).select_related("applicant")
    return attach_checks(list(rows.order_by("reference", "pk")), checks_of(round_))


def not_looked_for():
    """Proposals for which no reviewers are looked for: stopped ones, and those for practice."""
    return Proposal.objects.filter(Q(status__in=STOPPED) | Q(is_practice=True))


def not_assignable(proposals):
    """{proposal id: why nobody may be asked to assess it}, for those of which this is so. Two queries.

    Left out: what was found ineligible, what is withdrawn, and, in a round with conditions, what
    has not passed them all. Practice is always open.
    """
    proposals = [proposal for proposal in proposals if not proposal.is_practice]
    rounds = {proposal.round_id for proposal in proposals}
    wanted = {}
    for round_pk in EligibilityCheck.objects.filter(round__in=rounds).values_list("round_id", flat=True):
        wanted[round_pk] = wanted.get(round_pk, 0) + 1
    passed = _passed_counts(proposals) if wanted else {}
    refused = {}
    for proposal in proposals:
        if proposal.status == ProposalStatus.INELIGIBLE:
            refused[proposal.pk] = _("was found not eligible")
        elif proposal.status == ProposalStatus.WITHDRAWN:
            refused[proposal.pk] = _("was withdrawn by the applicant")
        elif passed.get(proposal.pk, 0) < wanted.get(proposal.round_id, 0):
            refused[proposal.pk] = _("has not passed all eligibility checks yet")
    return refused


def _passed_counts(proposals):
    pks = [proposal.pk for proposal in proposals]
    counted = {}
    for start in range(0, len(pks), 500):
        rows = EligibilityResult.objects.filter(
            proposal__in=pks[start : start + 500], outcome=CheckOutcome.PASSED
        ).values_list("proposal_id")
        counted.update(rows.annotate(count=Count("pk")).order_by())
    return counted


def reasons_of(proposal):
    """(condition, reason) of every condition the proposal failed, fit for its applicant to read."""
    rows = proposal.eligibility_results.filter(outcome=CheckOutcome.FAILED).select_related("check_made")
    return [(row.check_made.wording, row.reason) for row in rows.order_by("check_made__position", "pk")]


def _state(check, row):
    return CheckState(check, str(row.outcome), row.reason) if row else CheckState(check)


def _verdict(proposal):
    outcomes = [each.outcome for each in proposal.checks]
    if proposal.status == ProposalStatus.INELIGIBLE or CheckOutcome.FAILED in outcomes:
        return INELIGIBLE
    return OPEN if "" in outcomes else ELIGIBLE


def proposals_to_check(proposals):
    """Those of the proposals that have an eligibility: not practice, not withdrawn."""
    return proposals.counted().exclude(status=ProposalStatus.WITHDRAWN)
