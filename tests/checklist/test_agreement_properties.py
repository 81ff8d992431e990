"""Properties of the statistics that hold for all ratings."""

from collections import Counter

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checklist.agreement import (
    METRICS,
    Reason,
    adjusted_scores,
    cohen_kappa,
    fleiss_kappa,
    icc,
    krippendorff_alpha,
    percent_agreement,
)

values = st.integers(0, 4)
metrics = st.sampled_from(METRICS)
few, several = st.integers(2, 4), st.integers(2, 6)


def tables(cells, rows=few, columns=several):
    return st.tuples(rows, columns).flatmap(
        lambda size: st.lists(st.lists(cells, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
    )


def turned(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def near(value):
    return value if value is None else pytest.approx(value, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(tables(st.none() | values), metrics, st.randoms(use_true_random=False))
def test_the_order_of_raters_and_units_changes_nothing(rows, metric, draw):
    shuffled = turned(draw.sample(turned(draw.sample(rows, len(rows))), len(rows[0])))

    assert krippendorff_alpha(shuffled, metric) == krippendorff_alpha(rows, metric)
    assert percent_agreement(shuffled).value == near(percent_agreement(rows).value)


@settings(max_examples=25, deadline=None)
@given(st.lists(values, min_size=2, max_size=8), st.integers(2, 4), metrics)
def test_perfect_agreement_is_one_or_not_computable(row, raters, metric):
    rows = [row] * raters
    alpha = krippendorff_alpha(rows, metric)

    assert percent_agreement(rows).value == 1
    if len(set(row)) > 1:
        assert alpha.value == 1
        assert {each.value for each in icc(turned(rows)).values()} == {1}
    else:
        assert alpha.reason_code is Reason.NO_VARIATION


@settings(max_examples=25, deadline=None)
@given(tables(values, rows=st.just(2)))
def test_alpha_is_scotts_pi_with_a_correction_for_small_samples(rows):
    # Krippendorff (2011), section A: alpha = 1 - (1 - pi)(2N - 1) / 2N; for two raters Fleiss' kappa is pi.
    counted = [[Counter(unit)[value] for value in range(5)] for unit in turned(rows)]
    pi = fleiss_kappa(counted).value
    assume(pi is not None)
    n = 2 * len(rows[0])

    assert krippendorff_alpha(rows, "nominal").value == pytest.approx(1 - (1 - pi) * (n - 1) / n)


@settings(max_examples=25, deadline=None)
@given(tables(st.none() | values), metrics)
def test_an_interval_holds_its_bounds_in_order(rows, metric):
    found = krippendorff_alpha(rows, metric)

    assert (found.value is None) == (found.reason is not None)
    if found.low is not None:
        assert found.low <= found.high <= 1 + 1e-9


@given(tables(st.integers(0, 9), rows=st.just(3), columns=st.just(3)), st.sampled_from([None, "linear", "quadratic"]))
def test_swapping_the_raters_changes_no_kappa(table, weights):
    one, other = cohen_kappa(table, weights), cohen_kappa(turned(table), weights)

    assert (one.reason_code, one.n) == (other.reason_code, other.n)
    assert one.value == near(other.value)
    if one.value is not None:
        assert -1 - 1e-9 <= one.value <= 1


@given(tables(st.integers(-5, 5)))
@example([[0, 0], [-3, 4]])
@example([[0, 0], [-2, 3]])
@example([[1, 3], [3, 1], [2, 2]])
def test_the_intraclass_forms_keep_their_relations(rows):
    # The means are the single ratings stepped up by Spearman and Brown.
    found, k = icc(rows), len(rows[0])

    for single, mean in (("ICC1", "ICC1k"), ("ICC2", "ICC2k"), ("ICC3", "ICC3k")):
        one, many = found[single].value, found[mean].value
        if one is not None and many is not None:
            assert many == pytest.approx(one * k / (1 + one * (k - 1)))
            assert one <= 1
    for each in found.values():
        if each.low is not None:
            assert each.low - 1e-9 <= each.value <= each.high + 1e-9


@st.composite
def rounds(draw):
    """Ratings of a round: each proposal by one reviewer or more."""
    reviewers = range(draw(st.integers(2, 5)))
    ratings = []
    for proposal in range(draw(st.integers(1, 8))):
        for reviewer in draw(st.sets(st.sampled_from(list(reviewers)), min_size=1)):
            ratings.append((f"p{proposal}", f"r{reviewer}", draw(st.integers(0, 100))))
    return ratings


shrinkages = st.sampled_from([0, 0.5, 1, 10])


@given(rounds(), shrinkages)
def test_offsets_sum_to_nought_in_every_part(ratings, shrinkage):
    found = adjusted_scores(ratings, shrinkage=shrinkage)

    for part in found.parts:
        assert sum(part.reviewers.values()) == pytest.approx(0, abs=1e-6)
    assert set(found.raw) == {proposal for proposal, _reviewer, _score in ratings}
    assert bool(found.proposals) == (len(found.parts) == 1)


@given(tables(st.integers(0, 100), rows=st.integers(3, 6)), shrinkages)
def test_when_everybody_rates_everything_nothing_is_adjusted(rows, shrinkage):
    ratings = [(p, r, score) for p, row in enumerate(rows) for r, score in enumerate(row)]
    found = adjusted_scores(ratings, shrinkage=shrinkage)

    assert found.proposals == pytest.approx(found.raw, abs=1e-9)
    assert found.is_usable


@given(rounds(), st.integers(-50, 50))
def test_a_harsher_reviewer_changes_only_her_offset(ratings, step):
    before = adjusted_scores(ratings, shrinkage=0)
    assume(len(before.parts) == 1)
    her = ratings[0][1]

    after = adjusted_scores([(p, r, score + step * (r == her)) for p, r, score in ratings], shrinkage=0)

    # Offsets sum to nought, so what she moves is shared out over all; relative to the others only she moved.
    level = step / before.k
    assert after.proposals == pytest.approx({p: value + level for p, value in before.proposals.items()}, abs=1e-6)
    expected = {r: value - level + step * (r == her) for r, value in before.reviewers.items()}
    assert after.reviewers == pytest.approx(expected, abs=1e-6)


@given(rounds(), shrinkages, st.randoms(use_true_random=False))
def test_the_order_of_ratings_changes_no_adjusted_score(ratings, shrinkage, draw):
    before, after = (
        adjusted_scores(each, shrinkage=shrinkage) for each in (ratings, draw.sample(ratings, len(ratings)))
    )

    assert after.proposals == pytest.approx(before.proposals, abs=1e-6)
    assert (after.reason_code, after.n, after.k) == (before.reason_code, before.n, before.k)
