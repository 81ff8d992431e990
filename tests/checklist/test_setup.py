"""Setting a round up in steps: what each saves, what it refuses, what is said to be missing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assessments import submit_assessment
from checklist.actions.rounds import pin_instruments
from checklist.actions.rules import CannotSetRules, Limits, set_ranking, set_rules
from checklist.actions.setup import CannotFinish, finish_setup, save_money, save_review
from checklist.models import Criterion, RoundRules
from checklist.selectors.instruments import critical_modes, pinned_versions
from checklist.selectors.readiness import findings_of
from checklist.setup_steps import DONE, STEPS, later_step, next_step
from proposals.actions.rounds import Window, set_phases
from proposals.models import FundingRound
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    pin_shipped_instruments,
)

FACTS = {
    "title": "Mekong 2026",
    "reference": "GMS-2026",
    "phase": "intake",
    "stage": "full",
    "form_length": "short",
}


def test_steps_follow_each_other():
    assert next_step("facts") == "instruments"
    assert next_step("ready") == "ready"
    assert later_step("money", "facts") == "money"
    assert later_step("", "facts") == "facts"
    assert later_step("ready", DONE) == DONE


def url(name, round_):
    return reverse(f"checklist:{name}", args=[round_.reference])


def step(round_):
    return RoundRules.objects.get(round=round_).setup_step


@pytest.fixture
def round_(instruments):
    round_ = make_round()
    pin_shipped_instruments(round_)
    return round_


@pytest.fixture
def officer(client, round_):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


@pytest.mark.django_db
class TestRules:
    def test_only_what_differs_is_recorded(self, round_):
        set_rules(round_=round_, by=make_officer(round_), difference_limit=20, has_reserve_list=True)
        set_rules(round_=round_, by=make_officer(round_), difference_limit=20)

        event = AuditEvent.objects.get(event="round_rules_set")
        assert (event.before, event.after) == ({"difference_limit": 30}, {"difference_limit": 20})

    def test_letters_stay_letters_once_assessments_are_in(self, round_):
        assessment = make_assessment(round_)
        answer_all(assessment)
        submit_assessment(assessment=assessment, by=assessment.reviewer)

        with pytest.raises(CannotSetRules, match="as letters") as refusal:
            set_rules(round_=round_, by=make_officer(round_), names_shown="all")

        assert refusal.value.field == "names_shown"

    def test_ranking_and_limits_are_set_on_record(self, round_):
        first, second = pinned_versions(round_)
        by = make_officer(round_)

        set_ranking(
            round_=round_, ranks=first, limits={first: Limits(Decimal(60), 80), second: Limits(Decimal(2))}, by=by
        )
        set_ranking(round_=round_, ranks=second, limits={second: Limits(Decimal(2))}, by=by)

        rows = round_.instruments.order_by("position").values_list("version", "ranks", "threshold", "minimum_coverage")
        assert list(rows) == [(first, False, None, None), (second, True, Decimal(2), None)]
        assert AuditEvent.objects.filter(event="round_rules_set").count() == 2

    @pytest.mark.parametrize(("place", "threshold"), [(0, 101), (1, 5)])
    def test_a_threshold_beyond_the_scale_is_refused(self, round_, place, threshold):
        version = pinned_versions(round_)[place]

        with pytest.raises(CannotSetRules, match="number from 0") as refusal:
            set_ranking(
                round_=round_, ranks=None, limits={version: Limits(Decimal(threshold))}, by=make_officer(round_)
            )

        assert refusal.value.version_pk == version

    def test_what_is_not_pinned_cannot_rank(self, round_):
        with pytest.raises(CannotSetRules, match="of this round"):
            set_ranking(round_=round_, ranks=0, limits={}, by=make_officer(round_))

    def test_a_decided_round_keeps_what_its_decisions_rested_on(self, round_):
        round_.phase = "decided"
        round_.save()

        with pytest.raises(CannotSetRules, match="decided"):
            set_ranking(round_=round_, ranks=pinned_versions(round_)[0], limits={}, by=make_officer(round_))

    def test_choosing_instruments_again_keeps_their_limits(self, round_, instruments):
        first, second = pinned_versions(round_)
        by = make_officer(round_)
        set_ranking(round_=round_, ranks=first, limits={first: Limits(Decimal(60), 80)}, by=by)

        pin_instruments(round_=round_, versions=[instruments[0]], by=by)

        [pin] = round_.instruments.all()
        assert (pin.ranks, pin.threshold, pin.minimum_coverage) == (True, Decimal(60), 80)

    def test_the_first_choice_ranks_by_the_checklist(self, instruments):
        round_ = make_round()

        pin_instruments(round_=round_, versions=list(instruments), by=make_administrator())

        assert round_.instruments.get(ranks=True).version == instruments[0]


@pytest.mark.django_db
class TestReadiness:
    def texts(self, round_, *, missing=True):
        return [(each.step, each.text) for each in findings_of(round_) if each.is_missing == missing]

    def test_an_empty_round_lacks_everything(self):
        assert [step for step, _text in self.texts(make_round())] == [
            "facts", "instruments", "people", "people", "money",
        ]  # fmt: skip

    def ready(self, round_):
        make_officer(round_)
        for _number in range(round_.reviewers_wanted):
            make_reviewer(round_)
        make_member(round_, "chair")
        set_ranking(round_=round_, ranks=pinned_versions(round_)[0], limits={}, by=make_administrator())
        return round_

    def full(self, round_, **fields):
        today = timezone.localdate()
        fields = {"reviewers_wanted": 3, "budget": 1000, "closes_on": today, "review_due_on": today, **fields}
        FundingRound.objects.filter(pk=round_.pk).update(**fields)
        round_.refresh_from_db()
        return self.ready(round_)

    def test_a_complete_round_has_nothing_to_mend(self, round_):
        assert findings_of(self.full(round_)) == []

    def test_no_ranking_instrument(self, round_):
        self.full(round_)
        round_.instruments.update(ranks=False)

        assert self.texts(round_) == [("instruments", "Say which instrument puts the proposals in order.")]

    def test_a_threshold_without_coverage_is_doubtful(self, round_):
        self.full(round_)
        round_.instruments.filter(ranks=True).update(threshold=60)

        [(place, text)] = self.texts(round_, missing=False)
        assert place == "instruments"
        assert "how much must be judged" in text

    def test_two_reviewers_are_a_warning(self, round_):
        self.full(round_, reviewers_wanted=2)

        assert self.texts(round_) == []
        assert [place for place, _text in self.texts(round_, missing=False)] == ["review"]

    def test_too_few_reviewers_and_no_room_for_them(self, round_):
        self.full(round_)
        set_rules(round_=round_, by=make_administrator(), maximum_load=1)
        for _number in range(2):
            make_proposal(round_)
        make_proposal(round_, is_practice=True)

        assert self.texts(round_) == [("review", "6 assessments are needed, and the reviewers may take 3 at most.")]
        round_.grants.filter(role="reviewer").first().delete()
        assert self.texts(round_) == [("people", "The round has 2 of the 3 reviewers each proposal needs.")]

    def test_assessments_due_after_the_review(self, round_):
        self.full(round_)
        today = timezone.localdate()
        window = Window("review", today - dt.timedelta(days=9), today - dt.timedelta(days=2))
        set_phases(round_=round_, windows=[window], by=make_administrator())

        assert self.texts(round_) == [("facts", "Assessments are due after the review has closed.")]

    @pytest.mark.parametrize("count", [1, 3])
    def test_takes_the_same_queries_however_many_people(self, round_, django_assert_num_queries, count):
        for _number in range(count):
            make_reviewer(round_)
            make_proposal(round_)

        with django_assert_num_queries(5):
            findings_of(round_)

    def test_finishing_waits_for_what_is_missing(self, round_):
        with pytest.raises(CannotFinish):
            finish_setup(round_=round_, by=make_officer(round_))

        self.full(round_)
        finish_setup(round_=round_, by=make_officer(round_))
        finish_setup(round_=round_, by=make_officer(round_))

        assert step(round_) == DONE
        assert AuditEvent.objects.filter(event="setup_finished").count() == 1


@pytest.mark.django_db
class TestPages:
    def test_a_round_begins_with_the_first_step_and_resumes_where_it_was_left(self, client, instruments):
        officer = make_user("Olga Officer")
        client.force_login(make_administrator())

        response = client.post(
            reverse("checklist:round-add"),
            {**FACTS, "officer": officer.pk, "review_from": "2026-05-01", "review_to": "2026-05-20"},
        )

        round_ = FundingRound.objects.get()
        assert response.headers["Location"] == url("round-instruments", round_)
        assert round_.grants.get().user == officer
        assert round_.windows.get().phase == "review"
        assert round_.instruments.get(ranks=True).version == instruments[0]
        resumed = client.get(url("round-setup", round_))
        assert resumed.headers["Location"] == url("round-instruments", round_)

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            ({"opens_on": "2026-05-02", "closes_on": "2026-05-01"}, "The round closes before it opens."),
            ({"review_to": "2026-05-01"}, "Say from which day on, too."),
            ({"review_from": "2026-05-02", "review_to": "2026-05-01"}, "The phase ends before it starts."),
            ({"review_from": "2026-05-02", "panel_from": "2026-05-01"}, "cannot begin before"),
            ({"follows_dates": "on"}, "at least one phase"),
        ],
    )
    def test_dates_that_cannot_be_are_refused_at_the_form(self, client, instruments, days, words):
        client.force_login(make_administrator())

        response = client.post(reverse("checklist:round-add"), {**FACTS, "officer": make_user().pk, **days})

        assert words in response.content.decode()
        assert not FundingRound.objects.exists()

    def test_the_officer_extends_a_phase(self, client, round_, officer):
        today = timezone.localdate()
        fields = {**FACTS, "reference": round_.reference, "follows_dates": "on"}
        past, later = today - dt.timedelta(days=9), today + dt.timedelta(days=9)

        client.post(url("round-edit", round_), {**fields, "review_from": past, "review_to": past})
        client.post(url("round-edit", round_), {**fields, "review_from": past, "review_to": later})

        assert round_.windows.get().ends_on == later
        round_.refresh_from_db()
        assert (round_.phase, round_.follows_dates, round_.title) == ("review", True, "Mekong 2026")

    def test_instruments_ranking_and_limits(self, client, round_, officer, instruments):
        first, second = (version.instrument_id for version in instruments)
        fields = {f"instrument_{first}": instruments[0].pk, f"threshold_{first}": "60", f"coverage_{first}": "80"}

        refused = client.post(url("round-instruments", round_), {**fields, "ranks": str(second)})
        beyond = client.post(url("round-instruments", round_), {**fields, f"threshold_{first}": "101", "ranks": ""})
        saved = client.post(url("round-instruments", round_), {**fields, "ranks": str(first)})

        assert "not used in the round" in refused.content.decode()
        assert "number from 0 to 100" in beyond.content.decode()
        assert saved.headers["Location"] == url("round-critical", round_)
        [pin] = round_.instruments.all()
        assert (pin.version, pin.ranks, pin.threshold, pin.minimum_coverage) == (instruments[0], True, 60, 80)

    def test_critical_items(self, client, round_, officer, instruments):
        rules = {
            f"criterion_{criterion.pk}": criterion.critical_rule
            for criterion in Criterion.objects.filter(version__in=instruments)
        }
        nine = Criterion.objects.get(version=instruments[0], key="9")

        client.post(url("round-critical", round_), {**rules, f"criterion_{nine.pk}": "explain"})

        assert critical_modes(round_) == {instruments[0].pk: {"9": "explain"}}

    def test_reviewers_and_money(self, client, round_, officer):
        client.post(
            url("round-review", round_),
            {"reviewers_wanted": "3", "maximum_load": "8", "difference_limit": "25", "names_shown": "all"},
        )
        client.post(url("round-money", round_), {"budget": "5000", "currency": "eur", "needs_consensus": "on"})

        round_.refresh_from_db()
        rules = round_.rules
        assert (round_.reviewers_wanted, round_.budget, round_.currency) == (3, 5000, "EUR")
        assert (rules.maximum_load, rules.difference_limit, rules.names_shown) == (8, 25, "all")
        assert (rules.has_reserve_list, rules.needs_consensus, rules.setup_step) == (False, True, "eligibility")

    def test_going_back_does_not_forget_how_far_one_was(self, round_):
        by = make_officer(round_)
        save_money(round_=round_, rules={"needs_consensus": True}, by=by)
        save_review(round_=round_, rules={"difference_limit": 40}, by=by)

        assert step(round_) == "eligibility"

    def test_conditions_are_added_put_in_order_and_removed(self, client, round_, officer):
        page = url("round-checks", round_)
        client.post(page, conditions(("Registered", 2), ("In the region", 1)))
        first, second = round_.eligibility_checks.order_by("position")
        stayed = client.post(page, conditions(("In the region", 1, first.pk), ("", 2, second.pk)) | {"more": "1"})

        assert (first.wording, second.wording) == ("In the region", "Registered")
        assert stayed.headers["Location"] == page
        assert [check.wording for check in round_.eligibility_checks.all()] == ["In the region"]

    def test_a_condition_that_is_there_twice_is_refused_at_its_row(self, client, round_, officer):
        response = client.post(url("round-checks", round_), conditions(("Registered", 1), ("registered", 2)))

        assert "This condition is there twice." in response.content.decode()
        assert not round_.eligibility_checks.exists()

    def test_what_is_missing_leads_to_its_place(self, client, round_, officer):
        page = client.get(url("round-ready", round_)).content.decode()
        overview = client.get(round_.get_absolute_url()).content.decode()

        assert "Finish the set-up" not in page
        for shown in (page, overview):
            assert "Give the budget" in shown
            assert url("round-money", round_) in shown

    def test_the_last_step_says_when_nothing_is_missing(self, client, round_, officer):
        TestReadiness().full(round_)

        page = client.get(url("round-ready", round_)).content.decode()
        response = client.post(url("round-ready", round_))

        assert "Nothing is missing." in page
        assert response.headers["Location"] == round_.get_absolute_url()
        assert step(round_) == DONE

    @pytest.mark.parametrize("name", STEPS)
    def test_every_step_shows_all_steps(self, client, round_, officer, name):
        from checklist.views.setup import URL_NAMES, step_url

        page = client.get(step_url(round_, name)).content.decode()

        assert all(step_url(round_, other) in page for other in URL_NAMES)
        assert 'aria-current="step"' in page


def conditions(*rows):
    """The form set of conditions as a browser sends it: (words, place, key)."""
    posted = {"condition-TOTAL_FORMS": len(rows), "condition-INITIAL_FORMS": 0}
    for number, (words, place, *pk) in enumerate(rows):
        posted |= {f"condition-{number}-wording": words, f"condition-{number}-place": place}
        posted[f"condition-{number}-pk"] = pk[0] if pk else ""
        posted[f"condition-{number}-guidance"] = ""
    return posted
