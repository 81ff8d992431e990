"""What one answer must bring with it."""

import string

import pytest

from checklist.item_rules import (
    CRITICAL_TEXTS,
    PROBLEM_TEXTS,
    REASON_RULES,
    ProblemKind,
    effective_answer,
    needs_reason,
    validate_item,
)
from checklist.scoring import FormLength, ItemAnswer, RoundContext, Stage

from .instruments import CHECKLIST, CONCEPT, FULL_STAGE, PRINCIPLES, item_answer

SHORT, FULL = FormLength.SHORT, FormLength.FULL
HOW = ("adequate", "tested with the group")


def problems(key, given, form_length=SHORT, context=CONCEPT):
    spec = PRINCIPLES.item(key) if key.startswith("P") else CHECKLIST.item(key)
    return {(p.code, p.field) for p in validate_item(spec, given, form_length, context)}


# -- reasons --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "answer", "reason"),
    [
        ("1", "yes", None),
        ("1", "partly", "reason_all_but_plain_yes"),
        ("5", "no", "reason_all_but_plain_yes"),
        ("1", "no", "reason_for_critical"),
        ("1", "nei", "reason_for_nei"),
        ("1", "na", "reason_for_na"),
        ("2", "yes", "reason_always"),
        ("3", "yes", "reason_for_critical"),
        ("3", "no", "reason_overlap_checked"),
        ("7", "linked", "reason_always"),
        ("9", "yes", None),
        ("P1", "0", "reason_ends_of_scale"),
        ("P1", "1", "reason_ends_of_scale"),
        ("P1", "2", None),
        ("P1", "3", None),
        ("P1", "4", "reason_ends_of_scale"),
        ("P1", "nei", "reason_for_nei"),
    ],
)
def test_which_answers_need_a_reason(key, answer, reason):
    spec = PRINCIPLES.item(key) if key.startswith("P") else CHECKLIST.item(key)
    wanted = set() if reason is None else {(reason, "rationale")}

    assert needs_reason(spec, ItemAnswer(answer), CONCEPT) == reason
    assert problems(key, ItemAnswer(answer)) == wanted
    assert problems(key, ItemAnswer(answer, "because of page 3")) == set()


def test_blank_words_are_no_reason():
    assert problems("5", ItemAnswer("no", " \n ")) == {("reason_all_but_plain_yes", "rationale")}


def test_a_search_of_the_register_stands_in_for_a_no_to_item_3_only():
    assert problems("3", ItemAnswer("no", has_registry_search=True)) == set()
    assert problems("3", ItemAnswer("yes", has_registry_search=True)) == {("reason_for_critical", "rationale")}


def test_nothing_answered_is_missing_and_needs_no_reason():
    assert problems("1", ItemAnswer()) == {("missing_answer", "answer")}
    assert needs_reason(CHECKLIST.item("1"), ItemAnswer(), CONCEPT) is None


# -- the item against its sub-questions -------------------------------------------------------


def test_a_better_answer_than_the_rule_gives_is_refused():
    given = item_answer("yes", "I like it", a="yes", b="partly")

    found = validate_item(CHECKLIST.item("5"), given, SHORT, CONCEPT)

    assert [(p.code, p.kind, p.params) for p in found] == [
        ("better_than_rule", ProblemKind.CONFLICT, {"answer_code": "yes", "derived_code": "partly"})
    ]


def test_better_is_meant_for_the_proposal_so_item_3_turns_round():
    subs = {"a": "yes", "b": "yes", "c": "yes", "d": "no"}

    assert problems("3", item_answer("no", "r", **subs)) == {("better_than_rule", "answer")}
    assert problems("3", item_answer("yes", "r", **subs)) == set()


def test_a_worse_answer_is_allowed_with_a_reason():
    assert problems("5", item_answer("no", a="yes", b="yes")) == {("reason_for_override", "rationale")}
    assert problems("5", item_answer("no", "unit costs are wrong", a="yes", b="yes")) == set()
    assert problems("8", item_answer("partly", a="yes", b="yes", c=HOW)) == {("reason_for_override", "rationale")}


def test_an_open_rule_caps_and_is_no_override_yet():
    assert problems("11", item_answer("yes", "r", c="no")) == {("better_than_rule", "answer")}
    assert needs_reason(CHECKLIST.item("5"), item_answer("partly", a="yes"), CONCEPT) == "reason_all_but_plain_yes"


def test_missing_information_below_allows_it_above_or_something_strictly_worse():
    subs = {"a": "nei", "b": "yes"}

    assert problems("5", item_answer("nei", "what is the budget?", **subs)) == set()
    assert problems("5", item_answer("partly", "probably thin", **subs)) == set()
    assert problems("5", item_answer("yes", "surely", **subs)) == {("worse_than_nei_only", "answer")}
    assert problems("5", item_answer("partly", **subs)) >= {("reason_for_override", "rationale")}


