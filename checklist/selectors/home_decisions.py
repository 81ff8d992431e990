"""What of the decisions waits on home: for the officer to be applied, for the chair to be let go on."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from checklist.enums import DecisionState
from checklist.models import Assessment, Assignment, Decision, Recommendation, StopOverride
from proposals.enums import AccessLevel, ProposalStatus
from proposals.models import Proposal
from screening.statements import KeptQuery, somebody

from .deciding import FUNDED, HELD
from .stops import stops_of

LEFT_OUT = Q(status__in=(ProposalStatus.INELIGIBLE, ProposalStatus.WITHDRAWN))


def pending_decisions(user, pks):
    """{round id: decisions that are made and not applied}, as far as they are open to her. One query."""
    return dict(_PENDING(user.pk, pks))


def _pending(user_pk, pks):
    # What was withdrawn since still has its decision, which holds up the others; see `deciding.pending_in`.
    seen = _open_to(user_pk, pks, LEFT_OUT)
    return _by_round(Decision.objects.filter(state=DecisionState.PENDING, proposal__in=seen.values("pk")))


_PENDING = KeptQuery(_pending)


def stopped_proposals(user, pks):
    """{round id: proposals that are to be funded and have a stop that nobody has overridden}.

    To be funded is what the panel recommends so, or what the funder decided so without applying it yet. One
    query; where one of them was overridden before, the stops themselves are looked at.
    """
    found = _STOPPED(user.pk, pks)
    waiting = Counter(round_pk for _pk, round_pk, was_overridden in found if not was_overridden)
    looked_at = [pk for pk, _round_pk, was_overridden in found if was_overridden]
    if looked_at:
        proposals = list(Proposal.objects.filter(pk__in=looked_at).select_related("round"))
        stops = stops_of(proposals)
        waiting.update(each.round_id for each in proposals if any(stop.is_open for stop in stops[each.pk]))
    return waiting


def _stopped(user_pk, pks):
    held = Decision.objects.filter(proposal_id=OuterRef("pk"), state__in=HELD)
    newest = Recommendation.objects.filter(proposal_id=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    stops = Assessment.objects.counting_for_stops().filter(proposal_id=OuterRef("pk"), scores__blocks__gt=0)
    overridden = StopOverride.objects.filter(proposal_id=OuterRef("pk"))
    rows = _open_to(user_pk, pks).annotate(
        advised=Subquery(newest), is_held=Exists(held), was_overridden=Exists(overridden)
    )
    pending = held.filter(state=DecisionState.PENDING, outcome__in=FUNDED)
    to_fund = Q(advised__in=FUNDED, is_held=False) | Q(Exists(pending))
    return rows.filter(to_fund, Exists(stops)).order_by().values_list("pk", "round_id", "was_overridden")


_STOPPED = KeptQuery(_stopped)


def _open_to(user_pk, pks, although=None):
    """Proposals on which decisions are open to her, as `deciding.to_decide`; `although` lets in what that leaves out."""
    user = somebody(user_pk)
    closed = user.accesses.filter(level=AccessLevel.CLOSED)
    owed = Q(pk__in=Assignment.objects.waiting_for(user).values("proposal_id"))
    rows = Proposal.objects.filter(round_id__in=pks, is_practice=False).exclude(pk__in=closed.values("proposal_id"))
    return rows.exclude(owed & ~although) if although else rows.exclude(owed).exclude(LEFT_OUT)


def _by_round(rows):
    return rows.order_by().values(round_pk=F("proposal__round_id")).annotate(n=Count("pk")).values_list("round_pk", "n")
