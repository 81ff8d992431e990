"""Krippendorff's alpha.

Source: K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of
Pennsylvania, section E, "any number of observers, any metric, missing data".
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import accumulate, combinations, repeat
from operator import mul
from typing import Any

from checklist.agreement.percent import why_no_units
from checklist.agreement.shapes import Ratings, exact, units_of
from checklist.agreement.statistic import LEVEL, Reason, Statistic, found, missing

METRICS = ("nominal", "ordinal", "interval", "ratio")
RESAMPLES = 1000
# Any number will do; a fixed one gives the same interval for the same ratings on every page.
SEED = 20111

# Ratio distances have no closed form; with more different values than this a bootstrap takes too long.
MOST_RATIO_VALUES = 50

# One kind of unit: which values (by place in the sorted list) how often, and how many units are like it.
Pattern = tuple[tuple[int, int], ...]
# How far apart two values are, squared, by their places.
Distance = Callable[[int, int], float]


def krippendorff_alpha(ratings: Ratings, metric: str, *, with_interval: bool = True) -> Statistic:
    """1 - observed / expected disagreement: 1 is perfect, 0 what chance gives, below 0 worse than chance.

    Takes one row per rater and one column per unit, None where missing. `metric` is nominal (any
    values), ordinal, interval or ratio (numbers; ratio from 0 up). `n` counts the units with two or
    more ratings, `k` the raters in them. Without any variation there is no value: nothing is expected
    to disagree. ValueError for rows of different lengths, another metric, or values it cannot measure.

    The interval is a bootstrap: units are drawn with replacement 1,000 times from a fixed seed, alpha
    is worked out for each draw with its own expected disagreement, and the middle 95 % is taken.
    There is none where over half of the draws have no variation, or all give the same value, nor for
    ratio data with more than 50 different values, and where none is wanted.
    """
    if metric not in METRICS:
        raise ValueError(f"The metric is one of {', '.join(METRICS)}, not {metric!r}.")
    units, k = units_of(ratings)
    if not units:
        return missing(why_no_units(ratings), 0, k)
    values = _sorted_values(units, metric)
    if len(values) == 1:
        return missing(Reason.NO_VARIATION, len(units), k)
    place = {value: index for index, value in enumerate(values)}
    patterns = Counter(tuple(sorted(Counter(place[_key(value, metric)] for value in unit).items())) for unit in units)
    sums = _Sums(sorted(patterns), values, metric)
    value = sums.alpha([patterns[pattern] for pattern in sums.patterns])
    assert value is not None  # noqa: S101 two values or more are there
    return found(value, len(units), k, _bootstrap(sums, patterns) if with_interval else None)


def _key(value: Hashable, metric: str) -> Any:
    return value if metric == "nominal" else exact(value)


def _sorted_values(units: Sequence[Sequence[Hashable]], metric: str) -> list[Any]:
    """Each value once. The order of nominal values means nothing but must not depend on the rows."""
    values = {_key(value, metric) for unit in units for value in unit}
    if metric == "ratio" and min(values) < 0:
        raise ValueError("A ratio scale has no values below 0.")
    return sorted(values, key=lambda value: (type(value).__name__, repr(value)) if metric == "nominal" else value)


class _Sums:
    """Alpha as a function of how often each pattern of ratings occurs."""

    def __init__(self, patterns: Sequence[Pattern], values: Sequence[Any], metric: str) -> None:
        self.patterns = list(patterns)
        self.size = len(values)
        self.metric = metric
        self.points: list[float] = [float(value - values[0]) for value in values] if metric == "interval" else []
        self.raw: list[float] = [float(value) for value in values] if metric == "ratio" else []
        self.pairs = [_pairs(pattern) for pattern in patterns]
        # Only ordinal distances depend on how often the values occur; the others are summed once.
        self.fixed = None if metric == "ordinal" else [_within(pairs, self._distance()) for pairs in self.pairs]

    def alpha(self, counts: Sequence[int]) -> float | None:
        """Alpha when pattern i occurs `counts[i]` times; None when all ratings are the same."""
        totals = [0] * self.size
        for pattern, count in zip(self.patterns, counts, strict=True):
            if count:
                for place, times in pattern:
                    totals[place] += count * times
        n = sum(totals)
        if max(totals) == n:
            return None
        if self.metric == "ordinal":
            self.points = _midranks(totals)
            distance = self._distance()
            observed = sum(
                count * _within(pairs, distance)
                for pairs, count in zip(self.pairs, counts, strict=True)
                if count and pairs[0]
            )
        else:
            observed = sum(map(mul, counts, self.fixed or ()))
        return 1 - (n - 1) * observed / self._expected(totals, n)

    def _distance(self) -> Distance:
        if self.metric == "nominal":
            return lambda one, other: 1.0
        if self.metric == "ratio":
            raw = self.raw
            return lambda one, other: ((raw[one] - raw[other]) / (raw[one] + raw[other])) ** 2
        points = self.points
        return lambda one, other: (points[one] - points[other]) ** 2

    def _expected(self, totals: Sequence[int], n: int) -> float:
        """The sum over pairs of values of n_c n_k delta^2, in closed form where there is one."""
        if self.metric == "nominal":
            return (n * n - sum(count * count for count in totals)) / 2
        if self.metric == "ratio":
            distance = self._distance()
            there = [place for place, count in enumerate(totals) if count]
            return sum(totals[a] * totals[b] * distance(a, b) for a, b in combinations(there, 2))
        mean: float = sum(map(mul, totals, self.points)) / n
        return n * sum(count * (point - mean) ** 2 for count, point in zip(totals, self.points, strict=True))


def _pairs(pattern: Pattern) -> tuple[list[tuple[int, int, int]], int]:
    """Of one unit: how often each pair of different values stands beside each other, with their places; m - 1."""
    pairs = [(a * b, one, other) for (one, a), (other, b) in combinations(pattern, 2)]
    return pairs, sum(times for _, times in pattern) - 1


def _within(pairs: tuple[list[tuple[int, int, int]], int], distance: Distance) -> float:
    """Disagreement within one unit, each of its m ratings weighing 1 / (m - 1)."""
    beside, others = pairs
    return sum(times * distance(one, other) for times, one, other in beside) / others if beside else 0.0


def _midranks(totals: Sequence[int]) -> list[float]:
    """The middle rank of every value.

    Krippendorff's ordinal distance, the sum of n_g from c to k less (n_c + n_k) / 2, is the difference
    of these, so ordinal alpha is interval alpha of the middle ranks.
    """
    return [upto - count / 2 for upto, count in zip(accumulate(totals), totals, strict=True)]


def _bootstrap(sums: _Sums, patterns: Counter[Pattern]) -> tuple[float, float] | None:
    if sums.metric == "ratio" and sums.size > MOST_RATIO_VALUES:
        return None
    units = [index for index, pattern in enumerate(sums.patterns) for _ in repeat(None, patterns[pattern])]
    draw = random.Random(SEED)  # noqa: S311 a statistic, not a secret
    seen: dict[tuple[int, ...], float | None] = {}
    drawn = []
    for _ in range(RESAMPLES):
        picked = Counter(draw.choices(units, k=len(units)))
        counts = tuple(picked[index] for index in range(len(sums.patterns)))
        if counts not in seen:
            seen[counts] = sums.alpha(counts)
        value = seen[counts]
        if value is not None:
            drawn.append(value)
    drawn.sort()
    if len(drawn) * 2 < RESAMPLES or drawn[0] == drawn[-1]:
        return None
    tail = (1 - LEVEL) / 2
    return drawn[int(tail * len(drawn))], drawn[min(len(drawn) - 1, int((1 - tail) * len(drawn)))]
