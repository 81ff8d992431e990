"""Which statistic measures what, over the ratings of a whole round; without a database."""

from fractions import Fraction

import pytest

from checklist.agreeing import (
    COHEN,
    COHEN_WEIGHTED,
    FLEISS,
    NOMINAL,
    ORDINAL,
    Rating,
    Scale,
    agreement_of_version,
    metric_of,
)
from checklist.agreement import Reason, cohen_kappa, fleiss_kappa, icc, krippendorff_alpha
from checklist.answer_kinds import ANSWER_KINDS

ORDERED = (Scale("1", ORDINAL), Scale("2", ORDINAL))


def rated(rows, shares=None):
    """Ratings from {(proposal, reviewer): marks}."""
    shares = shares or {}
    return [Rating(proposal, reviewer, marks, shares.get((proposal, reviewer))) for (proposal, reviewer), marks in rows]


TWO = rated(
    [((p, r), m) for p, pair in enumerate(("FF", "FA", "AA", "PF")) for r, m in zip("xy", pair, strict=True)],
)


@pytest.mark.parametrize(("kind", "metric"), [("flag", NOMINAL), ("yes_no", ORDINAL), ("level_0_4", ORDINAL)])
def test_two_answers_have_no_order_and_three_have_one(kind, metric):
    assert metric_of(ANSWER_KINDS[kind]) == metric


def test_two_reviewers_of_everything_are_measured_by_cohens_kappa_with_weights():
    found = agreement_of_version(ORDERED[:1], TWO, has_share=False).items[0]

    # The categories A, P, F; rows are the first reviewer.
    table = [[1, 0, 0], [0, 0, 1], [1, 0, 1]]
    assert found.kappa_form == COHEN_WEIGHTED
    assert found.kappa.value == pytest.approx(cohen_kappa(table, "quadratic").value)


def test_levels_that_nobody_chose_keep_their_place_on_the_scale():
    levels = ("00", "03", "34", "44", "40", "33")
    ratings = rated([((p, r), m) for p, pair in enumerate(levels) for r, m in zip("xy", pair, strict=True)])

    found = agreement_of_version((Scale("1", ORDINAL, top=4),), ratings, has_share=False)

    # Rows: the first reviewer; columns: the second; levels 1 and 2 are there and empty.
    table = [[0] * 5 for _level in range(5)]
    for one, other in levels:
        table[int(one)][int(other)] += 1
    assert found.items[0].kappa.value == pytest.approx(cohen_kappa(table, "quadratic").value)
    assert found.items[0].kappa_form == COHEN_WEIGHTED


def test_answers_without_an_order_are_measured_without_weights():
    ratings = rated([((p, r), m) for p, pair in enumerate(("SS", "SU", "UU")) for r, m in zip("xy", pair, strict=True)])

    found = agreement_of_version((Scale("1", NOMINAL),), ratings, has_share=False).items[0]

    assert found.kappa_form == COHEN
    assert found.kappa.value == pytest.approx(cohen_kappa([[1, 0], [1, 1]]).value)


def test_three_reviewers_are_measured_by_fleiss():
    marks = {0: "FFA", 1: "AAA", 2: "FPA"}
    ratings = rated([((p, r), m) for p, said in marks.items() for r, m in zip("xyz", said, strict=True)])

    found = agreement_of_version(ORDERED[:1], ratings, has_share=False).items[0]

    assert found.kappa_form == FLEISS
    assert found.kappa.value == pytest.approx(fleiss_kappa([[1, 0, 2], [3, 0, 0], [1, 1, 1]]).value)


def test_not_enough_information_and_not_applicable_are_missing():
    ratings = rated([((0, "x"), "FN"), ((0, "y"), "FF"), ((1, "x"), "AX"), ((1, "y"), "FA")])

    first, second = agreement_of_version(ORDERED, ratings, has_share=False).items

    assert (first.alpha.n, first.percent.value) == (2, pytest.approx(0.5))
    assert second.alpha.value is None
    assert second.alpha.reason_code is Reason.ONE_RATER


def test_all_criteria_together_have_no_interval_and_stand_only_where_their_metric_is_the_same():
    ratings = rated([((0, "x"), "FF"), ((0, "y"), "FA"), ((1, "x"), "AA"), ((1, "y"), "FA")])

    together = agreement_of_version(ORDERED, ratings, has_share=False).together
    mixed = agreement_of_version((Scale("1", ORDINAL), Scale("2", NOMINAL)), ratings, has_share=False).together

    rows = [[1, 0, 1, 0], [1, 1, 0, 0]]
    assert together.alpha.value == pytest.approx(krippendorff_alpha(rows, ORDINAL).value)
    assert (together.alpha.low, together.percent.low) == (None, None)
    assert mixed is None


def test_the_same_reviewers_throughout_give_all_six_forms_of_the_icc():
    shares = {
        (p, r): Fraction(n, 10)
        for p, row in enumerate([(9, 7), (5, 5), (2, 3)])
        for r, n in zip("xy", row, strict=True)
    }
    ratings = rated([(place, "F") for place in shares], shares)

    found = agreement_of_version(ORDERED[:1], ratings, has_share=True).share

    assert found.is_crossed
    expected = icc([[0.9, 0.7], [0.5, 0.5], [0.2, 0.3]])
    assert {form: each.value for form, each in found.icc.items()} == pytest.approx(
        {form: each.value for form, each in expected.items()}
    )


def test_other_reviewers_on_each_proposal_leave_the_one_way_forms_over_the_most_common_number():
    shares = {(0, "x"): 9, (0, "y"): 7, (1, "y"): 5, (1, "z"): 4, (2, "x"): 2, (2, "z"): 3, (3, "x"): 1}
    shares = {place: Fraction(n, 10) for place, n in shares.items()}
    ratings = rated([(place, "F") for place in shares], shares)

    found = agreement_of_version(ORDERED[:1], ratings, has_share=True).share

    assert (found.icc_of, found.rated, found.is_crossed) == (3, 4, False)
    assert found.icc["ICC1"].value == pytest.approx(icc([[0.9, 0.7], [0.5, 0.4], [0.2, 0.3]])["ICC1"].value)
    assert found.icc["ICC2"].reason_code is Reason.INCOMPLETE
