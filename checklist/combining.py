"""How the answers to sub-questions give the answer to the item: pure functions, no Django.

A rule looks at favourability ranks (2 favourable, 1 partly, 0 adverse, -1 worse than adverse) and
gives the rank of the item; the polarity of the item turns that rank into its answer. Sub-questions answered
"not applicable" are left out; when all are, the item is not applicable.

What is unknown ("not enough information", or not answered yet) is tried in every possible way. If
every way gives the same item answer, that is the answer. If not, an explicit "not enough
information" makes the item "not enough information"; otherwise the item is not derived yet.

Source: instruments.md 1.1 ("minimum of the applicable sub-answers unless a rule is given") and 1.3,
items 2, 3, 4, 8 and 11. The printed SIREN checklist has no such rules: all are our interpretation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from checklist.answer_kinds import ANSWER_KINDS, NA, NEI, STATES, Polarity
from checklist.marking import gettext_noop as _
from checklist.specs import ItemSpec, SubAnswer

Ranks = Mapping[str, int]
Codes = Mapping[str, str]


@dataclass(frozen=True)
class CombiningRule:
    """One way to combine.

    `combine` gives the rank of the item, or None where nothing applicable is left. A rule without
    `combine` lets the sub-questions stand beside the item: they say more and decide nothing.
    `sentence` says the rule to the reviewer. `roles` are the sub-keys that the rule speaks of
    (empty: any). `moot` names sub-questions that fall away because of another answer.
    `permits_na` says that these answers justify "not applicable" for the item.
    `needed_for_favourable` must be answered before the item may be favourable, in the short form too.
    """

    code: str
    sentence: str
    combine: Callable[[Ranks], int | None] | None
    roles: tuple[str, ...] = ()
    moot: Callable[[Codes], frozenset[str]] = lambda codes: frozenset()
    permits_na: Callable[[Codes], bool] = lambda codes: False
    needed_for_favourable: tuple[str, ...] = ()

    @property
    def is_beside(self) -> bool:
        """Whether the sub-questions only say more."""
        return self.combine is None


@dataclass(frozen=True)
class Derivation:
    """What the sub-answers say about the item.

    `answer` is the derived code ("nei" and "na" included), or None while it is open. `best` is the
    best answer that is still possible, None when nothing limits it (no sub-question answered) or
    nothing is applicable. `permits_na` says whether the item may be answered "not applicable".
    `moot` are sub-questions that need no answer. `any_answered` is False when all were left out.
    """

    answer: str | None = None
    best: str | None = None
    permits_na: bool = True
    moot: frozenset[str] = frozenset()
    any_answered: bool = False


NOTHING_DERIVED = Derivation()


def _lowest(ranks: Ranks, *keys: str) -> int | None:
    """The minimum over the applicable ones of `keys` (all when none is named)."""
    found = [ranks[key] for key in (keys or tuple(ranks)) if key in ranks]
    return min(found) if found else None


def _minimum(ranks: Ranks) -> int | None:
    return _lowest(ranks)


def _overlap(ranks: Ranks) -> int | None:
    """Item 3. The kind of a, b and c is `sub_overlap`: rank 0 is a full overlap, 2 is none.

    instruments.md 1.3 prints the labels ("overlaps in part, or complementary by written agreement")
    and no formula. That the overlap is the smaller of kind (a) and place (b), and that another or
    only partly the same group and period (c) makes it an overlap in part, is our reading.
    """
    core = [ranks[key] for key in ("a", "b") if key in ranks]
    if not core:
        return None
    if max(core) > 0:
        return max(core)
    return 1 if ranks.get("c", 0) > 0 or ranks.get("d", 0) == 2 else 0


def _strongest_focus(ranks: Ranks) -> int | None:
    """Item 4: min(max(4a, 4b, 4c), 4d)."""
    focus = [ranks[key] for key in ("a", "b", "c") if key in ranks]
    parts = ([max(focus)] if focus else []) + ([ranks["d"]] if "d" in ranks else [])
    return min(parts) if parts else None


def _assessed_how(ranks: Ranks) -> int | None:
    """Item 8: min(8a, 8b), and never more than partly unless 8c is adequate."""
    lowest = _lowest(ranks, "a", "b")
    if lowest is None:
        return None
    return lowest if ranks.get("c", 2) == 2 else min(lowest, 1)


def _impact(ranks: Ranks) -> int | None:
    """Item 11: min(11a, 11b), partly at most without outlined outputs; outputs alone: partly."""
    lowest = _lowest(ranks, "a", "b")
    if lowest is None:
        return min(ranks["c"], 1) if "c" in ranks else None
    return lowest if ranks.get("c", 2) > 0 else min(lowest, 1)


def _moot_without_evaluation(codes: Codes) -> frozenset[str]:
    """2b asks what the evaluation showed: without one there is nothing to ask."""
    return frozenset("b") if codes.get("a") in {"no", "pilot"} else frozenset()


def _moot_without_overlap(codes: Codes) -> frozenset[str]:
    """3c and 3d only mean something when kind and place overlap."""
    return frozenset("cd") if "no" in {codes.get("a"), codes.get("b")} else frozenset()


_RULES = (
    CombiningRule(
        "minimum",
        _("The item is as good as its weakest sub-question."),
        _minimum,
    ),
    CombiningRule(
        "evaluated_then_proven",
        _(
            "Not evaluated gives No; a declared pilot with an evaluation design may be set to Not "
            "applicable. Otherwise the weaker of “evaluated” and “effect shown” counts. Evaluated and "
            "found not effective is worse than not evaluated."
        ),
        _minimum,
        roles=("a", "b"),
        moot=_moot_without_evaluation,
        permits_na=lambda codes: codes.get("a") == "pilot",
    ),
    CombiningRule(
        "overlap",
        _(
            "Yes when another actor does the same kind of activity in the same place for the same group "
            "and period without an agreement. Partly when only some of it overlaps or a written "
            "agreement divides the work. No when kind or place differ."
        ),
        _overlap,
        roles=("a", "b", "c", "d"),
        moot=_moot_without_overlap,
    ),
    CombiningRule(
        "strongest_focus_with_intervention",
        _(
            "The strongest of the three targets counts, but never more than the effectiveness of the "
            "intervention chosen for it."
        ),
        _strongest_focus,
        roles=("a", "b", "c", "d"),
    ),
    CombiningRule(
        "assessed_how",
        _(
            "The weaker of culture and language counts. It is Yes only when the way in which this was "
            "assessed is described and adequate; otherwise Partly at most."
        ),
        _assessed_how,
        roles=("a", "b", "c"),
        needed_for_favourable=("c",),
    ),
    CombiningRule(
        "impact_with_outputs",
        _(
            "The weaker of measurable and sustainable counts, and Partly at most when the outputs are "
            "not outlined. Outlined outputs alone never make more than Partly."
        ),
        _impact,
        roles=("a", "b", "c"),
    ),
    CombiningRule(
        "beside",
        _("What you say here stands beside the answer and does not change it."),
        None,
    ),
)

COMBINING_RULES: dict[str, CombiningRule] = {rule.code: rule for rule in _RULES}

# What identifies a derivation: the rule, the kind and polarity of the item, and per sub-question
# its key, kind and the code it counts as. Hashable, so that equal cases are worked out once.
_Sub = tuple[str, str, str | None]


def counted_code(kind: str, sub: SubAnswer) -> str | None:
    """The code that a sub-answer counts as: an answer without the words it needs counts as weaker."""
    if sub.answer is None or not ANSWER_KINDS[kind].has(sub.answer):
        return None
    option = ANSWER_KINDS[kind].option(sub.answer)
    if option.without_text and not sub.text.strip():
        return option.without_text
    return sub.answer


def derive(spec: ItemSpec, subs: Mapping[str, SubAnswer]) -> Derivation:
    """What the sub-answers given so far say about the item, by its combining rule."""
    if not spec.combining or not subs or COMBINING_RULES[spec.combining].is_beside:
        return NOTHING_DERIVED
    cells = tuple((sub.key, sub.kind, counted_code(sub.kind, subs.get(sub.key, SubAnswer()))) for sub in spec.subs)
    if all(code is None for *_, code in cells):
        return NOTHING_DERIVED
    return _derive(spec.combining, spec.kind, spec.polarity, cells)


@lru_cache(maxsize=8192)
def _derive(rule_code: str, kind: str, polarity: Polarity, cells: tuple[_Sub, ...]) -> Derivation:
    rule = COMBINING_RULES[rule_code]
    codes = {key: code for key, _, code in cells if code is not None}
    moot = rule.moot(codes)
    answered = set(codes.values())
    permits_na = answered == {NA} or rule.permits_na(codes)
    outcomes = _outcomes(rule, cells, moot)
    if not outcomes:
        answer = NA if len(codes) + len(moot - set(codes)) == len(cells) else None
        return Derivation(answer, None, permits_na or answer == NA, moot, True)
    item_kind = ANSWER_KINDS[kind]
    best = item_kind.code_at(max(outcomes), polarity)
    answer = best if len(outcomes) == 1 else (NEI if NEI in answered else None)
    return Derivation(answer, best, permits_na, moot, True)


def _outcomes(rule: CombiningRule, cells: tuple[_Sub, ...], moot: frozenset[str]) -> set[int]:
    """Every rank that the item can still get when the unknown sub-answers are filled in."""
    if rule.combine is None:
        return set()
    choices: list[list[tuple[str, int]]] = []
    for key, kind, code in cells:
        answer_kind = ANSWER_KINDS[kind]
        if code == NA or (key in moot and (code is None or code in STATES)):
            continue
        known = {option.code for option in answer_kind.substantive} if code is None or code == NEI else {code}
        ranks = {answer_kind.rank(each) for each in known}
        choices.append([(key, rank) for rank in sorted(r for r in ranks if r is not None)])
    ranks_of_item = (rule.combine(dict(filled)) for filled in product(*choices))
    return {rank for rank in ranks_of_item if rank is not None}


def shape_errors(spec: ItemSpec) -> tuple[str, ...]:
    """What is wrong with the combining rule of a criterion; used when an instrument file is read."""
    if not spec.subs:
        return ("a combining rule needs sub-questions",) if spec.combining else ()
    if spec.combining not in COMBINING_RULES:
        known = ", ".join(COMBINING_RULES)
        return (f"combining {spec.combining!r} is not known; choose one of: {known}",)
    errors = []
    rule, keys = COMBINING_RULES[spec.combining], {sub.key for sub in spec.subs}
    if rule.roles and keys != set(rule.roles):
        wanted = ", ".join(rule.roles)
        errors.append(f"combining {rule.code!r} needs exactly the sub-questions {wanted}")
    if rule.is_beside:
        return tuple(errors)
    errors += [
        f"sub-question {sub.key!r} is a number and combines into nothing; use combining 'beside'"
        for sub in spec.subs
        if sub.answer_kind.is_percent
    ]
    item_ranks = {option.rank for option in spec.answer_kind.substantive}
    sub_ranks = {option.rank for sub in spec.subs for option in sub.answer_kind.substantive}
    if not sub_ranks <= item_ranks:
        errors.append(f"the kind {spec.kind!r} has no answer for every outcome of its sub-questions")
    return tuple(errors)
