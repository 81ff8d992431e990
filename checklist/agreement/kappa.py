"""Cohen's kappa for two raters, Fleiss' kappa for the same number of raters on every unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from checklist.agreement.distributions import t_quantile
from checklist.agreement.shapes import counts_of
from checklist.agreement.statistic import LEVEL, Reason, Statistic, found, missing

WEIGHTS = (None, "linear", "quadratic")

Matrix = list[list[float]]


def cohen_kappa(table: Sequence[Sequence[int]], weights: str | None = None) -> Statistic:
    """Agreement of two raters beyond what their margins give by chance.

    Takes a square table: how many units rater one put into category i and rater two into j, with the
    categories in the order of the scale. Without weights every difference counts the same (Cohen
    1960); `linear` counts a difference of d categories out of K as d / (K - 1), `quadratic` as its
    square (Cohen 1968; Fleiss and Cohen 1973). `n` counts units, `k` is 2. No value where both raters
    used the same single category throughout. ValueError for a table that is not square or holds
    anything but counts, and for other weights.

    The interval is the asymptotic one of Fleiss, Cohen and Everitt (1969), kappa +- 1.96 standard
    errors, cut off at -1 and 1; none where the standard error is nought (perfect agreement).
    """
    if weights not in WEIGHTS:
        raise ValueError(f"Weights are None, 'linear' or 'quadratic', not {weights!r}.")
    counts = counts_of(table)
    size = len(counts)
    if any(len(row) != size for row in counts):
        raise ValueError("Cohen's kappa needs a square table: the same categories for both raters.")
    n = sum(map(sum, counts))
    if n == 0:
        return missing(Reason.NO_DATA, 0, 2)
    if max(count for row in counts for count in row) == n and sum(counts[i][i] for i in range(size)) == n:
        return missing(Reason.NO_VARIATION, n, 2)
    shares = [[count / n for count in row] for row in counts]
    agree = [[_weight(i, j, size, weights) for j in range(size)] for i in range(size)]
    value, error = _weighted_kappa(shares, agree, n)
    return found(value, n, 2, _around(value, NormalDist().inv_cdf((1 + LEVEL) / 2) * error))


def _weight(one: int, other: int, size: int, weights: str | None) -> float:
    if one == other:
        return 1.0
    if weights is None:
        return 0.0
    apart = abs(one - other) / (size - 1)
    return 1 - (apart if weights == "linear" else apart**2)


def _weighted_kappa(shares: Matrix, agree: Matrix, n: int) -> tuple[float, float]:
    """Kappa and its standard error (Fleiss, Cohen and Everitt 1969, formulas 8 and 13)."""
    size = range(len(shares))
    rows = [sum(row) for row in shares]
    columns = [sum(row[j] for row in shares) for j in size]
    cells = [(i, j) for i in size for j in size]
    observed = sum(agree[i][j] * shares[i][j] for i, j in cells)
    expected = sum(agree[i][j] * rows[i] * columns[j] for i, j in cells)
    kappa = (observed - expected) / (1 - expected)
    of_row = [sum(agree[i][j] * columns[j] for j in size) for i in size]
    of_column = [sum(agree[i][j] * rows[i] for i in size) for j in size]
    spread = sum(shares[i][j] * (agree[i][j] - (of_row[i] + of_column[j]) * (1 - kappa)) ** 2 for i, j in cells)
    variance = (spread - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    return kappa, math.sqrt(max(0.0, variance))


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> Statistic:
    """Agreement beyond chance of the same number of raters on every unit (Fleiss 1971).

    Takes units x categories: how many raters put unit i into category j. The raters of one unit need
    not be those of another. Units with fewer than two ratings are left out; the others must have the
    same number, which is `k`, otherwise there is no value. `n` counts units. No value where all
    ratings fall into one category. ValueError for ragged rows and for what is no count.

    The interval is asymptotic, over units: kappa +- Student's t (n - 1) standard errors, with the
    linearised variance of Gwet (2014, Handbook of Inter-Rater Reliability, 4th ed., 5.3) for Fleiss'
    generalised kappa, cut off at -1 and 1. (The error in Fleiss 1971 and 1979 holds only where kappa
    is nought.) None for one unit, or where the error is nought.
    """
    rows = counts_of(counts)
    used = [row for row in rows if sum(row) > 1]
    n = len(used)
    if not used:
        return missing(Reason.NO_PAIRS if any(map(sum, rows)) else Reason.NO_DATA, 0, max(map(sum, rows), default=0))
    k = max(map(sum, used))
    if any(sum(row) != k for row in used):
        return missing(Reason.UNEQUAL_RATERS, n, k)
    shares = [sum(column) / (n * k) for column in zip(*used, strict=True)]
    if max(shares) == 1:
        return missing(Reason.NO_VARIATION, n, k)
    expected = sum(share * share for share in shares)
    observed = [sum(count * (count - 1) for count in row) / (k * (k - 1)) for row in used]
    value = (sum(observed) / n - expected) / (1 - expected)
    if n == 1:
        return found(value, n, k, None)
    by_chance = [sum(share * count for share, count in zip(shares, row, strict=True)) / k for row in used]
    linear = [
        (agreed - expected) / (1 - expected) - 2 * (1 - value) * (chance - expected) / (1 - expected)
        for agreed, chance in zip(observed, by_chance, strict=True)
    ]
    error = math.sqrt(sum((each - value) ** 2 for each in linear) / (n * (n - 1)))
    return found(value, n, k, _around(value, t_quantile((1 + LEVEL) / 2, n - 1) * error))


def _around(value: float, half: float) -> tuple[float, float] | None:
    if half < 1e-9:
        return None
    return max(-1.0, value - half), min(1.0, value + half)
