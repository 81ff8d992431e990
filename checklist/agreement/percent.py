"""Percent agreement."""

from __future__ import annotations

import math
from collections import Counter
from statistics import NormalDist

from checklist.agreement.shapes import Ratings, raters_of, units_of
from checklist.agreement.statistic import LEVEL, Reason, Statistic, found, missing


def percent_agreement(ratings: Ratings) -> Statistic:
    """The share (0 to 1) of pairs of raters who say the same, as a mean over units.

    Takes one row per rater and one column per unit, None where missing; values can be anything that
    compares equal. A unit with m ratings has m(m-1)/2 pairs and counts once, whatever m; units with
    fewer than two ratings are left out (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ch. 2;
    without missing ratings this is the mean P of Fleiss 1971). `k` counts raters in these units.

    The interval is Wilson's (1927) with the units as trials: right for two raters, a little too wide
    for more, and never of length nought. ValueError for rows of different lengths.
    """
    units, k = units_of(ratings)
    if not units:
        return missing(why_no_units(ratings), 0, k)
    share = sum(_agreeing(unit) for unit in units) / len(units)
    return found(share, len(units), k, _wilson(share, len(units)))


def why_no_units(ratings: Ratings) -> Reason:
    """What is wrong with ratings of which no unit has two."""
    return {0: Reason.NO_DATA, 1: Reason.ONE_RATER}.get(raters_of(ratings), Reason.NO_PAIRS)


def _agreeing(unit: list[object]) -> float:
    m = len(unit)
    return sum(count * (count - 1) for count in Counter(unit).values()) / (m * (m - 1))


def _wilson(share: float, n: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
