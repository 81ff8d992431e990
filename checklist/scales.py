"""What an answer, a kind of answer and their meaning are: pure data, no Django.

The kinds themselves stand in one table, `checklist.answer_kinds.ANSWER_KINDS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

NEI = "nei"
NA = "na"
STATES = frozenset({NEI, NA})
HALF = Fraction(1, 2)

# Marks of answers that say something without judging. They are as many letters in a frozen result.
SEEN, UNSEEN, MAIN, ALSO, ABSENT = "seen", "unseen", "main", "also", "absent"


class ResultKind(StrEnum):
    """How the answers to an instrument are summed up; results are never added over instruments.

    Share: of favourable answers. Profile: criteria side by side. Flags: a list of what was seen.
    Coverage: what is addressed. The last three have no number on purpose.
    """

    SHARE = "share"
    PROFILE = "profile"
    FLAGS = "flags"
    COVERAGE = "coverage"


class Polarity(StrEnum):
    """Which end of the scale speaks for the proposal. Only item 3 is printed the other way round."""

    YES_IS_GOOD = "yes_is_good"
    YES_IS_BAD = "yes_is_bad"


class Favourability(StrEnum):
    """What an answer means for the proposal once polarity has been applied."""

    FAVOURABLE = "favourable"
    PARTLY = "partly"
    ADVERSE = "adverse"
    NEI = "nei"
    NA = "na"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class AnswerOption:
    """One answer that can be chosen.

    `value` and `rank` hold for a question where Yes is favourable; both are None for a state.
    `rank` orders better and worse; two options may share one. `needs_text` demands words beside the
    choice, and `without_text` names the option that it counts as while they are missing.
    `red_flag` is a code of `scoring.FLAG_TEXTS`, raised whenever the option is the answer. `mark` is
    how a list draws it where it is not drawn as favourable, partly or adverse.
    """

    code: str
    label: str
    value: Fraction | None = None
    rank: int | None = None
    needs_text: bool = False
    without_text: str | None = None
    red_flag: str | None = None
    mark: str = ""

    @property
    def is_state(self) -> bool:
        """True for "not enough information" and "not applicable"."""
        return self.rank is None


@dataclass(frozen=True)
class AnswerKind:
    """A set of options in the order in which a form shows them.

    `results` are the kinds of result in whose instruments it may stand. `is_level` marks an anchored
    scale of numbered levels; `is_reversible` says whether `yes_is_bad` makes sense for it.
    `is_percent` has no options: a number from 0 to 100 is typed, and may be left out.
    """

    code: str
    label: str
    options: tuple[AnswerOption, ...]
    results: tuple[ResultKind, ...] = ()
    is_level: bool = False
    is_reversible: bool = False
    is_percent: bool = False
    for_sub_questions: bool = False

    def has(self, code: str | None) -> bool:
        """Whether `code` is an answer of this kind."""
        if self.is_percent:
            return code is not None and re.fullmatch(r"100|[1-9]?\d(\.\d{1,2})?", code, re.ASCII) is not None
        return any(option.code == code for option in self.options)

    def option(self, code: str) -> AnswerOption:
        """The option with this code; KeyError when the kind has no such answer."""
        if self.is_percent and self.has(code):
            return AnswerOption(code, f"{code} %", Fraction(code) / 100, 0)
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(f"{code!r} is not an answer of the kind {self.code!r}")

    def typed(self, text: str) -> str:
        """What somebody typed or chose as a code: "12,50 %" is 12.5. What is no answer stays as it is."""
        if not self.is_percent:
            return text
        number = text.replace("%", "").replace(",", ".").strip()
        if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", number, re.ASCII):
            return text.strip()
        return f"{float(number):g}"

    @property
    def substantive(self) -> tuple[AnswerOption, ...]:
        """The options that judge something, without the states."""
        return tuple(option for option in self.options if not option.is_state)

    @property
    def top_rank(self) -> int:
        """The highest rank of the scale."""
        return max((option.rank for option in self.options if option.rank is not None), default=0)

    @property
    def top_value(self) -> Fraction:
        """The highest value of the scale."""
        return max((option.value for option in self.options if option.value is not None), default=Fraction(1))

    def value(self, code: str, polarity: Polarity = Polarity.YES_IS_GOOD) -> Fraction | None:
        """What the answer is worth, polarity applied; None for a state."""
        value = self.option(code).value
        if value is None or polarity is Polarity.YES_IS_GOOD:
            return value
        return self.top_value - value

    def rank(self, code: str, polarity: Polarity = Polarity.YES_IS_GOOD) -> int | None:
        """The place of the answer from worse to better, polarity applied; None for a state."""
        rank = self.option(code).rank
        if rank is None or polarity is Polarity.YES_IS_GOOD:
            return rank
        return self.top_rank - rank

    def code_at(self, rank: int, polarity: Polarity = Polarity.YES_IS_GOOD) -> str:
        """The first answer with this rank, polarity applied; KeyError when there is none."""
        for option in self.substantive:
            if self.rank(option.code, polarity) == rank:
                return option.code
        raise KeyError(f"the kind {self.code!r} has no answer of rank {rank}")

    def favourability(self, code: str | None, polarity: Polarity = Polarity.YES_IS_GOOD) -> Favourability:
        """Favourable at the top of the scale, adverse at or below its zero, partly between.

        Critical rules read it of every kind. Of what is covered it is no judgement.
        """
        if code is None:
            return Favourability.UNANSWERED
        value = self.value(code, polarity)
        if value is None:
            return Favourability(code)
        if value == self.top_value:
            return Favourability.FAVOURABLE
        return Favourability.ADVERSE if value == 0 else Favourability.PARTLY

    def mark(self, code: str | None, polarity: Polarity = Polarity.YES_IS_GOOD) -> str:
        """How the answer is drawn: its own mark, or its favourability; "" for a number."""
        if self.is_percent:
            return ""
        own = self.option(code).mark if code is not None else ""
        return own or self.favourability(code, polarity).value
