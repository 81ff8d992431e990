"""The order of the proposals of a round, and how far a budget reaches down it.

Pure: frozen values in and out; no Django. Thresholds and stops come before totals: what does not pass
them has no place, however high its score. The order is our interpretation; it informs a decision and
makes none.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from checklist.marking import gettext_noop as _

# Adjusted scores come from an elimination; what differs by less than this is the same.
SAME = 9


class OrderBy(StrEnum):
    """What the order rests on: the mean share as given, or the adjusted one."""

    RAW = "raw"
    ADJUSTED = "adjusted"


class Standing(StrEnum):
    """Whether a proposal has a place, and why not; in the order in which the list shows them."""

    RANKED = "ranked"
    BELOW = "below"
    STOPPED = "stopped"
    NOT_JUDGED = "not_judged"


STANDING_TEXTS: dict[Standing, str] = {
    Standing.RANKED: _("Ranked"),
    Standing.BELOW: _("Below a threshold"),
    Standing.STOPPED: _("Stopped by a critical item"),
    Standing.NOT_JUDGED: _("Not judged yet"),
}


class TieRule(StrEnum):
    """What put a proposal after one with the same score; applied in this order."""

    SHARE = "share"
    CRITICAL = "critical"
    COVERAGE = "coverage"
    SPREAD = "spread"
    REFERENCE = "reference"


TIE_TEXTS: dict[TieRule, str] = {
    TieRule.SHARE: _("Same adjusted score; the higher share as given comes first."),
    TieRule.CRITICAL: _("Same score; fewer adverse critical items come first."),
    TieRule.COVERAGE: _("Same score; the higher coverage comes first."),
    TieRule.SPREAD: _("Same score; the reviewers who differ less come first."),
    TieRule.REFERENCE: _("The same in all that counts; the reference decides."),
}


@dataclass(frozen=True)
class Threshold:
    """What a proposal must reach: `least` (0 to 1) in the value called `key`."""

    key: str
    least: Fraction


@dataclass(frozen=True)
class Shortfall:
    """A threshold that is not reached; `value` None means that nobody could judge it."""

    key: str
    least: Fraction
    value: Fraction | None


@dataclass(frozen=True)
class Entry:
    """One proposal with what its order rests on; all shares go from 0 to 1.

    `share` is the mean of what ranks over its reviewers, `adjusted` the same with their habits taken
    off, `coverage` the judged part of what applies, `spread` the highest less the lowest reviewer.
    `values` holds what thresholds ask for (instruments by key, coverage). `stops` are critical items
    that block and were not overridden. `amount` is what is asked for in the currency of the round,
    None where it is unknown or in another currency. None always means unknown, never nought.
    """

    id: Hashable
    reference: str
    share: Fraction | None
    adjusted: float | None = None
    adverse_critical: int = 0
    coverage: Fraction | None = None
    spread: Fraction | None = None
    values: Mapping[str, Fraction | None] = field(default_factory=dict)
    stops: tuple[str, ...] = ()
    amount: Decimal | None = None


@dataclass(frozen=True)
class Ranked:
    """An entry with its place, or why it has none; `tie` is the rule that put it after the one before."""

    entry: Entry
    standing: Standing
    place: int | None
    tie: TieRule | None = None
    shortfalls: tuple[Shortfall, ...] = ()


def rank(
    entries: Iterable[Entry], thresholds: Sequence[Threshold] = (), by: OrderBy = OrderBy.RAW
) -> tuple[Ranked, ...]:
    """All entries, those with a place first, each group from the best to the last.

    Ties go by `TieRule`; what is unknown comes after what is known. No place is shared, because the
    reference always decides in the end. ValueError for a reference that occurs twice, and for an order
    by adjusted scores when a judged proposal has none: the two must not be mixed in one order.
    """
    found = [_standing(entry, thresholds) for entry in entries]
    references = [each.entry.reference for each in found]
    if len(set(references)) < len(references):
        raise ValueError("Every reference may be there only once.")
    if by is OrderBy.ADJUSTED and any(each.entry.adjusted is None and each.entry.share is not None for each in found):
        raise ValueError("Not every judged proposal has an adjusted score.")
    groups = list(Standing)
    found.sort(key=lambda each: (groups.index(each.standing), *_order(each.entry, by).values()))
    rows: list[Ranked] = []
    for number, each in enumerate(found, start=1):
        is_ranked = each.standing is Standing.RANKED
        tie = _tie(found[number - 2].entry, each.entry, by) if is_ranked and number > 1 else None
        rows.append(Ranked(each.entry, each.standing, number if is_ranked else None, tie, each.shortfalls))
    return tuple(rows)


def _standing(entry: Entry, thresholds: Sequence[Threshold]) -> Ranked:
    shortfalls = tuple(
        Shortfall(threshold.key, threshold.least, value)
        for threshold in thresholds
        if (value := entry.values.get(threshold.key)) is None or value < threshold.least
    )
    if entry.stops:
        standing = Standing.STOPPED
    elif any(shortfall.value is not None for shortfall in shortfalls):
        standing = Standing.BELOW
    elif entry.share is None or shortfalls:
        standing = Standing.NOT_JUDGED
    else:
        standing = Standing.RANKED
    return Ranked(entry, standing, None, None, shortfalls)


def _order(entry: Entry, by: OrderBy) -> dict[TieRule | None, Any]:
    """What is compared, in this order; the smaller comes first. The first entry is the score itself."""
    share = _highest_first(entry.share)
    adjusted = _highest_first(None if entry.adjusted is None else round(entry.adjusted, SAME))
    score: dict[TieRule | None, Any] = {None: share} if by is OrderBy.RAW else {None: adjusted, TieRule.SHARE: share}
    return score | {
        TieRule.CRITICAL: entry.adverse_critical,
        TieRule.COVERAGE: _highest_first(entry.coverage),
        TieRule.SPREAD: (entry.spread is None, entry.spread or 0),
        TieRule.REFERENCE: (_natural(entry.reference), entry.reference),
    }


def _highest_first(value: Fraction | float | None) -> tuple[bool, Fraction | float]:
    return value is None, -(value or 0)


def _natural(reference: str) -> tuple[tuple[int, str], ...]:
    """P-9 before P-10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", reference.casefold())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _tie(before: Entry, entry: Entry, by: OrderBy) -> TieRule | None:
    first, second = _order(before, by), _order(entry, by)
    return next(rule for rule in first if first[rule] != second[rule])


