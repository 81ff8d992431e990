"""Recommending, overriding stops, deciding, applying together, reversing; and what each decision rests on."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from checklist.actions.decisions import (
    CannotDecide,
    Given,
    apply_decisions,
    move_on_reserve_list,
    record_decision,
    record_decisions,
    withdraw_decision,
)
from checklist.actions.recommendations import (
    CannotOverrideStop,
    CannotRecommend,
    override_stop,
    record_recommendation,
)
from checklist.models import Criterion, Decision, Recommendation, RoundRules, StopOverride, SubmittedScore
from checklist.selectors.decisions import has_changed, snapshot_of
from checklist.selectors.stops import open_stops, stops_of
from proposals.enums import AccessLevel
from proposals.models import PhaseWindow, Proposal
from screening.models import AuditEvent
from tests.checklist.deciding import judge, make_item_critical
from tests.factories import make_assessment, make_member, make_proposal, make_reviewer, open_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


@pytest.fixture
def stopped(instruments, round_):
    """A proposal that item 1 stops by what one of two reviewers says."""
    make_item_critical(round_)
    proposal = make_proposal(round_, title="Stopped")
    judge(proposal, reviewer=make_reviewer(round_, name="Rita One"))
    judge(proposal, reviewer=make_reviewer(round_, name="Rita Two"), first="no")
    return proposal


def events(code):
    return AuditEvent.objects.filter(event=code)


def decide(proposal, officer, outcome="decline", **given):
    return record_decision(proposal=proposal, outcome=outcome, by=officer, **{"reasons": "As the panel says.", **given})


class TestRecommending:
    def test_the_newest_counts_and_the_first_stays(self, proposal, chair):
        record_recommendation(proposal=proposal, outcome="fund", reasons="Sound.", by=chair)
        record_recommendation(
            proposal=proposal, outcome="fund_with_conditions", reasons="Sound.", conditions="A written tie.", by=chair
        )

        assert snapshot_of(proposal)["recommendation"]["outcome"] == "fund_with_conditions"
        assert Recommendation.objects.count() == 2
        event = events("recommendation_recorded").latest("pk")
        assert (event.actor_id, event.thread, event.note) == (chair.pk, proposal.thread, "Sound.")

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"reasons": " "}, "reasons"),
            ({"outcome": "fund_with_conditions"}, "conditions"),
            ({"conditions": "One."}, "conditions"),
        ],
    )
    def test_needs_its_words(self, proposal, chair, given, field):
        with pytest.raises(CannotRecommend) as refusal:
            record_recommendation(proposal=proposal, by=chair, **{"outcome": "fund", "reasons": "Sound.", **given})

        assert refusal.value.field == field

    def test_only_by_the_chair_and_not_while_she_owes_an_assessment(self, instruments, proposal, chair, officer):
        make_assessment(proposal=proposal, reviewer=chair)

        for person in (officer, chair):
            with pytest.raises(CannotRecommend, match="Only the chair"):
                record_recommendation(proposal=proposal, outcome="fund", reasons="Sound.", by=person)

    def test_not_before_the_consensus_where_the_round_requires_one(self, proposal, chair):
        RoundRules.objects.create(round=proposal.round, needs_consensus=True)

        with pytest.raises(CannotRecommend, match="consensus"):
            record_recommendation(proposal=proposal, outcome="fund", reasons="Sound.", by=chair)

    def test_nothing_is_recommended_on_practice(self, round_, chair):
        with pytest.raises(CannotRecommend, match="practice"):
            record_recommendation(
                proposal=make_proposal(round_, is_practice=True), outcome="fund", reasons="Sound.", by=chair
            )


class TestStops:
    def test_one_reviewer_is_enough(self, stopped):
        [stop] = stops_of([stopped])[stopped.pk]

        assert (stop.key, [said.name for said in stop.said_by], stop.is_open) == ("1", ["Rita Two"], True)

    def test_the_chair_overrides_in_writing_once(self, stopped, chair):
        [stop] = open_stops(stopped)
        criterion = Criterion.objects.get(pk=stop.criterion_pk)

        with pytest.raises(CannotOverrideStop, match="Say why"):
            override_stop(proposal=stopped, criterion=criterion, reason="  ", by=chair)
        override_stop(proposal=stopped, criterion=criterion, reason="Mended by a condition.", by=chair)
        with pytest.raises(CannotOverrideStop, match="already"):
            override_stop(proposal=stopped, criterion=criterion, reason="Again.", by=chair)

        assert open_stops(stopped) == []
        event = events("stop_overridden").get()
        assert (event.note, event.round_id) == ("Mended by a condition.", stopped.round_id)

    def test_nobody_else_and_nothing_that_does_not_stop(self, stopped, officer, chair):
        [stop] = open_stops(stopped)
        other = Criterion.objects.filter(version_id=stop.version_pk).exclude(pk=stop.criterion_pk).first()

        with pytest.raises(CannotOverrideStop, match="Only the chair"):
            override_stop(
                proposal=stopped, criterion=Criterion.objects.get(pk=stop.criterion_pk), reason="Yes.", by=officer
            )
        with pytest.raises(CannotOverrideStop, match="Nobody says stop"):
            override_stop(proposal=stopped, criterion=other, reason="Yes.", by=chair)

        assert not StopOverride.objects.exists()

    def test_a_stopped_proposal_is_funded_only_after_the_override(self, stopped, officer, chair):
        with pytest.raises(CannotDecide, match="has not overridden"):
            decide(stopped, officer, "fund")
        decide(stopped, officer, "reserve")
        [stop] = open_stops(stopped)
        override_stop(
            proposal=stopped, criterion=Criterion.objects.get(pk=stop.criterion_pk), reason="Mended.", by=chair
        )
        withdraw_decision(decision=Decision.objects.get(), by=officer)

        assert decide(stopped, officer, "fund").state == "pending"


class TestRecording:
    def test_waits_with_a_snapshot_and_changes_nothing_yet(self, proposal, officer):
        decision = decide(proposal, officer, "fund", amount=Decimal("1000.50"))

        proposal.refresh_from_db()
        assert (decision.state, proposal.status) == ("pending", "received")
        assert decision.snapshot["proposal"]["reference"] == proposal.reference
        event = events("decision_recorded").get()
        assert (event.after["amount"], event.note) == ("1000.50", "As the panel says.")

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"reasons": ""}, "reasons"),
            ({"outcome": "fund_with_conditions"}, "conditions"),
            ({"outcome": "decline", "amount": Decimal(1)}, "amount"),
            ({"outcome": "fund", "amount": Decimal(-1)}, "amount"),
            ({"outcome": "fund", "place": 1}, "place"),
        ],
    )
    def test_needs_what_belongs_to_it(self, proposal, officer, given, field):
        with pytest.raises(CannotDecide) as refusal:
            decide(proposal, officer, **given)

        assert (refusal.value.field, refusal.value.proposal_pk) == (field, proposal.pk)

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"is_practice": True}, "practice"),
            ({"status": "ineligible"}, "eligible"),
            ({"status": "withdrawn"}, "withdrew"),
        ],
    )
    def test_not_on_what_is_out(self, round_, officer, facts, words):
        with pytest.raises(CannotDecide, match=words):
            decide(make_proposal(round_, **facts), officer)

    def test_only_by_the_officer_and_never_through_a_conflict(self, proposal, officer, chair):
        with pytest.raises(CannotDecide, match="do not decide"):
            decide(proposal, chair)
        open_to(proposal, officer, AccessLevel.CLOSED)
        with pytest.raises(CannotDecide, match="do not decide"):
            decide(proposal, officer)

    def test_one_at_a_time(self, proposal, officer):
        decide(proposal, officer)

        with pytest.raises(CannotDecide, match="pending decision already"):
            decide(proposal, officer)

    def test_no_reserve_where_the_round_keeps_none(self, proposal, officer):
        RoundRules.objects.create(round=proposal.round, has_reserve_list=False)

        with pytest.raises(CannotDecide, match="no reserve list"):
            decide(proposal, officer, "reserve")

    def test_not_before_its_phase(self, round_, proposal, officer):
        round_.follows_dates = True
        round_.save()
        PhaseWindow.objects.create(round=round_, phase="decision", starts_on=dt.date(2999, 1, 1))

        with pytest.raises(CannotDecide, match="2999"):
            decide(proposal, officer)

    def test_many_are_all_or_none(self, round_, officer):
        fine, out = make_proposal(round_), make_proposal(round_, status="withdrawn")

        with pytest.raises(CannotDecide):
            record_decisions(round_=round_, given=[Given(each, "decline", "No.") for each in (fine, out)], by=officer)

        assert not Decision.objects.exists()

    def test_taken_back_before_it_is_applied(self, proposal, officer):
        decision = decide(proposal, officer)

        withdraw_decision(decision=decision, reason="A mistake.", by=officer)

        assert Decision.objects.get().state == "withdrawn"
        assert events("decision_withdrawn").get().note == "A mistake."
        with pytest.raises(CannotDecide, match="Only a pending"):
            withdraw_decision(decision=decision, by=officer)


class TestApplying:
    def test_all_pending_take_effect_together_and_the_round_is_decided(self, round_, officer):
        first, second = make_proposal(round_), make_proposal(round_)
        decide(first, officer, "fund", amount=Decimal(5))
        decide(second, officer, "decline")

        applied = apply_decisions(round_=round_, by=officer)

        assert len(applied) == 2
        assert set(Proposal.objects.values_list("pk", "status")) == {(first.pk, "funded"), (second.pk, "declined")}
        assert events("decision_applied").count() == 2
        assert events("proposal_status_changed").count() == 2
        round_.refresh_from_db()
        assert round_.phase == "decided"

    def test_a_selection_leaves_the_others_waiting(self, round_, officer):
        first, second = (decide(make_proposal(round_), officer) for _number in range(2))

        apply_decisions(round_=round_, decisions=[first], by=officer)

        second.refresh_from_db()
        round_.refresh_from_db()
        assert (second.state, round_.phase) == ("pending", "intake")

    def test_nothing_to_apply_is_refused(self, round_, officer):
        with pytest.raises(CannotDecide, match="no pending decision"):
            apply_decisions(round_=round_, by=officer)

    def test_what_is_out_since_holds_all_up(self, round_, officer):
        decide(make_proposal(round_), officer)
        gone = make_proposal(round_)
        decide(gone, officer)
        Proposal.objects.filter(pk=gone.pk).update(status="withdrawn")

        with pytest.raises(CannotDecide, match="withdrew"):
            apply_decisions(round_=round_, by=officer)

        assert set(Decision.objects.values_list("state", flat=True)) == {"pending"}

    def test_what_a_conflict_closes_waits_for_somebody_else(self, round_, officer):
        open_one, closed = make_proposal(round_), make_proposal(round_)
        decide(open_one, officer)
        decide(closed, officer)
        open_to(closed, officer, AccessLevel.CLOSED)
        fresh = type(officer).objects.get(pk=officer.pk)

        assert [each.proposal_id for each in apply_decisions(round_=round_, by=fresh)] == [open_one.pk]

    def test_reversed_only_by_a_new_one_that_names_it(self, proposal, round_, officer):
        old = decide(proposal, officer, "decline")
        apply_decisions(round_=round_, by=officer)

        with pytest.raises(CannotDecide, match="decided already"):
            decide(proposal, officer, "fund")
        new = decide(proposal, officer, "fund", replaces=old)
        old.refresh_from_db()
        assert old.state == "applied"
        apply_decisions(round_=round_, by=officer)

        old.refresh_from_db()
        new.refresh_from_db()
        proposal.refresh_from_db()
        assert (old.state, new.state, new.replaces_id, proposal.status) == ("replaced", "applied", old.pk, "funded")

    def test_a_reversal_that_was_taken_back_can_be_recorded_anew(self, proposal, round_, officer):
        old = decide(proposal, officer, "decline")
        apply_decisions(round_=round_, by=officer)
        withdraw_decision(decision=decide(proposal, officer, "fund", replaces=old), by=officer)

        assert decide(proposal, officer, "fund", replaces=old).state == "pending"


class TestReserveList:
    def places(self):
        rows = Decision.objects.filter(outcome="reserve", state__in=("pending", "applied"))
        return dict(rows.values_list("proposal__title", "reserve_order"))

    @pytest.fixture
    def three(self, round_, officer):
        return [decide(make_proposal(round_, title=title), officer, "reserve") for title in "ABC"]

    def test_is_unique_and_without_gaps(self, three, round_, officer):
        assert self.places() == {"A": 1, "B": 2, "C": 3}
        decide(make_proposal(round_, title="D"), officer, "reserve", place=1)
        withdraw_decision(decision=three[1], by=officer)

        assert self.places() == {"D": 1, "A": 2, "C": 3}

    def test_pending_ones_move(self, three, officer):
        assert move_on_reserve_list(decision=three[2], up=True, by=officer)
        assert not move_on_reserve_list(decision=three[0], up=True, by=officer)

        assert self.places() == {"A": 1, "C": 2, "B": 3}
        event = events("reserve_place_changed").get()
        assert (event.before, event.after) == ({"place": 3}, {"place": 2})

    def test_applied_places_stay_and_pending_ones_follow(self, three, round_, officer):
        apply_decisions(round_=round_, decisions=[three[1]], by=officer)

        assert self.places() == {"B": 1, "A": 2, "C": 3}
        with pytest.raises(CannotDecide, match="Only pending"):
            move_on_reserve_list(decision=three[1], up=False, by=officer)


class TestSnapshot:
    def test_says_who_said_what_and_what_it_came_to(self, stopped, officer, chair):
        kept = decide(stopped, officer, "decline").snapshot

        assert [each["name"] for each in kept["reviewers"]] == ["Rita One", "Rita Two"]
        shares = [each["scores"][0]["share"] for each in kept["reviewers"]]
        checklist, principles = kept["results"]
        stored = SubmittedScore.objects.exclude(share=None).order_by("pk").values_list("share", flat=True)
        assert shares == [str(share) for share in stored]
        assert Decimal(checklist["mean"]) == (Decimal(sum(map(Decimal, shares))) / 2).quantize(Decimal("0.001"))
        assert (checklist["n"], principles["mean"], set(principles["levels"])) == (2, None, {"3.000"})
        assert (checklist["agreement"]["n"], checklist["agreement"]["k"]) == (11, 2)
        assert [(stop["number"], stop["override"]) for stop in kept["stops"]] == [("1", None)]
        assert len(kept["round"]["instruments"][0]["hash"]) == 64

    def test_tells_whether_its_basis_changed(self, stopped, officer, chair):
        kept = decide(stopped, officer, "decline").snapshot
        assert not has_changed(kept, snapshot_of(stopped))

        record_recommendation(proposal=stopped, outcome="decline", reasons="No.", by=chair)

        assert has_changed(kept, snapshot_of(stopped))

    @pytest.mark.parametrize("change", [{"snapshot": {}}, {"reasons": "Other."}, {"outcome": "fund"}, {"amount": 1}])
    def test_the_database_keeps_every_word_of_what_was_applied(self, proposal, round_, officer, change):
        decision = decide(proposal, officer)
        apply_decisions(round_=round_, by=officer)

        with pytest.raises(DatabaseError, match="on record"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**change)
        with pytest.raises(DatabaseError, match="on record"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk)._raw_delete("default")
