"""Where two reviewers differ so much that a third should be asked."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from checklist.enums import ResultKind
from checklist.models import Assessment, RoundInstrument, RoundRules, SubmittedScore
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from screening.models import User

from .eligibility import STOPPED
from .plans import next_reviewers

STILL_OPEN = (ProposalStatus.RECEIVED, ProposalStatus.IN_REVIEW)
DEFAULT_LIMIT = RoundRules._meta.get_field("difference_limit").default


@dataclass
class Difference:
    """A proposal with two results that lie further apart than the round allows, in percent of the higher.

    `reviewer` is who could be asked next, or None where nobody can; `words` say why she.
    """

    proposal: Proposal
    lower: Decimal
    higher: Decimal
    limit: int
    reviewer: User | None = None
    words: str = ""


def differs(lower, higher, limit):
    """Whether two results lie more than `limit` percent of the higher apart."""
    return higher > 0 and (higher - lower) * 100 > limit * higher


def differences(rounds, user):
    """{round id: [Difference]} in the order of reference; three queries, whatever the rounds hold.

    Compared are the two submitted assessments of a proposal on which nobody else is asked, by the
    instrument that ranks, or the first with a share. With three results or more it is for the panel. What is
    decided, or out of the round, asks for nobody any more.
    """
    rounds = {round_.pk: round_ for round_ in rounds}
    instruments = _instruments(rounds)
    limits = dict(RoundRules.objects.filter(round__in=rounds).values_list("round_id", "difference_limit"))
    rows = (
        SubmittedScore.objects.filter(
            assessment__in=Assessment.objects.visible_to(user).submitted().individual().values("pk"),
            assessment__proposal__digest__round_id__in=list(rounds),
            assessment__proposal__digest__asked=2,
            assessment__proposal__digest__submitted=2,
            assessment__proposal__is_practice=False,
            assessment__proposal__status__in=STILL_OPEN,
            share__isnull=False,
        )
        .exclude(assessment__proposal__status__in=STOPPED)
        .select_related("assessment__proposal", "version")
        .defer("assessment__proposal__summary", "assessment__proposal__notes", "assessment__proposal__search_text")
        .order_by("assessment__proposal__reference", "pk")
    )
    shares, proposals = defaultdict(list), {}
    for row in rows:
        proposal = row.assessment.proposal
        if row.version.instrument_id == instruments.get(proposal.round_id):
            proposals[proposal.pk] = proposal
            shares[proposal.pk, row.version_id].append(row.share)
    found = defaultdict(list)
    for (pk, _version), values in shares.items():
        limit = limits.get(proposals[pk].round_id, DEFAULT_LIMIT)
        if len(values) == 2 and differs(min(values), max(values), limit):
            found[proposals[pk].round_id].append(Difference(proposals[pk], min(values), max(values), limit))
    return found


def with_reviewers(round_, user, found):
    """The Differences of one round, each with the reviewer who could be asked next."""
    proposed = next_reviewers(round_, user, [each.proposal for each in found]) if found else {}
    for each in found:
        each.reviewer, each.words = proposed.get(each.proposal.pk, (None, ""))
    return found


def _instruments(rounds):
    """{round id: id of the instrument whose results are compared}"""
    pins = RoundInstrument.objects.filter(round__in=rounds, version__result_kind=ResultKind.SHARE)
    chosen = {}
    for pin in pins.select_related("version").order_by("-ranks", "position", "pk"):
        chosen.setdefault(pin.round_id, pin.version.instrument_id)
    return chosen
