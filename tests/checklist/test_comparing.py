"""Comparing two versions: what is proposed for each criterion, and the words that differ."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.comparing import STILL_ALIKE, Change, Verdict, comparable_groups, compare, word_diff
from checklist.specs import CriticalMode, CriticalRule, Polarity, SubSpec

from .instruments import read
from .test_checking import criterion, instrument

CHECKLIST = read("siren-donor-checklist.yaml")
LONG = "Is enough time and funding available to allow the intervention to make a demonstrable difference?"


def one(content, **spec):
    """The only criterion of an instrument with other rules."""
    only = content.criteria[0]
    return replace(content, criteria=(replace(only, spec=replace(only.spec, **spec)),))


def verdicts(earlier, later):
    return [(row.earlier_key, row.key, row.proposed.value) for row in compare(earlier, later).rows]


def test_a_copy_is_the_same_throughout():
    copied = replace(CHECKLIST, slug="donor-own", version=7, change_note="Copied")

    comparison = compare(CHECKLIST, copied)

    assert comparison.is_empty
    assert {row.proposed for row in comparison.rows} == {Verdict.SAME}


def test_only_texts_that_differ_make_it_reworded():
    before = instrument(criterion("5", LONG))
    after = instrument(criterion("5", LONG.replace("enough", "sufficient")))

    assert verdicts(before, after) == [("5", "5", "reworded")]
    assert verdicts(before, instrument(replace(criterion("5", LONG), guidance="Look twice."))) == [
        ("5", "5", "reworded")
    ]


def test_another_question_under_the_same_key_is_changed_in_meaning():
    after = instrument(criterion("5", "Who keeps the accounts of the shelter in the capital?"))

    assert verdicts(instrument(criterion("5", LONG)), after) == [("5", "5", "changed")]


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("kind", {"kind": "linked"}),
        ("polarity", {"polarity": Polarity.YES_IS_BAD}),
        ("critical_rule", {"critical": CriticalRule(CriticalMode.BLOCK)}),
        ("combining", {"combining": "minimum"}),
    ],
)
def test_a_rule_that_changes_what_is_measured_changes_the_meaning(name, spec):
    row = compare(instrument(), one(instrument(), **spec)).rows[0]

    assert row.proposed is Verdict.CHANGED
    assert [(rule.name, rule.is_meaning) for rule in row.rules] == [(name, True)]


def test_the_condition_and_scope_of_a_critical_rule_count_only_where_there_is_one():
    rule = CriticalRule(CriticalMode.BLOCK)
    before = one(instrument(), critical=rule)

    assert verdicts(before, one(instrument(), critical=replace(rule, scope=("a",))))[0][2] == "changed"
    assert verdicts(instrument(), one(instrument(), critical=CriticalRule(scope=("a",))))[0][2] == "same"


def test_other_sub_questions_change_the_meaning():
    before = instrument(criterion(subs={"a": "sub_yes_no", "b": "sub_yes_no"}, combining="minimum"))
    after = one(before, subs=(SubSpec("a"),))
    after = replace(after, criteria=(replace(after.criteria[0], subs=after.criteria[0].subs[:1]),))

    assert verdicts(before, after)[0][2] == "changed"


def test_weight_reason_and_number_are_shown_and_do_not_count():
    after = one(instrument(), weight=Fraction(2), reason_rule="all_but_plain_yes")
    after = replace(after, criteria=(replace(after.criteria[0], number="1a"),))

    row = compare(instrument(), after).rows[0]

    assert row.proposed is Verdict.SAME
    assert {rule.name for rule in row.rules} == {"weight", "reason_rule", "number"}
    assert row.choices == (Verdict.SAME, Verdict.REWORDED, Verdict.CHANGED)


def test_a_criterion_under_another_key_is_found_by_its_wording():
    before = instrument(criterion("1"), criterion("5", LONG))
    after = instrument(
        criterion("1"), criterion("7", LONG.replace("demonstrable", "visible")), criterion("8", "Why so?")
    )

    assert verdicts(before, after) == [("1", "1", "same"), ("5", "7", "reworded"), ("", "8", "new")]


def test_what_is_not_found_is_new_and_dropped():
    before, after = instrument(criterion("5", LONG)), instrument(criterion("9", "Who will pay the guards?"))

    rows = compare(before, after).rows

    assert verdicts(before, after) == [("", "9", "new"), ("5", "", "dropped")]
    assert [row.choices for row in rows] == [(Verdict.NEW,), (Verdict.DROPPED,)]


def test_nothing_that_differs_may_be_called_the_same():
    row = compare(instrument(criterion("5", LONG)), instrument(criterion("5", f"{LONG} Why?"))).rows[0]

    assert row.alike > STILL_ALIKE
    assert row.choices == (Verdict.REWORDED, Verdict.CHANGED)


def test_words_that_came_and_went():
    pieces = word_diff("Is there enough time and money?", "Is there enough money and staff?")

    assert [(piece.change.value, piece.text.strip()) for piece in pieces] == [
        ("kept", "Is there enough"),
        ("removed", "time"),
        ("added", "money"),
        ("kept", "and"),
        ("removed", "money?"),
        ("added", "staff?"),
    ]


def test_white_space_is_no_change():
    assert {piece.change for piece in word_diff("one two", "one\n two")} == {Change.KEPT}


@given(st.text(alphabet="ab c\n"), st.text(alphabet="ab c\n"))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = word_diff(before, after)

    old = " ".join(piece.text for piece in pieces if piece.change is not Change.ADDED)
    new = " ".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)
    assert (old.split(), new.split()) == (before.split(), after.split())


def test_comparability_holds_over_a_chain_and_between_two_copies():
    groups = comparable_groups(
        [((2, "5"), (1, "5")), ((3, "5a"), (2, "5")), ((4, "5"), (1, "5")), ((3, "6"), (2, "6"))]
    )

    assert groups[3, "5a"] == groups[4, "5"] == groups[1, "5"]
    assert groups[3, "6"] != groups[3, "5a"]