class WhenItDoesNotFit(StrEnum):
    """What the funding line does at the first amount that is more than what is left."""

    STOP = "stop"
    SKIP = "skip"


class Reach(StrEnum):
    """Where a proposal stands against the budget."""

    WITHIN = "within"
    TOO_MUCH = "too_much"
    BEYOND = "beyond"
    UNKNOWN = "unknown"
    NO_PLACE = "no_place"


REACH_TEXTS: dict[Reach, str] = {
    Reach.WITHIN: _("Within the budget"),
    Reach.TOO_MUCH: _("More than what is left"),
    Reach.BEYOND: _("Beyond the line"),
    Reach.UNKNOWN: _("Amount unknown"),
    Reach.NO_PLACE: _("Has no place"),
}


@dataclass(frozen=True)
class Line:
    """One proposal against the budget; `left` is what is left after it."""

    ranked: Ranked
    reach: Reach
    left: Decimal


@dataclass(frozen=True)
class FundingLine:
    """How far a budget reaches: a what-if, never a decision.

    `spent` + `left` is the budget. `is_certain` is False when a proposal with a place that comes
    before the end of the line has no known amount: it took nothing, so the line may reach too far.
    """

    lines: tuple[Line, ...]
    budget: Decimal
    spent: Decimal
    left: Decimal
    is_certain: bool

    @property
    def within(self) -> tuple[Ranked, ...]:
        """The proposals that the budget covers, in their order."""
        return tuple(line.ranked for line in self.lines if line.reach is Reach.WITHIN)

    @property
    def unknown(self) -> tuple[Ranked, ...]:
        """Proposals with a place whose amount is not known."""
        return tuple(line.ranked for line in self.lines if line.reach is Reach.UNKNOWN)


def funding_line(ranking: Sequence[Ranked], budget: Decimal, rule: WhenItDoesNotFit) -> FundingLine:
    """Give whole amounts from the first place down until the budget is used.

    With STOP nothing is given after the first amount that is more than what is left; with SKIP that one
    is passed over and smaller ones further down may still fit. An unknown amount takes nothing and stops
    nothing. ValueError for a budget or an amount below nought.
    """
    amounts = [each.entry.amount for each in ranking if each.entry.amount is not None]
    if min([budget, *amounts]) < 0:
        raise ValueError("Budget and amounts cannot be below 0.")
    left, stopped, lines = budget, False, []
    for each in ranking:
        reach = _reach(each, left, stopped)
        if reach is Reach.WITHIN:
            left -= each.entry.amount or Decimal(0)
        stopped = stopped or (reach is Reach.TOO_MUCH and rule is WhenItDoesNotFit.STOP)
        lines.append(Line(each, reach, left))
    last = max((number for number, line in enumerate(lines) if line.reach is Reach.WITHIN), default=0)
    is_certain = all(line.reach is not Reach.UNKNOWN for line in lines[:last])
    return FundingLine(tuple(lines), budget, budget - left, left, is_certain)


def _reach(ranked: Ranked, left: Decimal, stopped: bool) -> Reach:
    if ranked.place is None:
        return Reach.NO_PLACE
    if ranked.entry.amount is None:
        return Reach.UNKNOWN
    if stopped:
        return Reach.BEYOND
    return Reach.WITHIN if ranked.entry.amount <= left else Reach.TOO_MUCH
