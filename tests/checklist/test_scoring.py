"""The sums, worked by hand."""

from fractions import Fraction

import pytest

from checklist.scoring import (
    ChecklistResult,
    CriticalMode,
    Favourability,
    FormLength,
    InstrumentSpec,
    ItemAnswer,
    ItemSpec,
    ProfileResult,
    Range,
    ResultKind,
    RoundContext,
    Stage,
    consistency_notices,
    marks,
    progress,
    questions_to_applicant,
    score,
    with_critical_modes,
)

from .instruments import CHECKLIST, CONCEPT, CROSSWALK, FULL_STAGE, PRINCIPLES, item_answer, straight

HALF = Fraction(1, 2)


def checked(answers, context=FULL_STAGE):
    return score(CHECKLIST, answers, context)


def critical_keys(answers, context=FULL_STAGE, spec=CHECKLIST):
    return {critical.key: critical.rule.mode.value for critical in score(spec, answers, context).criticals}


# -- share and range ------------------------------------------------------------------------


def test_yes_straight_down_is_ten_of_eleven():
    result = checked(straight("yes"))

    assert result.share == Fraction(10, 11)
    assert result.item("3").favourability is Favourability.ADVERSE


def test_the_best_form_says_no_to_item_3():
    result = checked(straight("yes", i3="no"))

    assert result.share == 1
    assert result.range == Range(Fraction(1), Fraction(1))


def test_no_straight_down_is_not_nothing():
    result = checked(straight("no", i7="alone"))

    assert result.share == Fraction(1, 11)


def test_nothing_answered_has_no_share_and_the_whole_range():
    result = checked({})

    assert result.share is None
    assert result.range == Range(Fraction(0), Fraction(1))
    assert (result.judged, result.applicable, result.total) == (0, 11, 11)
    assert result.counts[Favourability.UNANSWERED] == 11


def test_everything_not_applicable_has_neither_share_nor_range():
    result = checked(straight("na", i7="na"))

    assert (result.share, result.range) == (None, None)
    assert (result.judged, result.applicable, result.total) == (0, 0, 11)


def test_a_mixed_form_by_hand():
    """Six favourable, two partly, the reversed yes adverse: 6 + 2 x 1/2 + 0 = 7 of 9 judged."""
    answers = straight("yes", i2="partly", i3="yes", i4="partly", i5="nei", i6="na")

    result = checked(answers)

    assert result.judged == 9
    assert result.applicable == 10
    assert result.share == Fraction(7, 9)
    assert result.range == Range(Fraction(7, 10), Fraction(8, 10))
    assert result.counts == {
        Favourability.FAVOURABLE: 6,
        Favourability.PARTLY: 2,
        Favourability.ADVERSE: 1,
        Favourability.NEI: 1,
        Favourability.NA: 1,
        Favourability.UNANSWERED: 0,
    }
    assert marks(result) == "FPAPNXFFFFF"


def test_weights_count():
    items = (ItemSpec("1", weight=Fraction(3)), ItemSpec("2"), ItemSpec("3", weight=Fraction(0)))
    spec = InstrumentSpec("weighted", ResultKind.SHARE, items)

    result = score(spec, {"1": ItemAnswer("yes"), "2": ItemAnswer("no"), "3": ItemAnswer("no")}, CONCEPT)

    assert result.share == Fraction(3, 4)


def test_only_items_without_weight_judged_gives_no_share():
    spec = InstrumentSpec("weightless", ResultKind.SHARE, (ItemSpec("1", weight=Fraction(0)),))

    result = score(spec, {"1": ItemAnswer("yes")}, CONCEPT)

    assert (result.share, result.range) == (None, None)


def test_an_item_without_own_answer_counts_as_its_sub_questions_say():
    result = checked({"1": item_answer(None, a="yes", b="partly")})

    assert result.item("1").raw is None
    assert result.item("1").answer == result.item("1").derived == "partly"
    assert result.share == HALF


def test_found_not_effective_raises_a_flag():
    result = checked({"2": item_answer("not_effective", "harm shown")})

    assert [(flag.key, flag.code) for flag in result.flags] == [("2", "evaluated_not_effective")]
    assert result.share == 0


