"""What the panel advises, and what its chair overrides in writing. Both are only added to, never changed."""

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import Outcome
from checklist.models import Recommendation, StopOverride
from checklist.rules import can_override_stop, can_recommend
from checklist.selectors.panels import consensus_of
from checklist.selectors.phases import panel_refusal
from checklist.selectors.readiness import rules_of
from checklist.selectors.stops import stops_of
from proposals.enums import ProposalStatus
from proposals.models import Proposal
from screening import audit


class CannotRecommend(Exception):
    """The recommendation cannot be taken; the message says why, `field` at what."""

    def __init__(self, message, *, field=""):
        super().__init__(message)
        self.field = field


class CannotOverrideStop(Exception):
    """The stop stays; the message says why."""


@transaction.atomic
def record_recommendation(*, proposal, outcome, reasons, by, conditions=""):
    """Record what the panel recommends and return it. Earlier ones stay on record; the newest counts.

    Raises CannotRecommend for whoever does not lead the panel, outside panel and decision, without
    reasons or conditions, and before the consensus where the round requires one.
    """
    proposal = _locked(proposal)
    if not can_recommend(by, proposal):
        raise CannotRecommend(_("Only the chair records what the panel recommends."))
    refusal = not_decidable(proposal) or panel_refusal(proposal.round)
    if refusal:
        raise CannotRecommend(refusal)
    outcome, reasons, conditions = Outcome(outcome), reasons.strip(), conditions.strip()
    check_words(outcome, reasons, conditions, CannotRecommend)
    rules = rules_of(proposal.round)
    if outcome == Outcome.RESERVE and not rules.has_reserve_list:
        raise CannotRecommend(_("This round keeps no reserve list."), field="outcome")
    if rules.needs_consensus and not _is_agreed(proposal):
        raise CannotRecommend(_("This round requires a closed consensus before the panel recommends."))
    recommendation = Recommendation.objects.create(
        proposal=proposal, outcome=outcome, reasons=reasons, conditions=conditions, by=by
    )
    audit.record(
        "recommendation_recorded",
        recommendation,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        after={"outcome": str(outcome), "conditions": conditions},
        note=reasons,
        label=str(proposal),
    )
    return recommendation


@transaction.atomic
def override_stop(*, proposal, criterion, reason, by, seen=None):
    """Let the proposal go on although this criterion says stop, and return the override; it stays for good.

    Raises CannotOverrideStop for whoever is not its chair, without a reason, where nothing says stop,
    where it is overridden already, and where somebody said stop after `seen`, the newest the chair has read.
    """
    proposal = _locked(proposal)
    if not can_override_stop(by, proposal):
        raise CannotOverrideStop(_("Only the chair overrides a stop."))
    refusal = not_decidable(proposal) or panel_refusal(proposal.round)
    if refusal:
        raise CannotOverrideStop(refusal)
    reason = reason.strip()
    if not reason:
        raise CannotOverrideStop(_("Say why the proposal may go on all the same."))
    stop = next((each for each in stops_of([proposal])[proposal.pk] if each.criterion_pk == criterion.pk), None)
    if stop is None:
        raise CannotOverrideStop(_("Nobody says stop on this criterion any more."))
    if not stop.is_open:
        raise CannotOverrideStop(_("This stop is overridden already."))
    if seen and seen < stop.said_at:
        raise CannotOverrideStop(
            _("Somebody has said stop since you opened this page. Read it above, then send again.")
        )
    override = StopOverride.objects.create(proposal=proposal, criterion=criterion, reason=reason, by=by)
    audit.record(
        "stop_overridden",
        override,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        note=reason,
        label=str(stop),
    )
    return override


def not_decidable(proposal):
    """Why nobody recommends or decides on this proposal, as a sentence; "" where one may."""
    if proposal.is_practice:
        return _("This is a practice proposal; nothing is decided on it.")
    return {
        ProposalStatus.INELIGIBLE: _("This proposal was found not eligible; there is nothing to decide."),
        ProposalStatus.WITHDRAWN: _("The applicant withdrew this proposal; there is nothing to decide."),
    }.get(ProposalStatus(proposal.status), "")


def check_words(outcome, reasons, conditions, refusal):
    """Raise `refusal` where reasons or conditions are missing, or conditions do not fit the outcome."""
    if not reasons:
        raise refusal(_("Give the reasons; they stay on record."), field="reasons")
    if outcome == Outcome.FUND_WITH_CONDITIONS and not conditions:
        raise refusal(_("Name the conditions."), field="conditions")
    if outcome != Outcome.FUND_WITH_CONDITIONS and conditions:
        raise refusal(_("Conditions belong to “Fund with conditions”."), field="conditions")


def _is_agreed(proposal):
    consensus = consensus_of(proposal)
    return consensus is not None and consensus.is_submitted


def _locked(proposal):
    """The proposal as it is now, kept from others until the end of the transaction."""
    return Proposal.objects.select_related("round").select_for_update(of=("self",)).get(pk=proposal.pk)
