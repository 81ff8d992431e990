"""Plain frozen inputs of the scoring: what is asked, what was answered, in which round. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from checklist.answer_kinds import ANSWER_KINDS, AnswerKind, Polarity, ResultKind

__all__ = [
    "RESULT_ORDER",
    "Answers",
    "CriticalCondition",
    "CriticalMode",
    "CriticalRule",
    "CrossWalkRow",
    "FormLength",
    "InstrumentScope",
    "InstrumentSpec",
    "ItemAnswer",
    "ItemSpec",
    "ResultKind",
    "RoundContext",
    "Stage",
    "Strength",
    "SubAnswer",
    "SubSpec",
]

# The order in which the instruments of one assessment are shown, everywhere.
RESULT_ORDER = (ResultKind.SHARE, ResultKind.PROFILE, ResultKind.FLAGS, ResultKind.COVERAGE)


class FormLength(StrEnum):
    """Short: the item answers suffice, sub-questions bind where answered. Full: all of them."""

    SHORT = "short"
    FULL = "full"


class Stage(StrEnum):
    """What the applicant was asked for in this round."""

    CONCEPT = "concept"
    FULL = "full"


class InstrumentScope(StrEnum):
    """Which proposals an instrument is for; the others are judged without it."""

    ALL = "all"
    PREVENTION = "prevention"


class CriticalMode(StrEnum):
    """What an adverse answer does: nothing, ask for a written reason to go on, or block."""

    NONE = "none"
    EXPLAIN = "explain"
    BLOCK = "block"


class CriticalCondition(StrEnum):
    """When a critical rule holds (instruments.md 1.5, our interpretation)."""

    ALWAYS = "always"
    FULL_PROPOSAL_STAGE = "full_proposal_stage"
    DIRECT_CONTACT_WITH_VICTIMS = "direct_contact_with_victims"


class Strength(StrEnum):
    """How strongly a checklist item bears on a principle in the cross-walk."""

    MAIN = "main"
    SUPPORTING = "supporting"


@dataclass(frozen=True)
class CriticalRule:
    """`scope` names the sub-questions that are critical; empty means the item as a whole."""

    mode: CriticalMode = CriticalMode.NONE
    condition: CriticalCondition = CriticalCondition.ALWAYS
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubSpec:
    """One sub-question: key "a", "b" ... and kind of answer. Its polarity lies in its kind."""

    key: str
    kind: str = "sub_yes_no"

    @property
    def answer_kind(self) -> AnswerKind:
        """The kind of answer from the registry."""
        return ANSWER_KINDS[self.kind]


@dataclass(frozen=True)
class ItemSpec:
    """One criterion as the scoring sees it: key "1".."11" or "P1".."P6", and its rules by code.

    `about_harm`: it asks about harm to people, which stands above any score.
    """

    key: str
    kind: str = "yes_no"
    polarity: Polarity = Polarity.YES_IS_GOOD
    weight: Fraction = Fraction(1)
    reason_rule: str = "all_but_plain_yes"
    critical: CriticalRule = CriticalRule()
    combining: str | None = None
    subs: tuple[SubSpec, ...] = ()
    about_harm: bool = False

    @property
    def answer_kind(self) -> AnswerKind:
        """The kind of answer from the registry."""
        return ANSWER_KINDS[self.kind]


@dataclass(frozen=True)
class InstrumentSpec:
    """One version of an instrument as the scoring sees it."""

    slug: str
    result_kind: ResultKind
    items: tuple[ItemSpec, ...]
    version: int = 1

    def item(self, key: str) -> ItemSpec:
        """The criterion with this key; KeyError when there is none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{self.slug} has no criterion {key!r}")


@dataclass(frozen=True)
class SubAnswer:
    """The raw code given to a sub-question (None: unanswered) and the words beside it."""

    answer: str | None = None
    text: str = ""


@dataclass(frozen=True)
class ItemAnswer:
    """The raw code given to a criterion (None: unanswered), the rationale and the sub-answers.

    `has_registry_search` says that a dated search of the register of activities is attached; it
    takes the place of the rationale where the rule `overlap_checked` asks for a basis (item 3).
    """

    answer: str | None = None
    rationale: str = ""
    subs: Mapping[str, SubAnswer] = field(default_factory=dict)
    has_registry_search: bool = False


@dataclass(frozen=True)
class RoundContext:
    """What the conditions of critical rules look at.

    `direct_contact` is None while nobody has said whether the project meets victims; the rule is
    then applied as if it did, and the result says that this was assumed.
    """

    stage: Stage = Stage.FULL
    direct_contact: bool | None = None


@dataclass(frozen=True)
class CrossWalkRow:
    """One criterion bears on another: `source` instrument and key on `target` instrument and key."""

    source_instrument: str
    source_key: str
    target_instrument: str
    target_key: str
    strength: Strength


Answers = Mapping[str, ItemAnswer]
