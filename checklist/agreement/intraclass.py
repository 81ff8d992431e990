"""The six intraclass correlations.

Sources: Shrout and Fleiss (1979), Intraclass correlations: uses in assessing rater reliability,
Psychological Bulletin 86; McGraw and Wong (1996), Psychological Methods 1, for the same intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checklist.agreement.distributions import f_quantile
from checklist.agreement.shapes import exact, raters_of
from checklist.agreement.statistic import LEVEL, Reason, Statistic, found, missing
from checklist.marking import gettext_noop as _

ICC_FORMS: dict[str, str] = {
    "ICC1": _("one rating; each proposal has its own reviewers"),
    "ICC2": _("one rating; the same reviewers throughout, drawn from many; absolute agreement"),
    "ICC3": _("one rating; the same reviewers throughout, only these; consistency"),
    "ICC1k": _("mean of the ratings; each proposal has its own reviewers"),
    "ICC2k": _("mean of the ratings; the same reviewers throughout, drawn from many; absolute agreement"),
    "ICC3k": _("mean of the ratings; the same reviewers throughout, only these; consistency"),
}

Bounds = tuple[float, float]


def icc(ratings: Sequence[Sequence[object]]) -> Mapping[str, Statistic]:
    """The six forms of Shrout and Fleiss under `ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k` (`ICC_FORMS`).

    Takes subjects x raters, complete: one row per unit, one column per rater, numbers. With an empty
    place (None) there is no value. `n` counts units, `k` raters. Values below nought are given as they
    come. ValueError for rows of different lengths and for what is no number.

    Intervals rest on the F distribution, as Shrout and Fleiss give them; ICC2's is approximate
    (Satterthwaite), and ICC2k's is ICC2's stepped up by Spearman and Brown. There is none where the F
    is infinite (no error at all) or nought, nor where the approximation leaves out its own value.
    """
    rows = [list(row) for row in ratings]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("Every unit needs one entry per rater: the rows differ in length.")
    n, k = len(rows), len(rows[0]) if rows else 0
    reason = _why_not(rows, n, k)
    if reason is None:
        table = [[exact(value) for value in row] for row in rows]
        if all(value == table[0][0] for row in table for value in row):
            reason = Reason.NO_VARIATION
    if reason is not None:
        return {form: missing(reason, n, k) for form in ICC_FORMS}
    squares = _mean_squares(table)
    one_way, two_way = squares.from_f(squares.within, n * (k - 1)), squares.from_f(squares.error, (n - 1) * (k - 1))
    absolute = squares.absolute_bounds()
    between, within, raters, error = squares.between, squares.within, squares.raters, squares.error
    return {
        "ICC1": squares.form(between - within, between + (k - 1) * within, _single(one_way, k)),
        "ICC2": squares.form(between - error, between + (k - 1) * error + k * (raters - error) / n, absolute),
        "ICC3": squares.form(between - error, between + (k - 1) * error, _single(two_way, k)),
        "ICC1k": squares.form(between - within, between, _mean(one_way)),
        "ICC2k": squares.form(between - error, between + (raters - error) / n, _stepped_up(absolute, k)),
        "ICC3k": squares.form(between - error, between, _mean(two_way)),
    }


def _why_not(rows: list[list[object]], n: int, k: int) -> Reason | None:
    values = [value for row in rows for value in row]
    if not any(value is not None for value in values):
        return Reason.NO_DATA
    if k == 1 or raters_of([*zip(*rows, strict=True)]) == 1:
        return Reason.ONE_RATER
    if n == 1:
        return Reason.ONE_UNIT
    return Reason.INCOMPLETE if None in values else None


@dataclass(frozen=True)
class _MeanSquares:
    """The table of the analysis of variance: mean squares, exact."""

    n: int
    k: int
    between: Fraction
    within: Fraction
    raters: Fraction
    error: Fraction

    def form(self, above: Fraction, below: Fraction, bounds: Bounds | None) -> Statistic:
        """above / below, where below is more than nought."""
        if below <= 0:
            return missing(Reason.NO_VARIANCE_BETWEEN, self.n, self.k)
        return found(float(above / below), self.n, self.k, bounds)

    def from_f(self, against: Fraction, df: int) -> Bounds | None:
        """The bounds of F = between / against, with n - 1 and `df` degrees of freedom."""
        if against == 0 or self.between == 0:
            return None
        f, p = float(self.between / against), (1 + LEVEL) / 2
        return f / f_quantile(p, self.n - 1, df), f * f_quantile(p, df, self.n - 1)

    def absolute_bounds(self) -> Bounds | None:
        """The bounds of ICC2 (Shrout and Fleiss 1979, p. 424)."""
        n, k = self.n, self.k
        between, raters, error = float(self.between), float(self.raters), float(self.error)
        below = self.between + (k - 1) * self.error + k * (self.raters - self.error) / n
        if self.error == 0 or self.between == 0 or below <= 0:
            return None
        value = float((self.between - self.error) / below)
        f_raters = raters / error
        rest = n * (1 + (k - 1) * value) - k * value
        above = (k - 1) * (n - 1) * (k * value * f_raters + rest) ** 2
        df = above / ((n - 1) * k**2 * value**2 * f_raters**2 + rest**2)
        if df <= 0:
            return None
        p, spread = (1 + LEVEL) / 2, k * raters + (k * n - k - n) * error
        upper, lower = f_quantile(p, n - 1, df), f_quantile(p, df, n - 1)
        low = n * (between - upper * error) / (upper * spread + n * between)
        high = n * (lower * between - error) / (spread + n * lower * between)
        return (low, high) if low <= value <= high else None


def _mean_squares(table: list[list[Fraction]]) -> _MeanSquares:
    n, k = len(table), len(table[0])
    grand = sum(map(sum, table)) / Fraction(n * k)
    of_units = [sum(row) / Fraction(k) for row in table]
    of_raters = [sum(column) / Fraction(n) for column in zip(*table, strict=True)]
    between = k * sum((mean - grand) ** 2 for mean in of_units)
    raters = n * sum((mean - grand) ** 2 for mean in of_raters)
    total = sum((value - grand) ** 2 for row in table for value in row)
    return _MeanSquares(
        n,
        k,
        Fraction(between, n - 1),
        Fraction(total - between, n * (k - 1)),
        Fraction(raters, k - 1),
        Fraction(total - between - raters, (n - 1) * (k - 1)),
    )


def _single(bounds: Bounds | None, k: int) -> Bounds | None:
    return bounds and ((bounds[0] - 1) / (bounds[0] + k - 1), (bounds[1] - 1) / (bounds[1] + k - 1))


def _mean(bounds: Bounds | None) -> Bounds | None:
    return bounds and (1 - 1 / bounds[0], 1 - 1 / bounds[1])


def _stepped_up(bounds: Bounds | None, k: int) -> Bounds | None:
    """Spearman and Brown: from one rating to the mean of k. None below -1 / (k - 1), where it has no meaning."""
    if bounds is None or 1 + bounds[0] * (k - 1) <= 0:
        return None
    return bounds[0] * k / (1 + bounds[0] * (k - 1)), bounds[1] * k / (1 + bounds[1] * (k - 1))
