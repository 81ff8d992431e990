"""The ways in which a criterion or a sub-question can be answered: pure data, no Django.

A raw answer is stored as the code of an option, exactly as it was given. What the code is worth
depends on the polarity of the question and is worked out here, never stored. "Not enough
information" and "not applicable" are states without a value: they are never numbers.

Source: the printed SIREN checklist (GMS-04, 29 February 2008) knows Yes and No only; every other
option, every value and every rank is our interpretation (instruments.md 1.1 to 1.3 and 2).

A later kind (met / partly / not met, 0-3, flags, coverage) is one more entry in `ANSWER_KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from checklist.marking import gettext_noop as _

NEI = "nei"
NA = "na"
STATES = frozenset({NEI, NA})


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
    `red_flag` is a code of `scoring.FLAG_TEXTS`, raised whenever the option is the answer.
    """

    code: str
    label: str
    value: Fraction | None = None
    rank: int | None = None
    needs_text: bool = False
    without_text: str | None = None
    red_flag: str | None = None

    @property
    def is_state(self) -> bool:
        """True for "not enough information" and "not applicable"."""
        return self.rank is None


@dataclass(frozen=True)
class AnswerKind:
    """A set of options in the order in which a form shows them.

    `is_level` marks an anchored scale, which is printed as a profile and has no favourable end;
    `is_reversible` says whether `yes_is_bad` makes sense for it.
    """

    code: str
    label: str
    options: tuple[AnswerOption, ...]
    is_level: bool = False
    is_reversible: bool = False
    for_sub_questions: bool = False

    def has(self, code: str | None) -> bool:
        """Whether `code` is an answer of this kind."""
        return any(option.code == code for option in self.options)

    def option(self, code: str) -> AnswerOption:
        """The option with this code; KeyError when the kind has no such answer."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(f"{code!r} is not an answer of the kind {self.code!r}")

    @property
    def substantive(self) -> tuple[AnswerOption, ...]:
        """The options that judge something, without the states."""
        return tuple(option for option in self.options if not option.is_state)

    @property
    def top_rank(self) -> int:
        """The highest rank of the scale."""
        return max(option.rank for option in self.options if option.rank is not None)

    @property
    def top_value(self) -> Fraction:
        """The highest value of the scale."""
        return max(option.value for option in self.options if option.value is not None)

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
        """Favourable at the top of the scale, adverse at or below its zero, partly between."""
        if code is None:
            return Favourability.UNANSWERED
        value = self.value(code, polarity)
        if value is None:
            return Favourability(code)
        if value == self.top_value:
            return Favourability.FAVOURABLE
        return Favourability.ADVERSE if value == 0 else Favourability.PARTLY


def _option(code: str, label: str, value: Fraction | int, rank: int | None = None) -> AnswerOption:
    """An option whose rank follows from its value on the scale 0, 1/2, 1 unless it is given."""
    exact = Fraction(value)
    return AnswerOption(code, label, exact, int(exact * 2) if rank is None else rank)


HALF = Fraction(1, 2)
YES = _option("yes", _("Yes"), 1)
PARTLY = _option("partly", _("Partly"), HALF)
NO = _option("no", _("No"), 0)
NOT_ENOUGH = AnswerOption(NEI, _("Not enough information"))
NOT_APPLICABLE = AnswerOption(NA, _("Not applicable"))
NOT_EFFECTIVE = AnswerOption(
    "not_effective",
    _("Evaluated – found not effective"),
    Fraction(0),
    rank=-1,
    red_flag="evaluated_not_effective",
)

_KINDS = (
    AnswerKind(
        "yes_no",
        _("Yes / Partly / No"),
        (YES, PARTLY, NO, NOT_ENOUGH, NOT_APPLICABLE),
        is_reversible=True,
    ),
    AnswerKind(
        "linked",
        _("Linked / Partly linked / Stands alone"),
        (
            _option("linked", _("Linked"), 1),
            _option("partly", _("Partly linked"), HALF),
            _option("alone", _("Stands alone"), 0),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
    ),
    AnswerKind(
        "evaluated",
        _("Evaluated and proven"),
        (YES, PARTLY, NO, NOT_EFFECTIVE, NOT_ENOUGH, NOT_APPLICABLE),
    ),
    AnswerKind(
        "level_0_4",
        _("Level 0 to 4"),
        (
            _option("0", _("Absent or contrary"), 0, 0),
            _option("1", _("Claimed"), 1, 1),
            _option("2", _("Partial"), 2, 2),
            _option("3", _("Sound"), 3, 3),
            _option("4", _("Strong"), 4, 4),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        is_level=True,
    ),
    AnswerKind(
        "sub_yes_no",
        _("Sub-question: Yes / Partly / No"),
        (YES, PARTLY, NO, NOT_ENOUGH, NOT_APPLICABLE),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_overlap",
        _("Sub-question: Yes / Partly / No, where Yes is an overlap and adverse"),
        (
            _option("yes", _("Yes"), 0),
            PARTLY,
            _option("no", _("No"), 1),
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_evaluated",
        _("Sub-question: has it been evaluated"),
        (
            YES,
            PARTLY,
            NO,
            _option("pilot", _("No – a declared pilot with an evaluation design"), 0),
            NOT_ENOUGH,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_effect",
        _("Sub-question: was an effect shown"),
        (
            _option("yes_exploitation", _("Yes – less exploitation"), 1),
            _option("yes_behaviour", _("Yes – changed behaviour"), 1),
            _option("yes_both", _("Yes – both"), 1),
            PARTLY,
            NO,
            NOT_EFFECTIVE,
            NOT_ENOUGH,
            NOT_APPLICABLE,
        ),
        for_sub_questions=True,
    ),
    AnswerKind(
        "sub_how",
        _("Sub-question: how was it assessed"),
        (
            AnswerOption(
                "adequate",
                _("Adequate"),
                Fraction(1),
                rank=2,
                needs_text=True,
                without_text="weak",
            ),
            AnswerOption("weak", _("Weak"), HALF, rank=1, needs_text=True),
            _option("none", _("None"), 0),
            NOT_ENOUGH,
        ),
        for_sub_questions=True,
    ),
)

ANSWER_KINDS: dict[str, AnswerKind] = {kind.code: kind for kind in _KINDS}