def test_problems_are_worked_out_only_when_the_form_length_is_given():
    answers = {"1": ItemAnswer("no")}

    assert score(CHECKLIST, answers, CONCEPT).item("1").problems == ()
    assert score(CHECKLIST, answers, CONCEPT, FormLength.SHORT).item("1").problems != ()
    assert score(CHECKLIST, answers, CONCEPT).item("1").needs_reason


# -- profile --------------------------------------------------------------------------------


def test_a_profile_lists_levels_and_sums_nothing():
    answers = {"P1": ItemAnswer("3"), "P2": ItemAnswer("0"), "P3": ItemAnswer("nei"), "P4": ItemAnswer("na")}

    result = score(PRINCIPLES, answers, FULL_STAGE)

    assert isinstance(result, ProfileResult)
    assert [item.level for item in result.items] == [3, 0, None, None, None, None]
    assert [item.state for item in result.items] == ["level", "level", "nei", "na", "unanswered", "unanswered"]
    assert (result.judged, result.applicable, result.total) == (2, 5, 6)
    assert result.counts == {"0": 1, "3": 1, "na": 1, "nei": 1, "unanswered": 2}
    assert marks(result) == "30NX--"
    assert not {"share", "sum", "mean", "total_level"} & set(dir(result))


def test_the_result_kind_chooses_the_shape():
    assert isinstance(score(CHECKLIST, {}, CONCEPT), ChecklistResult)
    assert isinstance(score(PRINCIPLES, {}, CONCEPT), ProfileResult)


# -- critical items ---------------------------------------------------------------------------


def test_the_default_critical_items_of_the_full_stage():
    answers = straight("no", i3="yes", i7="alone")

    result = checked(answers)

    assert {c.key: c.rule.mode.value for c in result.criticals} == {
        "1": "block",
        "3": "explain",
        "4": "block",
        "6": "block",
        "8": "block",
        "10": "block",
        "11": "block",
    }
    assert result.blocks_recommendation


def test_at_concept_stage_without_contact_fewer_items_are_critical():
    answers = straight("no", i3="yes", i7="alone")

    assert set(critical_keys(answers, CONCEPT)) == {"1", "3", "4", "11"}


def test_unknown_contact_counts_as_contact_and_says_so():
    context = RoundContext(Stage.CONCEPT, direct_contact=None)

    result = score(CHECKLIST, straight("yes", i3="no", i10="no"), context)

    assert [(c.key, c.is_assumed) for c in result.criticals] == [("10", True)]


def test_an_explain_rule_does_not_block():
    result = checked(straight("yes"))

    assert [(c.key, c.blocks) for c in result.criticals] == [("3", False)]
    assert not result.blocks_recommendation


@pytest.mark.parametrize("answer", ["nei", "na", "partly"])
def test_only_an_adverse_answer_is_critical(answer):
    assert critical_keys(straight("yes", i3="no", i1=answer)) == {}


@pytest.mark.parametrize(
    ("subs", "is_critical"),
    [
        ({"a": "no", "b": "no", "c": "no", "d": "yes"}, True),
        ({"a": "no", "b": "partly", "c": "no", "d": "no"}, False),
        ({"a": "no", "b": "nei", "c": "no", "d": "no"}, False),
        ({"a": "no", "b": "na", "c": "na", "d": "yes"}, True),
        ({"a": "na", "b": "na", "c": "na", "d": "no"}, False),
        # b and c are open: the item stands in for them.
        ({"a": "no", "d": "no"}, True),
        ({}, True),
    ],
)
def test_item_4_is_critical_when_there_is_no_target_at_all(subs, is_critical):
    answers = {"4": item_answer("no", "reason", **subs)}

    assert ("4" in critical_keys(answers)) is is_critical


def test_item_6_looks_at_the_framework_only():
    assert critical_keys({"6": item_answer("no", "r", a="yes", b="no")}) == {}
    assert critical_keys({"6": item_answer("no", "r", a="no", b="yes")}) == {"6": "block"}


