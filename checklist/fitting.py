"""Which choices go together in an instrument: only those are offered in the studio. Pure, no Django.

What is refused when a file is read is not offered here: both ask the same registries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from checklist.answer_kinds import ANSWER_KINDS, AnswerKind, Polarity
from checklist.combining import COMBINING_RULES, CombiningRule, shape_errors
from checklist.item_rules import REASON_RULES, ReasonRule
from checklist.specs import ItemSpec, ResultKind, SubSpec


def kind_fits(kind: AnswerKind, result: ResultKind) -> bool:
    """Whether answers of this kind can be summed up in this way; never for sub-questions."""
    return not kind.for_sub_questions and result in kind.results


def kinds_for(result: ResultKind) -> tuple[AnswerKind, ...]:
    """The kinds of answer for the criteria of an instrument."""
    return tuple(kind for kind in ANSWER_KINDS.values() if kind_fits(kind, result))


def sub_kinds_for(spec: ItemSpec) -> tuple[AnswerKind, ...]:
    """The kinds of answer that a further sub-question of this criterion may have."""
    further = (kind for kind in ANSWER_KINDS.values() if kind.for_sub_questions)
    return tuple(
        kind for kind in further if combining_rules_for(replace(spec, subs=(*spec.subs, _one_more(spec, kind))))
    )


def kinds_of_sub(spec: ItemSpec, key: str) -> tuple[AnswerKind, ...]:
    """The kinds of answer that one sub-question of this criterion may change to."""

    def with_kind(kind: AnswerKind) -> ItemSpec:
        subs = (SubSpec(sub.key, kind.code) if sub.key == key else sub for sub in spec.subs)
        return replace(spec, subs=tuple(subs))

    further = (kind for kind in ANSWER_KINDS.values() if kind.for_sub_questions)
    return tuple(kind for kind in further if combining_rules_for(with_kind(kind)))


def polarities_for(kind: AnswerKind) -> tuple[Polarity, ...]:
    """Which ends of the scale may speak for the proposal."""
    return tuple(Polarity) if kind.is_reversible else (Polarity.YES_IS_GOOD,)


def combining_rules_for(spec: ItemSpec) -> tuple[CombiningRule, ...]:
    """The rules by which these sub-questions can make the answer of this criterion."""
    if not spec.subs:
        return ()
    return tuple(rule for rule in COMBINING_RULES.values() if not shape_errors(replace(spec, combining=rule.code)))


def reason_rules_for(kind: AnswerKind) -> tuple[ReasonRule, ...]:
    """The rules for reasons whose sentence makes sense for the answers of this kind."""
    return tuple(rule for rule in REASON_RULES.values() if _FOR_KINDS.get(rule.code, _any_kind)(kind))


def has_weight(kind: AnswerKind) -> bool:
    """Whether a weight can change anything: only a share adds answers up."""
    return ResultKind.SHARE in kind.results


def _any_kind(kind: AnswerKind) -> bool:
    return True


def _one_more(spec: ItemSpec, kind: AnswerKind) -> SubSpec:
    """One more sub-question, with the first letter that is free."""
    taken = {sub.key for sub in spec.subs}
    return SubSpec(next_sub_key(taken), kind.code)


def next_sub_key(taken: Iterable[str]) -> str:
    """The first letter that no sub-question has: a, b, ... z, aa, ab ..."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    keys = [*letters, *(one + other for one in letters for other in letters)]
    used = set(taken)
    return next(key for key in keys if key not in used)


# Rules whose sentence speaks of particular answers; the others are offered for every kind.
_FOR_KINDS: dict[str, Callable[[AnswerKind], bool]] = {
    "all_but_plain_yes": lambda kind: kind.has("yes"),
    "overlap_checked": lambda kind: kind.is_reversible,
    "ends_of_scale": lambda kind: kind.is_level and kind.has("4"),
    "ends_of_short_scale": lambda kind: kind.is_level and kind.has("3") and not kind.has("4"),
    "all_but_best": lambda kind: not kind.is_level and not kind.has("yes"),
    "when_seen": lambda kind: ResultKind.FLAGS in kind.results,
    "when_covered": lambda kind: ResultKind.COVERAGE in kind.results,
}
