"""The sums: what the answers to an instrument come to. Pure, no Django, no stored totals.

Screen, list, PDF and export all call `score`. Checklist and principles are never added together:
items 9, 10 and 11 restate principles 4, 3 and 6, and a total would count them twice
(instruments.md 1.4). The share of favourable answers, the weights and the range are our
interpretation; the printed SIREN checklist has neither points nor weights.

The names that other modules need are all importable from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from checklist.answer_kinds import (
    ANSWER_KINDS,
    NA,
    NEI,
    AnswerKind,
    AnswerOption,
    Favourability,
    Polarity,
)
from checklist.combining import COMBINING_RULES, Derivation, derive
from checklist.item_rules import (
    CRITICAL_TEXTS,
    PROBLEM_TEXTS,
    REASON_RULES,
    CriticalResult,
    Problem,
    ProblemKind,
    critical_result,
    effective_answer,
    needs_reason,
    validate_item,
)
from checklist.results import (
    BUDGET_TEXTS,
    FLAG_TEXTS,
    NOTICE_TEXTS,
    ChecklistResult,
    CoverageResult,
    Flag,
    FlagsResult,
    ItemResult,
    LevelResult,
    Notice,
    ProfileResult,
    Progress,
    Question,
    Range,
    Result,
)
from checklist.scales import ABSENT, ALSO, MAIN, SEEN, UNSEEN
from checklist.screens import score_coverage, score_flags
from checklist.specs import (
    RESULT_ORDER,
    Answers,
    CriticalCondition,
    CriticalMode,
    CriticalRule,
    CrossWalkRow,
    FormLength,
    InstrumentSpec,
    ItemAnswer,
    ItemSpec,
    ResultKind,
    RoundContext,
    Stage,
    Strength,
    SubAnswer,
    SubSpec,
)
from checklist.tensions import TensionCondition, TensionFound, TensionSpec, tensions_in

__all__ = [
    "ANSWER_KINDS",
    "BUDGET_TEXTS",
    "COMBINING_RULES",
    "CRITICAL_TEXTS",
    "FLAG_TEXTS",
    "MARK_LETTERS",
    "NA",
    "NEI",
    "NOTICE_TEXTS",
    "PROBLEM_TEXTS",
    "REASON_RULES",
    "RESULT_ORDER",
    "SEEN",
    "AnswerKind",
    "AnswerOption",
    "Answers",
    "ChecklistResult",
    "CoverageResult",
    "CriticalCondition",
    "CriticalMode",
    "CriticalResult",
    "CriticalRule",
    "CrossWalkRow",
    "Derivation",
    "Favourability",
    "Flag",
    "FlagsResult",
    "FormLength",
    "InstrumentSpec",
    "ItemAnswer",
    "ItemResult",
    "ItemSpec",
    "LevelResult",
    "Notice",
    "Polarity",
    "Problem",
    "ProblemKind",
    "ProfileResult",
    "Progress",
    "Question",
    "Range",
    "Result",
    "ResultKind",
    "RoundContext",
    "Stage",
    "Strength",
    "SubAnswer",
    "SubSpec",
    "TensionCondition",
    "TensionFound",
    "TensionSpec",
    "consistency_notices",
    "critical_result",
    "derive",
    "effective_answer",
    "marks",
    "needs_reason",
    "progress",
    "questions_to_applicant",
    "score",
    "score_checklist",
    "score_coverage",
    "score_flags",
    "score_profile",
    "tensions_in",
    "validate_item",
    "with_critical_modes",
]

UNANSWERED = ItemAnswer()

# One letter per criterion, so that a list can show and filter a frozen result without scoring it.
# Levels stand as their own digit.
MARK_LETTERS: dict[str, str] = {
    Favourability.FAVOURABLE: "F",
    Favourability.PARTLY: "P",
    Favourability.ADVERSE: "A",
    Favourability.NEI: "N",
    Favourability.NA: "X",
    Favourability.UNANSWERED: "-",
    SEEN: "S",
    UNSEEN: "U",
    MAIN: "M",
    ALSO: "C",
    ABSENT: "O",
}


def score(
    spec: InstrumentSpec,
    answers: Answers,
    context: RoundContext,
    form_length: FormLength | None = None,
) -> Result:
    """The result of one instrument, in the shape that its result kind asks for.

    `problems` are worked out only when `form_length` is given; a submitted assessment has none.
    """
    sums: dict[ResultKind, Callable[..., Result]] = {
        ResultKind.SHARE: score_checklist,
        ResultKind.PROFILE: score_profile,
        ResultKind.FLAGS: score_flags,
        ResultKind.COVERAGE: score_coverage,
    }
    return sums[spec.result_kind](spec.items, answers, context, form_length)


def score_checklist(
    specs: Sequence[ItemSpec],
    answers: Answers,
    context: RoundContext,
    form_length: FormLength | None = None,
) -> ChecklistResult:
    """Share of favourable answers among the judged ones, with the range that gaps leave open.

    share = sum(weight x value) / sum(weight) over judged items. "Not applicable" leaves numerator
    and denominator; "not enough information" and unanswered leave the share and widen the range
    (instruments.md 1.1).
    """
    items = tuple(_item_result(spec, answers.get(spec.key, UNANSWERED), context, form_length) for spec in specs)
    judged = [item for item in items if item.value is not None]
    applicable = [item for item in items if item.favourability is not Favourability.NA]
    gained = sum((item.weight * (item.value or 0) for item in judged), Fraction(0))
    judged_weight = sum((item.weight for item in judged), Fraction(0))
    weight = sum((item.weight for item in applicable), Fraction(0))
    span = Range(gained / weight, (gained + weight - judged_weight) / weight) if weight else None
    return ChecklistResult(
        items=items,
        share=share_of((item.weight, item.value) for item in judged),
        range=span,
        judged=len(judged),
        applicable=len(applicable),
        total=len(items),
        counts={each: sum(i.favourability is each for i in items) for each in Favourability},
        criticals=_criticals(specs, answers, context),
        flags=tuple(_flags(specs, items)),
    )


def share_of(judged: Iterable[tuple[Fraction | int, Fraction | None]]) -> Fraction | None:
    """The exact share of favourable answers from (weight, value) of each item; None where nothing is judged.

    A value of None is an item that could not be judged. The one sum behind every share that is shown.
    """
    known = [(Fraction(weight), value) for weight, value in judged if value is not None]
    weight = sum((weight for weight, _value in known), Fraction(0))
    return sum((weight * value for weight, value in known), Fraction(0)) / weight if weight else None


def score_profile(
    specs: Sequence[ItemSpec],
    answers: Answers,
    context: RoundContext,
    form_length: FormLength | None = None,
) -> ProfileResult:
    """Every criterion for itself and how many were judged (instruments.md 2 and 3)."""
    items = tuple(_level_result(spec, answers.get(spec.key, UNANSWERED), context, form_length) for spec in specs)
    states = [item.state if item.level is None else str(item.level) for item in items]
    return ProfileResult(
        items=items,
        judged=sum(item.is_judged for item in items),
        applicable=sum(item.state != NA for item in items),
        total=len(items),
        counts={state: states.count(state) for state in sorted(set(states))},
        criticals=_criticals(specs, answers, context),
    )


def marks(result: Result) -> str:
    """One letter (`MARK_LETTERS`) or level digit per criterion, in the order of the instrument."""
    if isinstance(result, ProfileResult):
        return "".join(MARK_LETTERS[item.mark] if item.level is None else str(item.level) for item in result.items)
    return "".join(MARK_LETTERS[item.mark] for item in result.items)


def with_critical_modes(spec: InstrumentSpec, modes: Mapping[str, CriticalMode]) -> InstrumentSpec:
    """The same instrument with the critical rules that a round has set; others keep their default.

    Only none, explain or block is replaced: condition and scope belong to the criterion.
    """
    items = tuple(
        replace(item, critical=replace(item.critical, mode=modes[item.key])) if item.key in modes else item
        for item in spec.items
    )
    return replace(spec, items=items)


def _item_result(
    spec: ItemSpec, given: ItemAnswer, context: RoundContext, form_length: FormLength | None
) -> ItemResult:
    derived = derive(spec, given.subs)
    answer = given.answer if given.answer is not None else derived.answer
    kind = spec.answer_kind
    return ItemResult(
        key=spec.key,
        raw=given.answer,
        answer=answer,
        derived=derived.answer,
        favourability=kind.favourability(answer, spec.polarity),
        value=None if answer is None else kind.value(answer, spec.polarity),
        weight=spec.weight,
        needs_reason=needs_reason(spec, given, context) is not None,
        problems=validate_item(spec, given, form_length, context) if form_length else (),
    )


def _level_result(
    spec: ItemSpec, given: ItemAnswer, context: RoundContext, form_length: FormLength | None
) -> LevelResult:
    answer, kind = effective_answer(spec, given), spec.answer_kind
    value = None if answer is None or not kind.is_level else kind.value(answer)
    return LevelResult(
        key=spec.key,
        raw=given.answer,
        answer=answer,
        level=None if value is None else int(value),
        state=kind.favourability(answer, spec.polarity).value if value is None else "level",
        needs_reason=needs_reason(spec, given, context) is not None,
        problems=validate_item(spec, given, form_length, context) if form_length else (),
    )


def _criticals(specs: Sequence[ItemSpec], answers: Answers, context: RoundContext) -> tuple[CriticalResult, ...]:
    found = (critical_result(spec, answers.get(spec.key, UNANSWERED), context) for spec in specs)
    return tuple(critical for critical in found if critical is not None)


def _flags(specs: Sequence[ItemSpec], items: Sequence[ItemResult]) -> Iterable[Flag]:
    for spec, item in zip(specs, items, strict=True):
        code = item.answer and spec.answer_kind.option(item.answer).red_flag
        if code:
            yield Flag(spec.key, code)


def progress(spec: InstrumentSpec, answers: Answers, form_length: FormLength, context: RoundContext) -> Progress:
    """What is answered and what still stands in the way of submitting, for one instrument."""
    problems = tuple(
        (item.key, problem)
        for item in spec.items
        for problem in validate_item(item, answers.get(item.key, UNANSWERED), form_length, context)
    )

    def keys(*kinds: ProblemKind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for key, problem in problems if problem.kind in kinds))

    return Progress(
        answered=sum(effective_answer(item, answers.get(item.key, UNANSWERED)) is not None for item in spec.items),
        total=len(spec.items),
        missing=keys(ProblemKind.MISSING),
        need_reason=keys(ProblemKind.REASON),
        conflicts=keys(ProblemKind.CONFLICT, ProblemKind.INVALID),
        problems=problems,
    )


def questions_to_applicant(spec: InstrumentSpec, answers: Answers) -> tuple[Question, ...]:
    """What "not enough information" asks the applicant, item by item, in the reviewer's words.

    A flag seen that needs an explanation asks as well.

    A sub-question is listed beside its item only when it brings words of its own. Alone and without
    words it asks itself: the reason of its item is about something else.
    """
    questions = []
    for item in spec.items:
        given = answers.get(item.key, UNANSWERED)
        answer = effective_answer(item, given)
        item_is_open = answer == NEI
        if item_is_open or (item.critical.mode is CriticalMode.EXPLAIN and item.answer_kind.mark(answer) == SEEN):
            questions.append(Question(item.key, None, given.rationale.strip()))
        for sub in item.subs:
            said = given.subs.get(sub.key)
            if said is None or said.answer != NEI:
                continue
            own = said.text.strip()
            if own or not item_is_open:
                questions.append(Question(item.key, sub.key, own))
    return tuple(questions)


def consistency_notices(
    crosswalk: Iterable[CrossWalkRow], checklist: ChecklistResult, profile: ProfileResult
) -> tuple[Notice, ...]:
    """Where checklist and principles seem to disagree; nothing is changed by it.

    A main item adverse while the principle has level 3 or 4; or every applicable main item
    favourable while it has level 0 or 1 (instruments.md 1.4, our interpretation).
    """
    items = {item.key: item.favourability for item in checklist.items}
    main: dict[str, list[str]] = {}
    for row in crosswalk:
        if row.strength is Strength.MAIN and row.source_key in items:
            main.setdefault(row.target_key, []).append(row.source_key)
    order = list(items)
    notices = []
    for result in profile.items:
        keys = sorted(main.get(result.key, ()), key=order.index)
        keys = [key for key in keys if items[key] is not Favourability.NA]
        adverse = tuple(key for key in keys if items[key] is Favourability.ADVERSE)
        if result.level is None or not keys:
            continue
        if adverse and result.level >= 3:
            notices.append(Notice("adverse_but_sound", result.key, result.level, adverse))
        elif result.level <= 1 and all(items[k] is Favourability.FAVOURABLE for k in keys):
            notices.append(Notice("favourable_but_weak", result.key, result.level, tuple(keys)))
    return tuple(notices)
