"""The order of a round and its funding line."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.ranking import (
    REACH_TEXTS,
    STANDING_TEXTS,
    TIE_TEXTS,
    Entry,
    OrderBy,
    Reach,
    Shortfall,
    Standing,
    Threshold,
    TieRule,
    WhenItDoesNotFit,
    funding_line,
    rank,
)

STOP, SKIP = WhenItDoesNotFit.STOP, WhenItDoesNotFit.SKIP


def entry(reference, share, **rest):
    share = None if share is None else Fraction(share, 100)
    coverage, spread = Fraction(1), Fraction(0)
    return Entry(reference, reference, share, **{"coverage": coverage, "spread": spread, **rest})


def order(ranking):
    return [(each.entry.reference, each.place) for each in ranking]


def ask(**amounts):
    """Proposals with falling shares that ask for these amounts."""
    entries = [
        entry(reference, 90 - place, amount=None if amount is None else Decimal(amount))
        for place, (reference, amount) in enumerate(amounts.items())
    ]
    return rank(entries)


def test_the_higher_share_comes_first():
    assert order(rank([entry("a", 50), entry("b", 80), entry("c", 65)])) == [("b", 1), ("c", 2), ("a", 3)]


def test_by_adjusted_score_when_asked():
    entries = [entry("a", 80, adjusted=0.6), entry("b", 70, adjusted=0.7)]

    assert order(rank(entries)) == [("a", 1), ("b", 2)]
    assert order(rank(entries, by=OrderBy.ADJUSTED)) == [("b", 1), ("a", 2)]


def test_raw_and_adjusted_are_never_mixed():
    entries = [entry("a", 80, adjusted=0.6), entry("b", 70)]

    with pytest.raises(ValueError, match="adjusted"):
        rank(entries, by=OrderBy.ADJUSTED)
    # What is not judged needs none.
    assert order(rank([entries[0], entry("c", None)], by=OrderBy.ADJUSTED)) == [("a", 1), ("c", None)]


def test_stops_and_thresholds_come_before_totals():
    least = [Threshold("principles", Fraction(1, 2)), Threshold("coverage", Fraction(8, 10))]
    good = {"principles": Fraction(3, 4), "coverage": Fraction(9, 10)}
    entries = [
        entry("stopped", 100, values=good, stops=("5",)),
        entry("low", 99, values=good | {"principles": Fraction(1, 4)}),
        entry("unread", 98, values=good | {"principles": None}),
        entry("no score", None, values=good),
        entry("plain", 40, values=good),
        entry("at the edge", 30, values={"principles": Fraction(1, 2), "coverage": Fraction(8, 10)}),
    ]

    found = rank(entries, least)

    assert [(each.entry.reference, each.place, each.standing) for each in found] == [
        ("plain", 1, Standing.RANKED),
        ("at the edge", 2, Standing.RANKED),
        ("low", None, Standing.BELOW),
        ("stopped", None, Standing.STOPPED),
        ("unread", None, Standing.NOT_JUDGED),
        ("no score", None, Standing.NOT_JUDGED),
    ]
    assert found[2].shortfalls == (Shortfall("principles", Fraction(1, 2), Fraction(1, 4)),)
    assert found[4].shortfalls == (Shortfall("principles", Fraction(1, 2), None),)
    assert found[0].shortfalls == ()


@pytest.mark.parametrize(
    ("better", "worse", "rule"),
    [
        ({}, {"adverse_critical": 1}, TieRule.CRITICAL),
        ({}, {"coverage": Fraction(9, 10)}, TieRule.COVERAGE),
        ({"coverage": Fraction(1, 10)}, {"coverage": None}, TieRule.COVERAGE),
        ({"spread": Fraction(1, 10)}, {"spread": Fraction(2, 10)}, TieRule.SPREAD),
        ({"spread": Fraction(9, 10)}, {"spread": None}, TieRule.SPREAD),
        # The earlier rule decides although the later ones say otherwise.
        ({"spread": Fraction(1), "coverage": Fraction(0)}, {"adverse_critical": 1}, TieRule.CRITICAL),
        ({"spread": Fraction(1)}, {"coverage": Fraction(0)}, TieRule.COVERAGE),
    ],
)
def test_ties_go_by_the_stated_rule_and_say_which(better, worse, rule):
    found = rank([entry("a", 70, **worse), entry("b", 70, **better)])

    assert order(found) == [("b", 1), ("a", 2)]
    assert [each.tie for each in found] == [None, rule]


def test_the_last_rule_is_the_reference_by_its_numbers():
    found = rank([entry("P-10", 70), entry("P-9", 70), entry("Q-1", 60)])

    assert order(found) == [("P-9", 1), ("P-10", 2), ("Q-1", 3)]
    assert [each.tie for each in found] == [None, TieRule.REFERENCE, None]


def test_the_same_adjusted_score_goes_by_the_share():
    entries = [entry("a", 60, adjusted=0.65), entry("b", 70, adjusted=0.65 + 1e-13)]

    found = rank(entries, by=OrderBy.ADJUSTED)

    assert order(found) == [("b", 1), ("a", 2)]
    assert found[1].tie is TieRule.SHARE


def test_a_reference_twice_is_refused():
    with pytest.raises(ValueError, match="only once"):
        rank([entry("a", 60), entry("a", 70)])


def test_every_code_has_its_words():
    assert set(STANDING_TEXTS) == set(Standing)
    assert set(TIE_TEXTS) == set(TieRule)
    assert set(REACH_TEXTS) == set(Reach)


# -- funding line ---------------------------------------------------------------------------


def reaches(found):
    return [(line.ranked.entry.reference, line.reach, line.left) for line in found.lines]


def test_the_line_stops_at_the_first_that_does_not_fit():
    found = funding_line(ask(a=50, b=60, c=30), Decimal(100), STOP)

    assert reaches(found) == [("a", Reach.WITHIN, 50), ("b", Reach.TOO_MUCH, 50), ("c", Reach.BEYOND, 50)]
    assert (found.spent, found.left, found.is_certain) == (50, 50, True)


def test_or_passes_over_it():
    found = funding_line(ask(a=50, b=60, c=30), Decimal(100), SKIP)

    assert reaches(found) == [("a", Reach.WITHIN, 50), ("b", Reach.TOO_MUCH, 50), ("c", Reach.WITHIN, 20)]
    assert [each.entry.reference for each in found.within] == ["a", "c"]
    assert (found.spent, found.left) == (80, 20)


def test_the_whole_budget_can_be_used():
    found = funding_line(ask(a="0.10", b="0.20"), Decimal("0.30"), STOP)

    assert (len(found.within), found.left) == (2, 0)


@pytest.mark.parametrize("rule", list(WhenItDoesNotFit))
def test_an_unknown_amount_takes_nothing_and_is_said(rule):
    found = funding_line(ask(a=50, b=None, c=30), Decimal(100), rule)

    assert reaches(found) == [("a", Reach.WITHIN, 50), ("b", Reach.UNKNOWN, 50), ("c", Reach.WITHIN, 20)]
    assert [each.entry.reference for each in found.unknown] == ["b"]
    assert not found.is_certain


def test_an_unknown_amount_after_the_line_leaves_it_certain():
    assert funding_line(ask(a=50, b=None, c=1), Decimal(50), STOP).is_certain
    assert funding_line(ask(a=None, b=50), Decimal(10), STOP).is_certain


def test_what_has_no_place_gets_nothing():
    ranking = rank([entry("a", 90, stops=("5",), amount=Decimal(10)), entry("b", 50, amount=Decimal(10))])

    found = funding_line(ranking, Decimal(100), SKIP)

    assert reaches(found) == [("b", Reach.WITHIN, 90), ("a", Reach.NO_PLACE, 90)]


@pytest.mark.parametrize(("amount", "budget"), [(-1, 10), (1, -10)])
def test_less_than_nought_is_refused(amount, budget):
    with pytest.raises(ValueError, match="below 0"):
        funding_line(ask(a=amount), Decimal(budget), STOP)


# -- properties -----------------------------------------------------------------------------

shares = st.none() | st.integers(0, 4).map(lambda quarter: Fraction(quarter, 4))


@st.composite
def lists(draw):
    return [
        Entry(
            number,
            f"P-{number}",
            draw(shares),
            adverse_critical=draw(st.integers(0, 2)),
            coverage=draw(shares),
            spread=draw(shares),
            values={"x": draw(shares)},
            stops=draw(st.sampled_from([(), ("5",)])),
            amount=draw(st.none() | st.integers(0, 50).map(Decimal)),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


@given(lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(entries, draw):
    least = [Threshold("x", Fraction(1, 2))]

    assert rank(draw.sample(entries, len(entries)), least) == rank(entries, least)


@given(lists())
def test_a_better_share_never_costs_a_place(entries):
    before = {each.entry.id: each.place for each in rank(entries)}
    for each in entries:
        if before[each.id] is not None and each.share < 1:
            better = [replace(other, share=Fraction(1)) if other is each else other for other in entries]
            after = {row.entry.id: row.place for row in rank(better)}
            assert after[each.id] <= before[each.id]


@given(lists(), st.integers(0, 120).map(Decimal))
def test_the_budget_is_never_exceeded_and_skipping_never_funds_fewer(entries, budget):
    ranking = rank(entries)
    stop, skip = (funding_line(ranking, budget, rule) for rule in (STOP, SKIP))

    for found in (stop, skip):
        assert sum(each.entry.amount for each in found.within) == found.spent <= budget
        assert found.left == budget - found.spent >= 0
    assert set(map(id, stop.within)) <= set(map(id, skip.within))
