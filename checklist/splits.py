"""How far answers lie apart: what a panel talks about first. Pure, no Django.

The distance of two answers is their distance on the criterion's own scale, from 0 (the same) to 1
(opposite ends). "Not enough information" and "not applicable" have no place on a scale: they are
counted beside and never take part. The rule is ours, not the instruments'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

# From here on a criterion is called split: half of the scale lies between two answers.
SPLIT_FROM = Fraction(1, 2)

_LETTERS = {
    "F": Fraction(1),
    "P": Fraction(1, 2),
    "A": Fraction(0),
    "S": Fraction(1),
    "U": Fraction(0),
    "M": Fraction(1),
    "C": Fraction(1, 2),
    "O": Fraction(0),
}


@dataclass(frozen=True)
class Split:
    """How far the answers to one criterion lie apart.

    `spread` is the distance between the two that are farthest apart, `unlike` the mean distance of all
    pairs; None with fewer than two answers on the scale. `off_scale` counts the others.
    """

    spread: Fraction | None
    unlike: Fraction | None
    off_scale: int

    @property
    def is_split(self) -> bool:
        return self.spread is not None and self.spread >= SPLIT_FROM

    @property
    def is_agreed(self) -> bool:
        """Everybody who could judge says the same, and everybody could."""
        return self.spread == 0 and not self.off_scale

    @property
    def order(self) -> tuple[Fraction, Fraction, int]:
        """Sorts the most split first."""
        nothing = Fraction(-1)
        spread = nothing if self.spread is None else self.spread
        unlike = nothing if self.unlike is None else self.unlike
        return -spread, -unlike, -self.off_scale


def place_of(mark: str, top_level: int | None = None) -> Fraction | None:
    """The place on the scale of a mark letter or level digit (`scoring.marks`); None off the scale."""
    if mark.isdigit():
        return Fraction(int(mark), top_level) if top_level else None
    return _LETTERS.get(mark)


def split_of(places: Iterable[Fraction | None]) -> Split:
    """The split of one criterion; None stands for an answer off the scale."""
    given = list(places)
    known = [place for place in given if place is not None]
    if len(known) < 2:
        return Split(None, None, len(given) - len(known))
    distances = [abs(one - other) for one, other in combinations(known, 2)]
    return Split(max(distances), sum(distances, Fraction(0)) / len(distances), len(given) - len(known))


@dataclass(frozen=True)
class Overall:
    """How split a whole proposal is: criteria that are split, of those two or more could judge; mean spread."""

    split: int
    compared: int
    mean: Fraction | None

    @property
    def order(self) -> tuple[int, Fraction]:
        """Sorts the most split first."""
        return -self.split, -(Fraction(-1) if self.mean is None else self.mean)


def overall(splits: Sequence[Split]) -> Overall:
    """Over all criteria of a proposal, of every instrument: a count of splits, never a sum of results."""
    spreads = [split.spread for split in splits if split.spread is not None]
    mean = sum(spreads, Fraction(0)) / len(spreads) if spreads else None
    return Overall(sum(split.is_split for split in splits), len(spreads), mean)
