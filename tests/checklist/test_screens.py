"""Flags, coverage and profiles without a sum: what they come to, and what no answers can break."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import scoring
from checklist.answer_kinds import ANSWER_KINDS, NEI
from checklist.scoring import (
    CriticalMode,
    FormLength,
    ItemAnswer,
    SubAnswer,
    marks,
    questions_to_applicant,
    score,
    tensions_in,
    validate_item,
)

from .instruments import ALL, FULL_STAGE, TENSIONS, item_answer

FLAGS, FOUR_P = ALL["siren-red-flags"], ALL["four-p-coverage"]
COMMONWEALTH, OSCE, TIP = ALL["commonwealth-proposals"], ALL["osce-ten-principles"], ALL["tip-2016-prevention"]
HARM = ["RF-13", "RF-14", "RF-15", "RF-17", "RF-20", "RF-24"]
FURTHER = [spec for spec in ALL.values() if spec.slug not in ("siren-donor-checklist", "six-guiding-principles")]
THREE_WAYS = {"RF-05": "seen", "RF-08": "seen", "RF-04": "seen", "RF-13": "seen", "RF-01": NEI}


def flags(**_):
    codes = {item.key: THREE_WAYS.get(item.key, "not_seen") for item in FLAGS.items}
    return {key: ItemAnswer(code, "What I saw.") for key, code in codes.items()}


def codes_of(result):
    return {problem.code for problem in result}


# -- what ships -------------------------------------------------------------------------------------


def test_the_screen_has_the_grades_and_the_harm_of_the_design():
    grades = {mode: [item.key for item in FLAGS.items if item.critical.mode is mode] for mode in CriticalMode}

    assert [item.key for item in FLAGS.items] == [f"RF-{number:02}" for number in range(1, 26)]
    assert grades[CriticalMode.BLOCK] == ["RF-05", *HARM]
    assert grades[CriticalMode.NONE] == ["RF-04", "RF-09", "RF-18", "RF-19", "RF-23"]
    assert [item.key for item in FLAGS.items if item.about_harm] == HARM


def test_every_further_instrument_has_its_own_kind_of_answer_and_result():
    found = {
        spec.slug: (spec.result_kind.value, {item.kind for item in spec.items}, len(spec.items)) for spec in FURTHER
    }

    assert found == {
        "siren-red-flags": ("flags", {"flag"}, 25),
        "osce-ten-principles": ("profile", {"met"}, 10),
        "icmpd-five-principles": ("profile", {"met"}, 5),
        "commonwealth-proposals": ("coverage", {"coverage"}, 5),
        "tip-2016-prevention": ("profile", {"level_0_3"}, 5),
        "four-p-coverage": ("coverage", {"four_p"}, 4),
        "ijshs-recommendations": ("profile", {"met"}, 9),
    }


def test_keys_are_used_once_over_all_instruments():
    keys = [item.key for spec in ALL.values() for item in spec.items]

    assert len(keys) == len(set(keys)) == 80


# -- flags ------------------------------------------------------------------------------------------


def test_flags_are_a_list_with_harm_first_and_never_a_number():
    result = score(FLAGS, flags(), FULL_STAGE)

    assert [item.key for item in result.seen] == ["RF-13", "RF-05", "RF-08", "RF-04"]
    assert [item.key for item in result.harm] == ["RF-13"]
    assert [item.key for item in result.seen_of(CriticalMode.EXPLAIN)] == ["RF-08"]
    assert result.unclear == ("RF-01",)
    assert (result.judged, result.total) == (24, 25)
    assert result.counts == {"nei": 1, "seen": 4, "unseen": 20}
    assert not hasattr(result, "share")
    assert marks(result) == "NUUSSUUSUUUUSUUUUUUUUUUUU"


def test_a_stop_flag_blocks_and_an_explain_flag_asks():
    result = score(FLAGS, flags(), FULL_STAGE)

    assert {critical.key: critical.blocks for critical in result.criticals} == {
        "RF-05": True,
        "RF-08": False,
        "RF-13": True,
    }
    assert [question.key for question in questions_to_applicant(FLAGS, flags())] == ["RF-01", "RF-08"]


def test_a_flag_seen_or_unclear_needs_words_and_one_not_seen_none():
    item = FLAGS.item("RF-04")

    def found(code):
        return codes_of(validate_item(item, ItemAnswer(code), FormLength.FULL, FULL_STAGE))

    assert found("seen") == {"reason_when_seen"}
    assert found(NEI) == {"reason_for_nei"}
    assert found("not_seen") == set()
    assert codes_of(validate_item(FLAGS.item("RF-05"), ItemAnswer("seen"), FormLength.FULL, FULL_STAGE)) == {
        "reason_for_critical"
    }


def test_a_round_may_grade_a_flag_otherwise():
    spec = scoring.with_critical_modes(FLAGS, {"RF-04": CriticalMode.BLOCK})

    assert "RF-04" in {critical.key for critical in score(spec, flags(), FULL_STAGE).criticals if critical.blocks}


# -- coverage ---------------------------------------------------------------------------------------


def four_p(*shares):
    codes = ("main", "secondary", "none", "secondary")
    return {
        item.key: item_answer(code, "On page 3.", **({"a": share} if share is not None else {}))
        for item, code, share in zip(FOUR_P.items, codes, shares, strict=True)
    }


@pytest.mark.parametrize(
    ("shares", "budget", "notice"),
    [
        ((None, None, None, None), None, ""),
        (("60", "30", "0", "10"), 1, ""),
        (("33.3", "33.3", "0", "33.3"), Fraction(999, 1000), ""),
        (("60", "30", None, None), Fraction(9, 10), ""),
        (("60", "30", "0", "5"), Fraction(95, 100), "budget_under"),
        (("60", "50", None, None), Fraction(110, 100), "budget_over"),
    ],
)
def test_shares_of_the_budget_are_checked_and_never_judged(shares, budget, notice):
    result = score(FOUR_P, four_p(*shares), FULL_STAGE)

    assert (result.budget, result.budget_notice) == (budget, notice)
    assert [item.mark for item in result.items] == ["main", "also", "absent", "also"]
    assert result.criticals == ()
    assert marks(result) == "MCOC"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("40", "40"), ("40 %", "40"), ("12,50", "12.5"), ("0", "0"), ("100.0", "100"), ("007", "7")],
)
def test_a_typed_share_is_kept_as_a_number(typed, code):
    kind = ANSWER_KINDS["sub_percent"]

    assert kind.typed(typed) == code
    assert kind.has(code)


@pytest.mark.parametrize("typed", ["101", "-1", "a third", "1e2", "12.345", "٣", "50 60", "inf"])
def test_what_is_no_share_is_none(typed):
    kind = ANSWER_KINDS["sub_percent"]

    assert not kind.has(kind.typed(typed))


def test_the_question_on_quality_is_asked_only_where_the_theme_is_there():
    item = COMMONWEALTH.item("Ca")

    def found(code, **subs):
        return codes_of(validate_item(item, item_answer(code, "Here.", **subs), FormLength.FULL, FULL_STAGE))

    assert found("main") == {"missing_sub_answer"}
    assert found("main", a="no") == set()
    assert found("not_addressed") == set()
    assert found(NEI) == set()
    assert codes_of(validate_item(item, item_answer("main", "Here."), FormLength.SHORT, FULL_STAGE)) == set()


def test_what_stands_beside_changes_nothing():
    answers = {item.key: item_answer("also", "Here.", a="no") for item in COMMONWEALTH.items}

    result = score(COMMONWEALTH, answers, FULL_STAGE, FormLength.FULL)

    assert {item.mark for item in result.items} == {"also"}
    assert all(item.problems == () for item in result.items)


# -- profiles without a sum ----------------------------------------------------------------------------


def test_met_partly_and_not_stand_side_by_side():
    codes = ["met", "partly", "not_met", NEI, "na", "met", "met", "met", "met", None]
    answers = {item.key: ItemAnswer(code, "Why.") for item, code in zip(OSCE.items, codes, strict=True)}

    result = score(OSCE, answers, FULL_STAGE)

    assert [item.state for item in result.items][:5] == ["favourable", "partly", "adverse", "nei", "na"]
    assert {item.level for item in result.items} == {None}
    assert (result.judged, result.applicable, result.total) == (7, 9, 10)
    assert marks(result) == "FPANXFFFF-"
    assert not hasattr(result, "share")


def test_prevention_has_levels_from_0_to_3_with_reasons_at_the_ends():
    answers = {item.key: ItemAnswer(code) for item, code in zip(TIP.items, "0123", strict=False)}

    result = score(TIP, answers, FULL_STAGE)

    assert [item.level for item in result.items] == [0, 1, 2, 3, None]
    assert [item.needs_reason for item in result.items] == [True, False, False, True, False]
    assert marks(result) == "0123-"


# -- properties -----------------------------------------------------------------------------------------


@st.composite
def answered(draw, spec):
    answers = {}
    for item in spec.items:
        subs = {}
        for sub in item.subs:
            codes = [option.code for option in sub.answer_kind.options] or ["0", "33.3", "50", "100"]
            subs[sub.key] = SubAnswer(draw(st.sampled_from([None, *codes])), draw(st.sampled_from(["", "words"])))
        code = draw(st.sampled_from([None, *[option.code for option in item.answer_kind.options]]))
        answers[item.key] = ItemAnswer(code, draw(st.sampled_from(["", "words"])), subs)
    return answers


@pytest.mark.parametrize("spec", FURTHER, ids=lambda spec: spec.slug)
@given(data=st.data(), form_length=st.sampled_from(FormLength))
def test_every_form_comes_to_a_result_without_a_total(spec, data, form_length):
    answers = data.draw(answered(spec))

    result = score(spec, answers, FULL_STAGE, form_length)

    letters = marks(result)
    assert len(letters) == len(spec.items) == result.total
    assert sum(result.counts.values()) == result.total
    assert 0 <= result.judged <= result.applicable <= result.total
    assert not hasattr(result, "share")
    asked = {question.key for question in questions_to_applicant(spec, answers)}
    assert {key for key, answer in answers.items() if answer.answer == NEI} <= asked


@given(answered(FLAGS), st.sampled_from([item.key for item in FLAGS.items]))
def test_seeing_one_flag_more_adds_that_flag_and_takes_none_away(answers, key):
    before = score(FLAGS, answers | {key: ItemAnswer("not_seen")}, FULL_STAGE)
    after = score(FLAGS, answers | {key: ItemAnswer("seen", "There.")}, FULL_STAGE)

    assert {item.key for item in after.seen} == {item.key for item in before.seen} | {key}
    assert len(after.seen) == len(before.seen) + 1
    assert [item.about_harm for item in after.seen] == sorted((i.about_harm for i in after.seen), reverse=True)


@given(answered(FOUR_P), st.randoms(use_true_random=False))
def test_the_order_of_themes_never_matters(answers, random):
    items = list(FOUR_P.items)
    random.shuffle(items)

    one, two = score(FOUR_P, answers, FULL_STAGE), score(replace(FOUR_P, items=tuple(items)), answers, FULL_STAGE)

    assert (one.counts, one.budget, one.budget_notice) == (two.counts, two.budget, two.budget_notice)


# -- tensions --------------------------------------------------------------------------------------------

RULES = [each.spec for each in TENSIONS]


def found(**answers):
    places = {(rule_place[0], rule_place[1]): None for rule in RULES for rule_place in rule.places}
    named = {place: answers.get(place[1].replace("-", "_")) for place in places}
    return {each.slug: each.places for each in tensions_in(RULES, named)}


def test_a_flag_against_the_comprehensive_approach_and_a_principle_for_it_are_shown_together():
    both = ("siren-red-flags", "RF-08"), ("osce-ten-principles", "O6"), ("icmpd-five-principles", "I4")

    assert found(RF_08="seen", O6="met", I4="partly") == {"targeted-or-comprehensive": both[:2]}
    assert found(RF_08="seen", O6="met", I4="met") == {"targeted-or-comprehensive": both}
    assert found(RF_08="not_seen", O6="met", I4="met") == {}
    assert found(RF_08="seen", O6="partly") == {}


@pytest.mark.parametrize(
    ("answers", "slug"),
    [
        ({"9": "yes", "5": "no"}, "urgent-or-lasting"),
        ({"P4": "4", "P6": "1"}, "urgent-or-lasting"),
        ({"2": "na", "T1": "3"}, "proven-or-new"),
        ({"RF_14": "seen", "O5": "met"}, "person-or-case"),
        ({"T2": "2", "RF_11": "seen"}, "awareness-or-change"),
    ],
)
def test_the_tensions_of_the_design(answers, slug):
    assert list(found(**answers)) == [slug]


def test_nothing_is_shown_before_both_sides_have_spoken():
    assert found() == {}
    assert found(RF_08="seen") == {}
