"""Practice beside its reference: who says the same, criterion by criterion. Pure, no Django.

Answers are compared as they count, by their codes. "Not enough information" and "not applicable" are
answers like any other here: they differ from every other one and never stand for a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checklist.agreement import Statistic, percent_agreement

Answers = Mapping[str, str | None]


@dataclass(frozen=True)
class Beside:
    """One criterion in one practice assessment beside the reference; None stands for no answer."""

    key: str
    own: str | None
    reference: str | None

    @property
    def is_same(self) -> bool:
        return self.own == self.reference

    @property
    def steps(self) -> int | None:
        """How many levels the own answer lies above the reference; None where one of them is no level."""
        if self.own and self.reference and self.own.isdigit() and self.reference.isdigit():
            return int(self.own) - int(self.reference)
        return None


def beside(keys: Sequence[str], own: Answers, reference: Answers) -> tuple[Beside, ...]:
    """Every criterion that one of both answers, in the order of `keys`, those that differ first."""
    rows = [Beside(key, own.get(key), reference.get(key)) for key in keys]
    asked = [row for row in rows if row.own is not None or row.reference is not None]
    return tuple(sorted(asked, key=lambda row: row.is_same))


@dataclass(frozen=True)
class GroupRow:
    """One criterion over a group: `counts` are (code, reviewers), the most frequent first.

    `among` is the share of pairs of reviewers who say the same. It is plain agreement: chance is not
    taken off, because one proposal is no ground for that.
    """

    key: str
    reference: str | None
    counts: tuple[tuple[str, int], ...]
    among: Statistic

    @property
    def answered(self) -> int:
        return sum(number for _code, number in self.counts)

    @property
    def same(self) -> int:
        """How many say what the reference says."""
        return dict(self.counts).get(self.reference or "", 0)

    @property
    def order(self) -> tuple[float, float]:
        """Sorts the farthest from the reference first, then those who differ most among themselves."""
        same = self.same / self.answered if self.answered else 2.0
        return same, 1.0 if self.among.value is None else self.among.value


def group(keys: Sequence[str], given: Sequence[Answers], reference: Answers) -> tuple[GroupRow, ...]:
    """Every criterion over the answers of several reviewers, the farthest from the reference first."""
    rows = []
    for key in keys:
        said = [own.get(key) for own in given]
        counts = Counter(code for code in said if code)
        by_number = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        among = percent_agreement([[code or None] for code in said])
        rows.append(GroupRow(key, reference.get(key), by_number, among))
    return tuple(sorted((row for row in rows if row.answered), key=lambda row: row.order))


def among_all(keys: Sequence[str], given: Sequence[Answers]) -> Statistic:
    """The same share of pairs as a mean over all criteria of one instrument."""
    return percent_agreement([[own.get(key) or None for key in keys] for own in given])
