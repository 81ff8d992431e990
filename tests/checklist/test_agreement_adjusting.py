"""Adjusted scores: harsh and lenient reviewers allowed for."""

import random
import time

import pytest

from checklist.agreement import REASON_TEXTS, Reason, adjusted_scores

# Every proposal is worth its number; Harsh takes two off, Lenient adds two, Fair does neither.
WORTH = {"p1": 10, "p2": 20, "p3": 30, "p4": 40, "p5": 50, "p6": 60}
HABIT = {"harsh": -2, "fair": 0, "lenient": 2}
PAIRS = [
    *[(proposal, "harsh") for proposal in ("p1", "p2", "p3", "p4")],
    *[(proposal, "fair") for proposal in ("p3", "p4", "p5", "p6")],
    *[(proposal, "lenient") for proposal in ("p1", "p2", "p5", "p6")],
]
RATINGS = [(proposal, reviewer, WORTH[proposal] + HABIT[reviewer]) for proposal, reviewer in PAIRS]


def test_plain_least_squares_finds_what_was_put_in():
    found = adjusted_scores(RATINGS, shrinkage=0)

    assert found.proposals == pytest.approx(WORTH)
    assert found.reviewers == pytest.approx(HABIT)
    assert found.raw == pytest.approx({"p1": 10, "p2": 20, "p3": 29, "p4": 39, "p5": 51, "p6": 61})
    assert (found.reason, found.is_usable, len(found.parts), found.n, found.k) == (None, True, 1, 6, 3)


def test_a_worked_example_with_shrinkage():
    # Two reviewers, three proposals, both rate all; the difference is 2 each time. Without shrinkage
    # the offsets are +-1; the normal equation (3 - 3/2 + 3/2 + s) b = 3 gives 3 / (3 + s).
    ratings = [(proposal, reviewer, 5 + sign) for proposal in "abc" for reviewer, sign in (("x", 1), ("y", -1))]

    for shrinkage in (0, 1, 3):
        found = adjusted_scores(ratings, shrinkage=shrinkage)
        assert found.reviewers == pytest.approx({"x": 3 / (3 + shrinkage), "y": -3 / (3 + shrinkage)})
        assert found.proposals == pytest.approx({"a": 5, "b": 5, "c": 5})


def test_much_shrinkage_leaves_the_raw_means():
    found = adjusted_scores(RATINGS, shrinkage=1e9)

    assert found.proposals == pytest.approx(found.raw)


def test_least_squares_cannot_be_bettered():
    draw = random.Random(3)
    ratings = [(proposal, reviewer, draw.random()) for proposal, reviewer in PAIRS]
    found = adjusted_scores(ratings, shrinkage=0.7)

    def loss(proposals, reviewers):
        misses = sum((score - proposals[p] - reviewers[r]) ** 2 for p, r, score in ratings)
        return misses + 0.7 * sum(offset**2 for offset in reviewers.values())

    least = loss(found.proposals, found.reviewers)
    for name in [*found.proposals, *found.reviewers]:
        for step in (-0.01, 0.01):
            proposals = {key: value + step * (key == name) for key, value in found.proposals.items()}
            reviewers = {key: value + step * (key == name) for key, value in found.reviewers.items()}
            assert loss(proposals, reviewers) > least


def test_parts_that_share_nobody_get_no_common_table():
    other = [(f"q{proposal}", f"{reviewer} 2", score) for proposal, reviewer, score in RATINGS[:8]]
    found = adjusted_scores([*RATINGS, *other], shrinkage=0)

    assert (found.reason_code, found.reason) == (Reason.NOT_CONNECTED, REASON_TEXTS[Reason.NOT_CONNECTED])
    assert (found.proposals, found.reviewers, found.is_usable) == ({}, {}, False)
    first, second = found.parts
    assert first.proposals == pytest.approx(WORTH)
    assert set(second.reviewers) == {"harsh 2", "fair 2"}
    assert sum(second.reviewers.values()) == pytest.approx(0)
    assert second.reason is None
    assert set(found.raw) == set(first.raw) | set(second.raw)
    assert (found.n, found.k) == (12, 5)


def test_fewer_than_three_ratings_are_too_few():
    ratings = [each for each in RATINGS if each[:2] not in {("p5", "lenient"), ("p6", "lenient")}]
    found = adjusted_scores(ratings)

    assert found.reason_code is Reason.FEW_RATINGS
    assert not found.is_usable
    assert sum(found.reviewers.values()) == pytest.approx(0)


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([], Reason.NO_DATA),
        ([("p", "r", None)], Reason.NO_DATA),
        ([("p", "r", 1), ("q", "r", 2), ("s", "r", 3)], Reason.ONE_RATER),
    ],
)
def test_too_little_to_adjust_says_why(ratings, reason):
    assert adjusted_scores(ratings).reason_code is reason


def test_one_reviewer_keeps_her_raw_scores():
    found = adjusted_scores([("p", "r", 1), ("q", "r", 2), ("s", "r", 3)])

    assert found.proposals == found.raw == {"p": 1, "q": 2, "s": 3}
    assert found.reviewers == {"r": 0}


def test_a_missing_score_is_no_rating():
    assert adjusted_scores([*RATINGS, ("p1", "fair", None)]) == adjusted_scores(RATINGS)


@pytest.mark.parametrize(
    ("ratings", "shrinkage", "says"),
    [
        ([("p", "r", 1), ("p", "r", 2)], 1, "two scores"),
        ([("p", "r", "good")], 1, "no number"),
        ([("p", "r", float("nan"))], 1, "no number"),
        (RATINGS, -1, "Shrinkage"),
        (RATINGS, float("nan"), "Shrinkage"),
        (RATINGS, float("inf"), "Shrinkage"),
    ],
)
def test_wrong_input_is_refused(ratings, shrinkage, says):
    with pytest.raises(ValueError, match=says):
        adjusted_scores(ratings, shrinkage=shrinkage)


def test_two_hundred_proposals_and_twenty_five_reviewers_take_no_time():
    draw = random.Random(4)
    worth = {proposal: draw.random() for proposal in range(200)}
    habit = {reviewer: draw.gauss(0, 0.1) for reviewer in range(25)}
    ratings = [
        (proposal, reviewer, worth[proposal] + habit[reviewer] + draw.gauss(0, 0.05))
        for proposal in worth
        for reviewer in draw.sample(range(25), 3)
    ]
    started = time.process_time()

    found = adjusted_scores(ratings)

    assert time.process_time() - started < 1
    assert found.is_usable
    assert off(found.proposals, worth) < off(found.raw, worth)


def off(scores, worth):
    """How far the scores are from the worth, once the common level is taken out."""
    level = sum(scores[key] - worth[key] for key in worth) / len(worth)
    return sum((scores[key] - worth[key] - level) ** 2 for key in worth)