def test_an_override_names_what_the_sub_questions_give():
    for subs, gives in (({"a": "nei", "b": "yes"}, "nei"), ({"a": "yes", "b": "yes"}, "yes")):
        found = validate_item(CHECKLIST.item("5"), item_answer("no", **subs), SHORT, CONCEPT)

        assert {"derived_code": gives} in [p.params for p in found if p.code == "reason_for_override"]


def test_settled_sub_questions_leave_no_room_for_missing_information():
    assert problems("5", item_answer("nei", "r", a="no", b="yes")) == {("nei_against_subs", "answer")}
    assert problems("5", item_answer("nei", "r", a="yes")) == set()


def test_not_applicable_against_answered_sub_questions():
    assert problems("5", item_answer("na", "r", a="yes")) == {("na_against_subs", "answer")}
    assert problems("5", item_answer("na", "r", a="na")) == set()
    assert problems("5", item_answer("na", "r", a="na", b="na")) == set()
    assert problems("5", item_answer("yes", "r", a="na", b="na")) == {("subs_all_na", "answer")}


def test_a_declared_pilot_may_be_not_applicable():
    assert problems("2", item_answer("na", "pilot with a control group", a="pilot"), FULL) == set()
    assert problems("2", item_answer("na", "r", a="no")) == {("na_against_subs", "answer")}


def test_item_8_is_yes_only_with_the_how():
    assert problems("8", item_answer("yes")) == {("sub_needed_for_answer", "sub_c")}
    assert problems("8", item_answer("yes", c=HOW)) == set()
    assert problems("8", item_answer("yes", c="adequate")) == {
        ("better_than_rule", "answer"),
        ("sub_text_needed", "sub_c_text"),
    }
    assert problems("8", item_answer("yes", c="none")) == {("better_than_rule", "answer")}
    assert problems("8", item_answer("partly", "only in Thai")) == set()


def test_derived_answers_count_as_answered_and_need_their_reasons():
    spec, given = CHECKLIST.item("5"), item_answer(None, a="no", b="yes")

    assert effective_answer(spec, given) == "no"
    assert problems("5", given) == {("reason_all_but_plain_yes", "rationale")}


# -- sub-questions ----------------------------------------------------------------------------


def test_the_full_form_wants_every_sub_question():
    assert problems("5", item_answer("yes", a="yes"), FULL) == {("missing_sub_answer", "sub_b")}
    assert problems("5", item_answer("yes", a="yes", b="yes"), FULL) == set()
    assert problems("5", item_answer("yes", a="yes"), SHORT) == set()


def test_the_full_form_wants_none_for_an_item_that_does_not_apply():
    assert problems("5", item_answer("na", "no budget is asked for"), FULL) == set()


def test_sub_questions_that_another_answer_makes_pointless_need_no_answer():
    assert problems("2", item_answer("no", "r", a="no"), FULL) == set()
    assert problems("3", item_answer("no", "r", a="no", b="yes"), FULL) == set()
    assert problems("3", item_answer("yes", "r", a="yes", b="yes", c="yes"), FULL) == {("missing_sub_answer", "sub_d")}


def test_states_of_sub_questions_need_words_somewhere():
    assert problems("4", item_answer("yes", a="nei", b="yes", c="yes", d="yes")) == {
        ("sub_reason_needed", "sub_a_text")
    }
    assert problems("4", item_answer("yes", a=("nei", "which?"), b="yes", c="yes", d="yes")) == set()
    assert problems("4", item_answer("yes", "sector is not named", a="nei", b="yes", c="yes", d="yes")) == set()


def test_what_is_no_answer_is_invalid_and_nothing_else_is_said():
    found = validate_item(CHECKLIST.item("7"), item_answer("yes", a="yes"), FULL, CONCEPT)

    assert [(p.code, p.kind) for p in found] == [
        ("not_an_answer", ProblemKind.INVALID),
        ("unknown_sub_question", ProblemKind.INVALID),
    ]
    assert problems("8", item_answer("yes", c="yes")) == {("not_an_answer", "sub_c")}


# -- context and texts ------------------------------------------------------------------------


def test_a_critical_answer_needs_a_reason_only_where_the_rule_holds():
    spec = CHECKLIST.item("10")

    assert needs_reason(spec, ItemAnswer("no"), FULL_STAGE) == "reason_for_critical"
    assert needs_reason(spec, ItemAnswer("no"), RoundContext(Stage.FULL, None)) == "reason_for_critical"
    assert needs_reason(spec, ItemAnswer("no"), CONCEPT) == "reason_all_but_plain_yes"


def test_every_reason_rule_has_its_sentence():
    assert {f"reason_{code}" for code in REASON_RULES} <= set(PROBLEM_TEXTS)
    assert {"block", "explain", "assumed_contact"} == set(CRITICAL_TEXTS)


@pytest.mark.parametrize("key", PROBLEM_TEXTS)
def test_sentences_fill_from_the_documented_names(key):
    text = PROBLEM_TEXTS[key] % {"answer": "Yes", "derived": "Partly", "sub": "a"}

    assert "%" not in text
    assert text[-1] in string.punctuation
