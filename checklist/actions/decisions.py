"""What the funder decides: recorded as pending, then applied together; reversed only by a new decision.

The reserve list has one order per round. The place of an applied decision never changes, so pending
ones follow after it, without gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import DecisionState, Outcome
from checklist.models import Decision
from checklist.rules import can_decide
from checklist.selectors.decisions import snapshots_of
from checklist.selectors.readiness import rules_of
from checklist.selectors.stops import stops_of
from proposals.actions.rounds import change_round
from proposals.actions.states import set_statuses
from proposals.enums import ProposalStatus, RoundPhase
from proposals.models import FundingRound, Proposal
from proposals.selectors import refusal_outside
from screening import audit

from .recommendations import check_words, not_decidable
from .telling import tell_decided

FUNDED = (Outcome.FUND, Outcome.FUND_WITH_CONDITIONS)
STATUSES = {
    Outcome.FUND: ProposalStatus.FUNDED,
    Outcome.FUND_WITH_CONDITIONS: ProposalStatus.FUNDED_WITH_CONDITIONS,
    Outcome.RESERVE: ProposalStatus.RESERVE,
    Outcome.DECLINE: ProposalStatus.DECLINED,
}
# Of these nothing is decided any more, or nothing has to be.
SETTLED = (*STATUSES.values(), ProposalStatus.INELIGIBLE, ProposalStatus.WITHDRAWN)


class CannotDecide(Exception):
    """The decision cannot be taken, taken back or applied; the message says why.

    `proposal_pk` says on which proposal, `field` at what it was typed.
    """

    def __init__(self, message, *, proposal_pk=None, field=""):
        super().__init__(message)
        self.proposal_pk, self.field = proposal_pk, field


@dataclass(frozen=True)
class Given:
    """A decision as somebody takes it. `replaces` is the applied one that it reverses.

    `place` is the place on the reserve list that is asked for; the last one where there is none.
    """

    proposal: Proposal
    outcome: str
    reasons: str
    conditions: str = ""
    amount: Decimal | None = None
    place: int | None = None
    replaces: Decision | None = None


def record_decision(*, proposal, outcome, reasons, by, conditions="", amount=None, place=None, replaces=None):
    """Record one decision, to be applied later, and return it. Raises CannotDecide."""
    given = Given(proposal, outcome, reasons, conditions, amount, place, replaces)
    return record_decisions(round_=proposal.round, given=[given], by=by)[0]


@transaction.atomic
def record_decisions(*, round_, given, by):
    """Record many decisions, to be applied later, and return them; all or none.

    Each keeps a snapshot of what it rests on. Raises CannotDecide, naming the proposal.
    """
    round_ = _locked(round_)
    _check_phase(round_)
    keeps_reserve = rules_of(round_).has_reserve_list
    proposals = _proposals(round_, [each.proposal.pk for each in given])
    stops = stops_of(proposals.values())
    held = _held(proposals)
    snapshots = snapshots_of(round_, proposals.values())
    made = []
    for each in given:
        proposal = proposals.get(each.proposal.pk)
        if proposal is None:
            raise CannotDecide(_("This proposal belongs to another round."), proposal_pk=each.proposal.pk)
        _check_proposal(proposal, by)
        _check_given(proposal, each, keeps_reserve)
        _check_stops(proposal, each.outcome, stops[proposal.pk])
        _check_earlier(proposal, each.replaces, held)
        made.append((_create(proposal, each, snapshots[proposal.pk], by), each.place))
    for decision, place in made:
        if decision.outcome == Outcome.RESERVE:
            _put_in_place(round_, decision, place)
    decisions = [decision for decision, _place in made]
    for decision in decisions:
        decision.refresh_from_db(fields=["reserve_order"])
    _record("decision_recorded", decisions, by)
    return decisions


@transaction.atomic
def withdraw_decision(*, decision, by, reason=""):
    """Take back a decision that was not applied yet; it stays on record. Raises CannotDecide."""
    decision = _loaded([decision.pk])[0]
    round_ = _locked(decision.proposal.round)
    decision.refresh_from_db(fields=["state"])
    if not can_decide(by, decision.proposal):
        raise CannotDecide(_("Only the programme officer decides."))
    if decision.state != DecisionState.PENDING:
        raise CannotDecide(_("Only a pending decision can be taken back. A new decision reverses an applied one."))
    decision.state, decision.reserve_order = DecisionState.WITHDRAWN, None
    # Another decision may still reverse the same one.
    decision.replaces = None
    decision.save(update_fields=["state", "reserve_order", "replaces"])
    _number(_waiting(round_), _next_place(round_))
    _record("decision_withdrawn", [decision], by, note=reason.strip())
    return decision


@transaction.atomic
def apply_decisions(*, round_, by, decisions=None):
    """Let all pending decisions of the round take effect together, or only these, and return them.

    What a conflict of interest closes to her, or her own assessment, waits for somebody else. When nothing
    is left to decide, the round is decided. Raises CannotDecide, and then none takes effect.
    """
    round_ = _locked(round_)
    _check_phase(round_)
    pending = Decision.objects.filter(proposal__round=round_, state=DecisionState.PENDING)
    if decisions is not None:
        pending = pending.filter(pk__in=[each.pk for each in decisions])
    chosen = [each for each in _loaded(pending) if can_decide(by, each.proposal)]
    if not chosen or (decisions is not None and len(chosen) < len(decisions)):
        raise CannotDecide(_("There is no pending decision to apply, or one of them is closed to you."))
    stops = stops_of([each.proposal for each in chosen])
    for decision in chosen:
        _check_proposal(decision.proposal, by)
        _check_stops(decision.proposal, decision.outcome, stops[decision.proposal_id])
    Decision.objects.filter(replaced_by__in=[each.pk for each in chosen]).update(state=DecisionState.REPLACED)
    applied = {each.pk for each in chosen}
    reserve = [each for each in _waiting(round_) if each.pk in applied]
    _number(reserve, _next_place(round_))
    places = {each.pk: each.reserve_order for each in reserve}
    now = timezone.now()
    for decision in chosen:
        decision.state, decision.applied_by, decision.applied_at = DecisionState.APPLIED, by, now
        decision.reserve_order = places.get(decision.pk)
    Decision.objects.bulk_update(chosen, ["state", "applied_by", "applied_at", "reserve_order"], batch_size=200)
    _number(_waiting(round_), _next_place(round_))
    set_statuses(statuses=[(each.proposal, STATUSES[each.outcome]) for each in chosen], by=by)
    _record("decision_applied", chosen, by)
    tell_decided(round_=round_, decisions=chosen, by=by)
    _close_when_decided(round_, by)
    return chosen


@transaction.atomic
def move_on_reserve_list(*, decision, up, by):
    """Let a pending decision change places with the one before (`up`) or after it; returns whether it moved.

    Places of applied decisions stay as they are. Raises CannotDecide.
    """
    decision = _loaded([decision.pk])[0]
    round_ = _locked(decision.proposal.round)
    waiting = _waiting(round_)
    index = next((place for place, each in enumerate(waiting) if each.pk == decision.pk), None)
    if not can_decide(by, decision.proposal):
        raise CannotDecide(_("Only the programme officer decides."))
    if index is None:
        raise CannotDecide(_("Only pending decisions can change their place on the reserve list."))
    other = index - 1 if up else index + 1
    if not 0 <= other < len(waiting):
        return False
    before = waiting[index].reserve_order
    waiting[index], waiting[other] = waiting[other], waiting[index]
    _number(waiting, _next_place(round_))
    moved = waiting[other]
    audit.record(
        "reserve_place_changed",
        moved,
        by=by,
        thread=moved.proposal.thread,
        round_id=round_.pk,
        before={"place": before},
        after={"place": moved.reserve_order},
        label=str(moved.proposal),
    )
    return True


# -- What is refused --------------------------------------------------------------------------------


def _check_phase(round_):
    refusal = refusal_outside(round_, RoundPhase.DECISION, timezone.localdate())
    if refusal:
        raise CannotDecide(refusal)


def _check_proposal(proposal, by):
    if not can_decide(by, proposal):
        raise CannotDecide(
            _("You do not decide on %(proposal)s.") % {"proposal": proposal.reference}, proposal_pk=proposal.pk
        )
    refusal = not_decidable(proposal)
    if refusal:
        raise CannotDecide(refusal, proposal_pk=proposal.pk)


def _check_given(proposal, given, keeps_reserve):
    def refusal(message, *, field=""):
        return CannotDecide(message, proposal_pk=proposal.pk, field=field)

    check_words(given.outcome, given.reasons.strip(), given.conditions.strip(), refusal)
    if given.outcome == Outcome.RESERVE and not keeps_reserve:
        raise refusal(_("This round keeps no reserve list."), field="outcome")
    if given.amount is not None and given.amount < 0:
        raise refusal(_("An amount cannot be below 0."), field="amount")
    if given.amount is not None and given.outcome == Outcome.DECLINE:
        raise refusal(_("What is declined gets no amount."), field="amount")
    if given.place is not None and (given.outcome != Outcome.RESERVE or given.place < 1):
        raise refusal(_("A place belongs to the reserve list, and the first one is 1."), field="place")


def _check_stops(proposal, outcome, stops):
    still_open = [str(stop) for stop in stops if stop.is_open]
    if outcome in FUNDED and still_open:
        raise CannotDecide(
            _("%(proposal)s cannot be funded: the chair has not overridden what stops it (%(stops)s).")
            % {"proposal": proposal.reference, "stops": "; ".join(still_open)},
            proposal_pk=proposal.pk,
            field="outcome",
        )


def _check_earlier(proposal, replaces, held):
    """Only a new decision that names the applied one reverses it, and only one decision waits at a time."""
    if (proposal.pk, DecisionState.PENDING) in held:
        raise CannotDecide(
            _("%(proposal)s has a pending decision already. Take it back first.") % {"proposal": proposal.reference},
            proposal_pk=proposal.pk,
        )
    applied = held.get((proposal.pk, DecisionState.APPLIED))
    if applied != (replaces.pk if replaces else None):
        raise CannotDecide(
            _("%(proposal)s is decided already. Open its decision to reverse it.") % {"proposal": proposal.reference}
            if applied
            else _("There is no applied decision to reverse."),
            proposal_pk=proposal.pk,
        )


# -- Writing ------------------------------------------------------------------------------------------


def _create(proposal, given, snapshot, by):
    return Decision.objects.create(
        proposal=proposal,
        outcome=given.outcome,
        reasons=given.reasons.strip(),
        conditions=given.conditions.strip(),
        amount=given.amount,
        replaces=given.replaces,
        snapshot=snapshot,
        by=by,
    )


def _put_in_place(round_, decision, place):
    """Put a new pending decision on the reserve list, before whoever stands at the place asked for."""
    waiting = [each for each in _waiting(round_) if each.pk != decision.pk]
    first = _next_place(round_)
    index = len(waiting) if place is None else min(max(place - first, 0), len(waiting))
    waiting.insert(index, decision)
    _number(waiting, first)


def _number(decisions, first):
    """Give these the places from `first` on, in their order."""
    for place, decision in enumerate(decisions, start=first):
        if decision.reserve_order != place:
            decision.reserve_order = place
            decision.save(update_fields=["reserve_order"])


def _waiting(round_):
    """Pending decisions for the reserve list, in their order."""
    rows = Decision.objects.filter(
        proposal__round=round_, state=DecisionState.PENDING, outcome=Outcome.RESERVE
    ).select_related("proposal__round")
    return sorted(rows, key=lambda each: (each.reserve_order is None, each.reserve_order or 0, each.pk))


def _next_place(round_):
    """The first place that no applied decision holds and none before it is held later."""
    held = Decision.objects.filter(proposal__round=round_, state=DecisionState.APPLIED, outcome=Outcome.RESERVE)
    return (held.aggregate(last=Max("reserve_order"))["last"] or 0) + 1


def _close_when_decided(round_, by):
    open_ones = Proposal.objects.counted().filter(round=round_).exclude(status__in=SETTLED)
    if not open_ones.exists():
        round_.phase = RoundPhase.DECIDED
        change_round(round_=round_, by=by)


def _record(event, decisions, by, note=""):
    audit.record_many(
        {
            "event": event,
            "subject": each,
            "by": by,
            "thread": each.proposal.thread,
            "round_id": each.proposal.round_id,
            "after": _state(each),
            "note": note or (each.reasons if event == "decision_recorded" else ""),
            "label": str(each.proposal),
        }
        for each in decisions
    )


def _state(decision):
    return {
        "outcome": str(decision.outcome),
        "conditions": decision.conditions,
        "amount": None if decision.amount is None else str(decision.amount),
        "place": decision.reserve_order,
        "replaces": str(decision.replaces.outcome) if decision.replaces else None,
    }


def _proposals(round_, pks):
    """{id: proposal of the round}, kept from others until the end of the transaction."""
    rows = Proposal.objects.filter(round=round_, pk__in=pks).select_for_update(of=("self",))
    found = {proposal.pk: proposal for proposal in rows}
    for proposal in found.values():
        proposal.round = round_
    return found


def _held(proposals):
    """{(proposal id, state): decision id} of pending and applied decisions."""
    states = (DecisionState.PENDING, DecisionState.APPLIED)
    rows = Decision.objects.filter(proposal__in=list(proposals), state__in=states)
    return {(row.proposal_id, row.state): row.pk for row in rows}


def _loaded(pks):
    return list(Decision.objects.filter(pk__in=pks).select_related("proposal__round", "replaces").order_by("pk"))


def _locked(round_):
    """The round as it is now; one person decides at a time."""
    return FundingRound.objects.select_for_update().get(pk=round_.pk)
