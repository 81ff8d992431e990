"""What was seen and what is covered: results that are lists and never a number. Pure, no Django.

Grades, and which flags are about harm to people, are our interpretation (instruments.md 3.3, 3.5
and 4); the sources print neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from checklist.item_rules import critical_result, effective_answer, needs_reason, validate_item
from checklist.results import CoverageItem, CoverageResult, FlagItem, FlagsResult
from checklist.scales import NEI, SEEN
from checklist.specs import Answers, CriticalMode, FormLength, ItemAnswer, ItemSpec, RoundContext

UNANSWERED = ItemAnswer()
WHOLE = Fraction(1)
# Shares are rounded by those who type them.
ROUNDING = Fraction(1, 100)
GRADES = (CriticalMode.BLOCK, CriticalMode.EXPLAIN, CriticalMode.NONE)


def score_flags(
    specs: Sequence[ItemSpec],
    answers: Answers,
    context: RoundContext,
    form_length: FormLength | None = None,
) -> FlagsResult:
    """Which flags were seen: harm to people first, then by grade; each counts once."""
    items = tuple(_flag_item(spec, answers.get(spec.key, UNANSWERED), context, form_length) for spec in specs)
    seen = [item for item in items if item.mark == SEEN]
    found = (critical_result(spec, answers.get(spec.key, UNANSWERED), context) for spec in specs)
    return FlagsResult(
        items=items,
        seen=tuple(sorted(seen, key=lambda item: (not item.about_harm, GRADES.index(item.grade)))),
        unclear=tuple(item.key for item in items if item.mark == NEI),
        judged=sum(item.is_judged for item in items),
        total=len(items),
        counts=_counts([item.mark for item in items]),
        criticals=tuple(critical for critical in found if critical is not None),
    )


def _flag_item(spec: ItemSpec, given: ItemAnswer, context: RoundContext, form_length: FormLength | None) -> FlagItem:
    answer = effective_answer(spec, given)
    return FlagItem(
        key=spec.key,
        raw=given.answer,
        answer=answer,
        mark=spec.answer_kind.mark(answer, spec.polarity),
        grade=spec.critical.mode,
        about_harm=spec.about_harm,
        needs_reason=needs_reason(spec, given, context) is not None,
        problems=validate_item(spec, given, form_length, context) if form_length else (),
    )


def score_coverage(
    specs: Sequence[ItemSpec],
    answers: Answers,
    context: RoundContext,
    form_length: FormLength | None = None,
) -> CoverageResult:
    """What is addressed, and the shares of the budget as far as they are known."""
    items = tuple(_coverage_item(spec, answers.get(spec.key, UNANSWERED), context, form_length) for spec in specs)
    found = (critical_result(spec, answers.get(spec.key, UNANSWERED), context) for spec in specs)
    known = [item.budget_share for item in items if item.budget_share is not None]
    budget = sum(known, Fraction(0)) if known else None
    return CoverageResult(
        items=items,
        judged=sum(item.is_judged for item in items),
        total=len(items),
        counts=_counts([item.mark for item in items]),
        criticals=tuple(critical for critical in found if critical is not None),
        budget=budget,
        budget_notice=_budget_notice(budget, is_whole=len(known) == len(items)),
    )


def _coverage_item(
    spec: ItemSpec, given: ItemAnswer, context: RoundContext, form_length: FormLength | None
) -> CoverageItem:
    answer = effective_answer(spec, given)
    return CoverageItem(
        key=spec.key,
        raw=given.answer,
        answer=answer,
        mark=spec.answer_kind.mark(answer, spec.polarity),
        budget_share=_typed_share(spec, given),
        needs_reason=needs_reason(spec, given, context) is not None,
        problems=validate_item(spec, given, form_length, context) if form_length else (),
    )


def _typed_share(spec: ItemSpec, given: ItemAnswer) -> Fraction | None:
    """The first number among the sub-answers."""
    for sub in spec.subs:
        answer = given.subs.get(sub.key)
        if sub.answer_kind.is_percent and answer is not None and sub.answer_kind.has(answer.answer):
            return sub.answer_kind.value(str(answer.answer))
    return None


def _budget_notice(budget: Fraction | None, *, is_whole: bool) -> str:
    """Shares that cannot be right: more than the whole budget, or all known and less than it."""
    if budget is None or abs(budget - WHOLE) <= ROUNDING:
        return ""
    if budget > WHOLE:
        return "budget_over"
    return "budget_under" if is_whole else ""


def _counts(marks: list[str]) -> dict[str, int]:
    return {mark: marks.count(mark) for mark in sorted(set(marks))}
