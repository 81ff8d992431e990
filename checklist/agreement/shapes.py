"""What the statistics take in, checked once: tables of ratings and tables of counts."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from fractions import Fraction

Ratings = Sequence[Sequence[Hashable | None]]


def units_of(ratings: Ratings) -> tuple[list[list[Hashable]], int]:
    """The units with two or more ratings, each as the list of its ratings, and how many raters they have.

    Takes one row per rater and one column per unit, None where missing. A unit with one rating says
    nothing about agreement and is left out. Raises ValueError for rows of different lengths and for NaN.
    """
    rows = [list(row) for row in ratings]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("Every rater needs one entry per unit: the rows differ in length.")
    if any(isinstance(value, float) and math.isnan(value) for row in rows for value in row):
        raise ValueError("NaN is no rating; a missing rating is None.")
    units, raters = [], set()
    for column in zip(*rows, strict=True):
        given = [rater for rater, value in enumerate(column) if value is not None]
        if len(given) > 1:
            units.append([value for value in column if value is not None])
            raters.update(given)
    return units, len(raters)


def raters_of(ratings: Ratings) -> int:
    """How many raters gave any rating at all."""
    return sum(any(value is not None for value in row) for row in ratings)


def counts_of(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """A table of counts; ValueError for ragged rows and for what is no whole number from 0 up."""
    rows = [list(row) for row in table]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("The rows of a table of counts need the same length.")
    if any(count != count or count < 0 or count != math.floor(count) for row in rows for count in row):
        raise ValueError("Counts are whole numbers from 0 up.")
    return [[int(count) for count in row] for row in rows]


def exact(value: object) -> Fraction:
    """A number as the fraction that its decimal form says: 0.3 is three tenths.

    So equal ratings stay equal through every sum. Raises ValueError for what is no finite number.
    """
    if isinstance(value, bool):
        raise ValueError(f"{value} is no number.")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{value!r} is no number.") from error
