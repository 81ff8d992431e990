"""The shapes that the sums come in: frozen values, printed alike by screen, PDF and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from checklist.answer_kinds import Favourability
from checklist.item_rules import CriticalResult, Problem
from checklist.marking import gettext_noop as _

FLAG_TEXTS: dict[str, str] = {
    "evaluated_not_effective": _("Evaluated – found not effective"),
}

NOTICE_TEXTS: dict[str, str] = {
    "adverse_but_sound": _(
        "Checklist item %(items)s is adverse, but %(principle)s has level %(level)s. Is that meant?"
    ),
    "favourable_but_weak": _(
        "The checklist items that bear on %(principle)s (%(items)s) are favourable, but it has level "
        "%(level)s. Is that meant?"
    ),
}


@dataclass(frozen=True)
class Flag:
    """A red flag raised by an answer; the sentence is `FLAG_TEXTS[code]`."""

    key: str
    code: str


@dataclass(frozen=True)
class ItemResult:
    """One checklist item: `raw` as given, `answer` as counted (raw, else derived from the subs)."""

    key: str
    raw: str | None
    answer: str | None
    derived: str | None
    favourability: Favourability
    value: Fraction | None
    weight: Fraction
    needs_reason: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Range:
    """The share if all that is missing were adverse, and if all of it were favourable."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class ChecklistResult:
    """`share` is None when nothing was judged, `range` when nothing is applicable.

    `judged` of `applicable` (of `total`) items carry the share. Never add it to a profile.
    """

    items: tuple[ItemResult, ...]
    share: Fraction | None
    range: Range | None
    judged: int
    applicable: int
    total: int
    counts: Mapping[Favourability, int]
    criticals: tuple[CriticalResult, ...]
    flags: tuple[Flag, ...]

    def item(self, key: str) -> ItemResult:
        """The result of one item; KeyError when there is none."""
        return {item.key: item for item in self.items}[key]

    @property
    def blocks_recommendation(self) -> bool:
        """Whether "recommend" needs a written override."""
        return any(critical.blocks for critical in self.criticals)


@dataclass(frozen=True)
class LevelResult:
    """One principle: `level` 0 to 4, or None with `state` "nei", "na" or "unanswered"."""

    key: str
    raw: str | None
    level: int | None
    state: str
    needs_reason: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ProfileResult:
    """Levels side by side: there is no sum and no mean on purpose."""

    items: tuple[LevelResult, ...]
    judged: int
    applicable: int
    total: int
    counts: Mapping[str, int]
    criticals: tuple[CriticalResult, ...] = ()

    def item(self, key: str) -> LevelResult:
        """The result of one principle; KeyError when there is none."""
        return {item.key: item for item in self.items}[key]


@dataclass(frozen=True)
class Progress:
    """How far an assessment has come; keys are in the order of the instrument.

    `missing` have no answer or lack a sub-answer, `need_reason` lack words, `conflicts` break a rule
    or hold something that is no answer. An item can be in several. Add two to join instruments.
    """

    answered: int
    total: int
    missing: tuple[str, ...]
    need_reason: tuple[str, ...]
    conflicts: tuple[str, ...]
    problems: tuple[tuple[str, Problem], ...]

    @property
    def is_complete(self) -> bool:
        """Whether the assessment may be submitted."""
        return not self.problems

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.answered + other.answered,
            self.total + other.total,
            self.missing + other.missing,
            self.need_reason + other.need_reason,
            self.conflicts + other.conflicts,
            self.problems + other.problems,
        )


@dataclass(frozen=True)
class Question:
    """Something to ask the applicant: the reviewer's words at a "not enough information"."""

    key: str
    sub: str | None
    text: str


@dataclass(frozen=True)
class Notice:
    """Checklist and principle seem to disagree; shown, never acted on. See `NOTICE_TEXTS[code]`."""

    code: str
    principle: str
    level: int
    items: tuple[str, ...]
