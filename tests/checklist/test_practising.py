"""Practice beside its reference, by hand-worked examples."""

import pytest

from checklist.practising import Beside, among_all, beside, group

KEYS = ("1", "2", "3", "4")


def test_differences_come_first_and_what_nobody_answers_is_left_out():
    rows = beside(KEYS, {"1": "yes", "2": "no", "3": None}, {"1": "yes", "2": "yes", "3": None, "4": "na"})

    assert [(row.key, row.is_same) for row in rows] == [("2", False), ("4", False), ("1", True)]


@pytest.mark.parametrize(
    ("own", "reference", "steps"),
    [("3", "1", 2), ("0", "4", -4), ("2", "2", 0), ("nei", "2", None), ("3", "na", None), (None, "2", None)],
)
def test_only_levels_have_a_distance(own, reference, steps):
    assert Beside("P1", own, reference).steps == steps


@pytest.mark.parametrize(("own", "reference"), [("nei", "na"), ("nei", "no"), ("na", "yes"), (None, "nei")])
def test_states_differ_from_every_other_answer(own, reference):
    assert not Beside("1", own, reference).is_same


def test_a_state_said_by_both_is_the_same():
    assert Beside("1", "nei", "nei").is_same


def test_the_group_is_counted_and_the_farthest_from_the_reference_stands_first():
    given = [{"1": "yes", "2": "no"}, {"1": "yes", "2": "nei"}, {"1": "yes", "2": "no"}]

    rows = group(KEYS, given, {"1": "yes", "2": "yes"})

    assert [(row.key, row.same, row.answered) for row in rows] == [("2", 0, 3), ("1", 3, 3)]
    assert rows[0].counts == (("no", 2), ("nei", 1))
    # One of three pairs says the same.
    assert rows[0].among.value == pytest.approx(1 / 3)
    assert rows[1].among.value == 1


def test_one_reviewer_agrees_with_nobody():
    [row] = group(("1",), [{"1": "yes"}], {"1": "yes"})

    assert (row.same, row.among.value, row.among.reason_code) == (1, None, "one_rater")


def test_without_a_reference_nobody_says_the_same():
    [row] = group(("1",), [{"1": "yes"}, {"1": "yes"}], {})

    assert (row.reference, row.same) == (None, 0)


def test_agreement_over_all_criteria_is_the_mean_share_of_pairs():
    given = [{"1": "yes", "2": "no", "3": None}, {"1": "yes", "2": "yes", "3": "na"}]

    found = among_all(KEYS, given)

    # Criterion 1 agrees, 2 does not, 3 has one answer and 4 none.
    assert (found.value, found.n, found.k) == (0.5, 2, 2)
