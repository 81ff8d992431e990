"""The shapes that the sums come in: frozen values, printed alike by screen, PDF and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from checklist.answer_kinds import Favourability
from checklist.item_rules import CriticalResult, Problem
from checklist.marking import gettext_noop as _
from checklist.specs import CriticalMode

FLAG_TEXTS: dict[str, str] = {
    "evaluated_not_effective": _("Evaluated – found not effective"),
}

BUDGET_TEXTS: dict[str, str] = {
    "budget_over": _("The shares of the budget come to %(sum)s %%, more than the whole. Please check them."),
    "budget_under": _("The shares of the budget come to %(sum)s %%, less than the whole. Please check them."),
}

# Marks of an item that holds no judgement.
NOT_JUDGED = frozenset({"nei", "na", "unanswered"})

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

    @property
    def mark(self) -> str:
        """How it is drawn."""
        return self.favourability.value


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
    """One line of a profile.

    `level` is a number with the `state` "level" on a scale of levels; on a scale without numbers it is
    None and the state a favourability. Without a judgement the state is "nei", "na" or "unanswered".
    """

    key: str
    raw: str | None
    level: int | None
    state: str
    needs_reason: bool
    problems: tuple[Problem, ...] = ()
    answer: str | None = None

    @property
    def is_judged(self) -> bool:
        """Whether the reviewer could judge it."""
        return self.state not in NOT_JUDGED

    @property
    def mark(self) -> str:
        """How it is drawn."""
        return self.state


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
class FlagItem:
    """One flag. `grade` is its critical rule in this round: block is stop, none is a note."""

    key: str
    raw: str | None
    answer: str | None
    mark: str
    grade: CriticalMode
    about_harm: bool
    needs_reason: bool
    problems: tuple[Problem, ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether the reviewer could tell."""
        return self.mark not in NOT_JUDGED


@dataclass(frozen=True)
class FlagsResult:
    """A list: `seen` has harm to people first, then by grade. There is no number on purpose."""

    items: tuple[FlagItem, ...]
    seen: tuple[FlagItem, ...]
    unclear: tuple[str, ...]
    judged: int
    total: int
    counts: Mapping[str, int]
    criticals: tuple[CriticalResult, ...] = ()

    @property
    def applicable(self) -> int:
        """Every flag applies to every proposal."""
        return self.total

    def item(self, key: str) -> FlagItem:
        """The result of one flag; KeyError when there is none."""
        return {item.key: item for item in self.items}[key]

    @property
    def harm(self) -> tuple[FlagItem, ...]:
        """The flags seen that are about harm to people."""
        return tuple(item for item in self.seen if item.about_harm)

    def seen_of(self, grade: CriticalMode) -> tuple[FlagItem, ...]:
        """The flags seen of one grade."""
        return tuple(item for item in self.seen if item.grade is grade)


@dataclass(frozen=True)
class CoverageItem:
    """One theme: whether it is addressed, and its share of the budget (0 to 1) where known."""

    key: str
    raw: str | None
    answer: str | None
    mark: str
    budget_share: Fraction | None
    needs_reason: bool
    problems: tuple[Problem, ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether the reviewer could tell."""
        return self.mark not in NOT_JUDGED


@dataclass(frozen=True)
class CoverageResult:
    """Describes and does not judge: a good project may serve one theme.

    `budget` is the sum of the shares that are known, None when none is; `budget_notice` is "" or a
    key of `BUDGET_TEXTS`, where the shares cannot be right.
    """

    items: tuple[CoverageItem, ...]
    judged: int
    total: int
    counts: Mapping[str, int]
    criticals: tuple[CriticalResult, ...] = ()
    budget: Fraction | None = None
    budget_notice: str = ""

    @property
    def applicable(self) -> int:
        """Every theme applies to every proposal."""
        return self.total

    def item(self, key: str) -> CoverageItem:
        """The result of one theme; KeyError when there is none."""
        return {item.key: item for item in self.items}[key]


Result = ChecklistResult | ProfileResult | FlagsResult | CoverageResult


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
