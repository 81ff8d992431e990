"""The demo's decisions: recommended by the chair, taken by the officer, applied together."""

from checklist.actions.decisions import Given, apply_decisions, record_decisions
from checklist.actions.recommendations import override_stop, record_recommendation
from checklist.enums import Outcome
from checklist.models import Criterion
from checklist.selectors.stops import stops_of
from proposals.enums import ProposalStatus

OUTCOMES = {
    ProposalStatus.FUNDED: Outcome.FUND,
    ProposalStatus.FUNDED_WITH_CONDITIONS: Outcome.FUND_WITH_CONDITIONS,
    ProposalStatus.RESERVE: Outcome.RESERVE,
    ProposalStatus.DECLINED: Outcome.DECLINE,
}
FUNDED = (Outcome.FUND, Outcome.FUND_WITH_CONDITIONS)
OVERRIDE = "The panel discussed it. The condition that goes with the grant mends what this item found."


def begin_deciding(round_, wanted, *, officer, chair):
    """Recommend and decide on the first of `wanted` ([(proposal, status, note)]); the decision stays pending."""
    _take(round_, _decidable(wanted)[:1], officer, chair)


def decide_all(round_, wanted, *, officer, chair):
    """Recommend and decide on all of them, and apply the decisions together."""
    given = _take(round_, _decidable(wanted), officer, chair)
    if given:
        apply_decisions(round_=round_, by=officer)


def _decidable(wanted):
    return [(proposal, OUTCOMES[status], note) for proposal, status, note in wanted if status in OUTCOMES]


def _take(round_, wanted, officer, chair):
    stops = stops_of([proposal for proposal, _outcome, _note in wanted])
    given = []
    for proposal, outcome, note in wanted:
        with_conditions = outcome == Outcome.FUND_WITH_CONDITIONS
        # What stands behind the semicolon of the note is what the funder asks for.
        conditions = note.rpartition("; ")[2].capitalize() if with_conditions else ""
        record_recommendation(proposal=proposal, outcome=outcome, reasons=note, conditions=conditions, by=chair)
        for stop in stops[proposal.pk] if outcome in FUNDED else ():
            override_stop(
                proposal=proposal, criterion=Criterion.objects.get(pk=stop.criterion_pk), reason=OVERRIDE, by=chair
            )
        has_amount = outcome != Outcome.DECLINE and proposal.currency in ("", round_.currency)
        given.append(Given(proposal, outcome, note, conditions, proposal.amount if has_amount else None))
    return record_decisions(round_=round_, given=given, by=officer)