def test_a_round_sets_its_own_critical_rules():
    spec = with_critical_modes(CHECKLIST, {"1": CriticalMode.NONE, "9": CriticalMode.EXPLAIN})

    found = critical_keys({"1": ItemAnswer("no"), "9": ItemAnswer("no")}, spec=spec)

    assert found == {"9": "explain"}
    assert CHECKLIST.item("1").critical.mode is CriticalMode.BLOCK


# -- progress, questions, notices --------------------------------------------------------------


def test_progress_counts_answers_and_names_what_is_missing():
    answers = straight("yes", i3="no", i5=None) | {"9": ItemAnswer("no"), "8": item_answer("yes")}

    found = progress(CHECKLIST, answers, FormLength.SHORT, CONCEPT)

    assert (found.answered, found.total) == (10, 11)
    assert found.missing == ("5", "8")
    assert found.need_reason == ("9",)
    assert found.conflicts == ()
    assert not found.is_complete


def test_progress_of_two_instruments_joins():
    both = progress(CHECKLIST, {}, FormLength.SHORT, CONCEPT) + progress(
        PRINCIPLES, {"P1": ItemAnswer("4")}, FormLength.SHORT, CONCEPT
    )

    assert (both.answered, both.total) == (1, 17)
    assert both.need_reason == ("P1",)
    assert both.missing[-1] == "P6"


def test_a_complete_short_form_is_complete():
    how = item_answer("yes", c=("adequate", "tested with the group in March"))
    answers = straight("yes", i3="no") | {"8": how}

    assert progress(CHECKLIST, answers, FormLength.SHORT, FULL_STAGE).is_complete


def test_a_short_form_is_not_complete_in_a_full_form_round():
    answers = straight("yes", i3="no") | {"8": item_answer("yes", c=("adequate", "tested"))}

    found = progress(CHECKLIST, answers, FormLength.FULL, FULL_STAGE)

    assert found.missing == ("1", "2", "3", "4", "5", "6", "8", "10", "11")


def test_questions_come_from_items_and_sub_questions_in_order():
    answers = {
        "11": item_answer("nei", "What is the baseline?"),
        "1": item_answer(None, "Which survey?", a=("nei", "Which year is the survey?"), b="yes"),
        "4": item_answer("no", "no target", a=("nei", " Which sector? "), b="no", c="no", d="no"),
        "5": item_answer("partly", "tight", a="nei"),
        "9": item_answer("yes"),
    }

    found = [(q.key, q.sub, q.text) for q in questions_to_applicant(CHECKLIST, answers)]

    assert found == [
        ("1", None, "Which survey?"),
        ("1", "a", "Which year is the survey?"),
        ("4", "a", "Which sector?"),
        ("5", "a", ""),
        ("11", None, "What is the baseline?"),
    ]


def test_a_notice_when_a_main_item_is_adverse_but_the_principle_sound():
    checklist = checked(straight("yes", i3="no", i9="no"))
    profile = score(PRINCIPLES, {"P4": ItemAnswer("3"), "P3": ItemAnswer("3")}, FULL_STAGE)

    found = consistency_notices(CROSSWALK, checklist, profile)

    assert [(n.code, n.principle, n.level, n.items) for n in found] == [("adverse_but_sound", "P4", 3, ("9",))]


def test_a_notice_when_all_main_items_are_favourable_but_the_principle_weak():
    profile = score(PRINCIPLES, {"P6": ItemAnswer("1")}, FULL_STAGE)

    found = consistency_notices(CROSSWALK, checked(straight("yes", i3="no", i5="na")), profile)
    not_all = consistency_notices(CROSSWALK, checked(straight("yes", i3="no", i5="nei")), profile)

    assert [(n.code, n.principle, n.items) for n in found] == [("favourable_but_weak", "P6", ("6", "11"))]
    assert not_all == ()


def test_levels_in_between_give_no_notice():
    profile = score(PRINCIPLES, {f"P{n}": ItemAnswer("2") for n in range(1, 7)}, FULL_STAGE)

    assert consistency_notices(CROSSWALK, checked(straight("no", i7="alone")), profile) == ()


def test_a_key_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="siren-donor-checklist has no criterion '12'"):
        CHECKLIST.item("12")
