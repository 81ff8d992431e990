"""What one answer must bring with it: reasons, caps and critical rules. Pure, no Django.

Form, submission and import all ask `validate_item`. Its messages are English sentences with named
parameters in `PROBLEM_TEXTS`, marked for translation; whoever shows them translates them.

Sources: instruments.md 1.1 (required reasons, the reviewer may not set a better answer than the
rule gives), 1.3 (items 2, 3, 7, 8), 1.5 (critical items) and 2 (reasons at the ends of the scale).
All of it is our interpretation; the printed SIREN checklist asks for no reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from checklist.answer_kinds import NA, NEI, STATES, Favourability
from checklist.combining import COMBINING_RULES, Derivation, derive
from checklist.marking import gettext_noop as _
from checklist.specs import (
    CriticalCondition,
    CriticalMode,
    CriticalRule,
    FormLength,
    ItemAnswer,
    ItemSpec,
    RoundContext,
    Stage,
    SubAnswer,
)


class ProblemKind(StrEnum):
    """Missing: not answered yet. Reason: words are missing. Conflict: the answer breaks a rule.

    Invalid: not an answer of this question at all; it must not be stored. The others may be kept
    in a draft and stop the submission.
    """

    MISSING = "missing"
    REASON = "reason"
    CONFLICT = "conflict"
    INVALID = "invalid"


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way of submitting an answer.

    `field` is "answer", "rationale", "sub_<key>" or "sub_<key>_text". `message_key` is a key of
    `PROBLEM_TEXTS`, `params` fill its named places; option codes in `params` have the suffix
    `_code`, so that the caller can put the translated label in under the name without the suffix.
    """

    code: str
    kind: ProblemKind
    field: str
    params: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def message_key(self) -> str:
        """The key of the sentence in `PROBLEM_TEXTS`."""
        return self.code


# Shown as `gettext(PROBLEM_TEXTS[problem.message_key]) % params`, with the labels of the `_code` params added.
PROBLEM_TEXTS: dict[str, str] = {
    "not_an_answer": _("This is not one of the answers to this question."),
    "unknown_sub_question": _("This question has no sub-question %(sub)s."),
    "missing_answer": _("Choose an answer."),
    "missing_sub_answer": _("Answer sub-question %(sub)s: this round uses the full form."),
    "sub_needed_for_answer": _("To answer “%(answer)s”, answer sub-question %(sub)s first: say how this was assessed."),
    "sub_text_needed": _("Describe how this was assessed: method, by whom, with whom, when."),
    "sub_reason_needed": _("Say why sub-question %(sub)s has this answer, here or in the rationale."),
    "reason_for_nei": _("Say what is missing. It becomes a question to the applicant."),
    "reason_for_na": _("Say why this does not apply to the proposal."),
    "reason_for_override": _("The sub-questions give “%(derived)s”. Say why you answer less favourably."),
    "reason_for_critical": _("This answer is critical in this round. Give the reason."),
    "reason_all_but_plain_yes": _("Give a reason for this answer, with the place in the proposal."),
    "reason_always": _("This question always needs a comment."),
    "reason_overlap_checked": _("Say what was compared, at which level, and on what your answer rests."),
    "reason_ends_of_scale": _("Give a reason for a level at the end of the scale (0, 1 or 4)."),
    "reason_ends_of_short_scale": _("Give a reason for a level at the end of the scale (0 or 3)."),
    "reason_all_but_best": _("Give a reason for this answer, with the place in the proposal."),
    "reason_when_seen": _("Say what you saw. Quote the words of the proposal where there are any."),
    "reason_when_covered": _("Say where and how the proposal does so."),
    "better_than_rule": _(
        "The sub-questions allow “%(derived)s” at best. Change them, or choose that answer or a less favourable one."
    ),
    "worse_than_nei_only": _(
        "A sub-question has not enough information, so the item cannot be “%(answer)s”. Choose "
        "“Not enough information” or a less favourable answer."
    ),
    "nei_against_subs": _(
        "The answers to the sub-questions already give “%(derived)s”. “Not enough information” would contradict them."
    ),
    "na_against_subs": _("Sub-questions have been answered, so the item does apply."),
    "subs_all_na": _("All sub-questions are “Not applicable”, so the item is too."),
}


@dataclass(frozen=True)
class ReasonRule:
    """Which answers need a rationale; `sentence` says it to the reviewer before she answers."""

    code: str
    sentence: str
    needs: Callable[[ItemSpec, ItemAnswer, str], bool]


_REASON_RULES = (
    ReasonRule(
        "all_but_plain_yes",
        _("Give a reason for every answer except a plain Yes."),
        lambda spec, given, answer: answer != "yes",
    ),
    ReasonRule(
        "always",
        _("Always give a comment."),
        lambda spec, given, answer: True,
    ),
    ReasonRule(
        "overlap_checked",
        _("Always say what was compared and on what your answer rests."),
        lambda spec, given, answer: (
            not (
                given.has_registry_search
                and spec.answer_kind.favourability(answer, spec.polarity) is Favourability.FAVOURABLE
            )
        ),
    ),
    ReasonRule(
        "ends_of_scale",
        _("Give a reason at levels 0, 1 and 4."),
        lambda spec, given, answer: answer in {"0", "1", "4"},
    ),
    ReasonRule(
        "ends_of_short_scale",
        _("Give a reason at levels 0 and 3."),
        lambda spec, given, answer: answer in {"0", "3"},
    ),
    ReasonRule(
        "all_but_best",
        _("Give a reason for every answer except the most favourable."),
        lambda spec, given, answer: (
            spec.answer_kind.favourability(answer, spec.polarity) is not Favourability.FAVOURABLE
        ),
    ),
    ReasonRule(
        "when_seen",
        _(
            "For what you see: your comment, and the words of the proposal as a quotation below. If unclear: what to ask."
        ),
        lambda spec, given, answer: spec.answer_kind.favourability(answer, spec.polarity) is Favourability.ADVERSE,
    ),
    ReasonRule(
        "when_covered",
        _("Say where the proposal does so, unless it does not."),
        lambda spec, given, answer: spec.answer_kind.favourability(answer, spec.polarity) is not Favourability.ADVERSE,
    ),
)

REASON_RULES: dict[str, ReasonRule] = {rule.code: rule for rule in _REASON_RULES}


# -- critical rules ---------------------------------------------------------------------------

CRITICAL_TEXTS: dict[str, str] = {
    "block": _("Critical item: “recommend” needs a written override by the decision-maker."),
    "explain": _("Critical item: a written reason is needed to go on."),
    "assumed_contact": _("Applied because nobody has said whether the project has direct contact with victims."),
}


@dataclass(frozen=True)
class CriticalResult:
    """A critical rule that an adverse answer has set off.

    `subs` are the sub-questions it rests on (empty: the item as a whole). `is_assumed` says that
    its condition is not known and was taken to hold; show `CRITICAL_TEXTS["assumed_contact"]`.
    """

    key: str
    rule: CriticalRule
    subs: tuple[str, ...] = ()
    is_assumed: bool = False

    @property
    def blocks(self) -> bool:
        """Whether "recommend" needs a written override."""
        return self.rule.mode is CriticalMode.BLOCK

    @property
    def reason_key(self) -> str:
        """The key of the sentence in `CRITICAL_TEXTS`."""
        return self.rule.mode.value


def condition_holds(rule: CriticalRule, context: RoundContext) -> bool | None:
    """Whether the condition of a critical rule holds; None when it is not known."""
    if rule.condition is CriticalCondition.FULL_PROPOSAL_STAGE:
        return context.stage is Stage.FULL
    if rule.condition is CriticalCondition.DIRECT_CONTACT_WITH_VICTIMS:
        return context.direct_contact
    return True


def critical_result(spec: ItemSpec, given: ItemAnswer, context: RoundContext) -> CriticalResult | None:
    """The critical rule of this criterion if the answer sets it off, else None."""
    rule = spec.critical
    holds = condition_holds(rule, context)
    if rule.mode is CriticalMode.NONE or holds is False:
        return None
    scoped = _scope_is_adverse(spec, given)
    item = spec.answer_kind.favourability(effective_answer(spec, given), spec.polarity)
    if scoped is False or (scoped is None and item is not Favourability.ADVERSE):
        return None
    return CriticalResult(spec.key, rule, rule.scope if scoped else (), holds is None)


def _scope_is_adverse(spec: ItemSpec, given: ItemAnswer) -> bool | None:
    """Whether the best answer in the scope is adverse; None while the item has to stand in for it.

    The group counts by its best member (item 4 is critical when there is no target at all). "Not
    enough information" in it is no adverse answer; "not applicable" leaves it.
    """
    group = [sub for sub in spec.subs if sub.key in spec.critical.scope]
    seen = [sub.answer_kind.favourability(given.subs.get(sub.key, SubAnswer()).answer) for sub in group]
    if any(s in {Favourability.FAVOURABLE, Favourability.PARTLY, Favourability.NEI} for s in seen):
        return False
    if not seen or Favourability.UNANSWERED in seen:
        return None
    return Favourability.ADVERSE in seen


# -- one answer -------------------------------------------------------------------------------


def effective_answer(spec: ItemSpec, given: ItemAnswer) -> str | None:
    """The answer that counts: the one given, else the one that the sub-answers lead to."""
    return given.answer if given.answer is not None else derive(spec, given.subs).answer


def needs_reason(spec: ItemSpec, given: ItemAnswer, context: RoundContext) -> str | None:
    """The key of the sentence saying why a rationale is required for this answer; None if not.

    It does not look at whether one was written.
    """
    answer = effective_answer(spec, given)
    if answer is None:
        return None
    if answer in STATES:
        return f"reason_for_{answer}"
    derived = derive(spec, given.subs)
    if _is_override(spec, answer, derived):
        return "reason_for_override"
    if critical_result(spec, given, context):
        return "reason_for_critical"
    if REASON_RULES[spec.reason_rule].needs(spec, given, answer):
        return f"reason_{spec.reason_rule}"
    return None


def validate_item(
    spec: ItemSpec, given: ItemAnswer, form_length: FormLength, context: RoundContext
) -> tuple[Problem, ...]:
    """Everything that stands in the way of submitting this answer; empty when it is complete."""
    invalid = _invalid(spec, given)
    if invalid:
        return invalid
    answer = effective_answer(spec, given)
    derived = derive(spec, given.subs)
    problems = [] if answer else [Problem("missing_answer", ProblemKind.MISSING, "answer")]
    problems += _conflict(spec, given, derived)
    problems += _missing_subs(spec, given, derived, form_length)
    reason = needs_reason(spec, given, context)
    if reason and not given.rationale.strip():
        params = {"derived_code": derived.answer or ""} if reason == "reason_for_override" else {}
        problems.append(Problem(reason, ProblemKind.REASON, "rationale", params))
    problems += _missing_sub_texts(spec, given)
    return tuple(problems)


def _invalid(spec: ItemSpec, given: ItemAnswer) -> tuple[Problem, ...]:
    kinds = {sub.key: sub.answer_kind for sub in spec.subs}
    problems = []
    if given.answer is not None and not spec.answer_kind.has(given.answer):
        problems.append(Problem("not_an_answer", ProblemKind.INVALID, "answer"))
    for key, sub in given.subs.items():
        if key not in kinds:
            params = {"sub": key}
            problem = Problem("unknown_sub_question", ProblemKind.INVALID, "answer", params)
            problems.append(problem)
        elif sub.answer is not None and not kinds[key].has(sub.answer):
            problems.append(Problem("not_an_answer", ProblemKind.INVALID, f"sub_{key}"))
    return tuple(problems)


def _is_override(spec: ItemSpec, answer: str, derived: Derivation) -> bool:
    """A definite item answer that is worse than the best one the sub-answers allow.

    An open rule (nothing explicit missing, sub-questions merely not answered) is no rule yet.
    """
    if derived.best is None or derived.answer is None or answer in STATES:
        return False
    rank, best = (spec.answer_kind.rank(code, spec.polarity) for code in (answer, derived.best))
    return rank is not None and best is not None and rank < best


def _conflict(spec: ItemSpec, given: ItemAnswer, derived: Derivation) -> list[Problem]:
    """The item answer against the sub-answers: at most one problem."""
    answer = given.answer
    if answer is None or not derived.any_answered:
        return []
    code = _conflict_code(spec, answer, derived)
    if code is None:
        return []
    params = {"answer_code": answer, "derived_code": derived.best or NA}
    return [Problem(code, ProblemKind.CONFLICT, "answer", params)]


def _conflict_code(spec: ItemSpec, answer: str, derived: Derivation) -> str | None:
    if answer == NA:
        return None if derived.permits_na else "na_against_subs"
    if derived.answer == NA:
        return "subs_all_na"
    if answer == NEI:
        return None if derived.answer in {None, NEI} else "nei_against_subs"
    if derived.best is None:
        return None
    rank, best = (spec.answer_kind.rank(code, spec.polarity) for code in (answer, derived.best))
    if rank is None or best is None or rank < best:
        return None
    if derived.answer == NEI:
        return "worse_than_nei_only"
    return "better_than_rule" if rank > best else None


def _missing_subs(spec: ItemSpec, given: ItemAnswer, derived: Derivation, form_length: FormLength) -> list[Problem]:
    """Sub-questions that must be answered: all in the full form, some for a favourable item."""
    answer = effective_answer(spec, given)
    unanswered = [
        sub.key
        for sub in spec.subs
        if given.subs.get(sub.key, SubAnswer()).answer is None
        and sub.key not in derived.moot
        and not sub.answer_kind.is_percent
    ]
    if _asks_nothing_more(spec, answer):
        return []
    if form_length is FormLength.FULL and not (answer == NA and not derived.any_answered):
        return [Problem("missing_sub_answer", ProblemKind.MISSING, f"sub_{key}", {"sub": key}) for key in unanswered]
    if not spec.combining or answer is None:
        return []
    if spec.answer_kind.favourability(answer, spec.polarity) is not Favourability.FAVOURABLE:
        return []
    needed = COMBINING_RULES[spec.combining].needed_for_favourable
    return [
        Problem(
            "sub_needed_for_answer",
            ProblemKind.MISSING,
            f"sub_{key}",
            {"sub": key, "answer_code": answer},
        )
        for key in unanswered
        if key in needed
    ]


def _asks_nothing_more(spec: ItemSpec, answer: str | None) -> bool:
    """Sub-questions that stand beside the item ask how; of what is not there, or not known, there is no how."""
    if not spec.combining or not COMBINING_RULES[spec.combining].is_beside or answer is None:
        return False
    return answer in STATES or spec.answer_kind.favourability(answer, spec.polarity) is Favourability.ADVERSE


def _missing_sub_texts(spec: ItemSpec, given: ItemAnswer) -> list[Problem]:
    """Words beside a sub-answer: where the option asks for them, and for the two states."""
    problems = []
    for sub in spec.subs:
        answer = given.subs.get(sub.key, SubAnswer())
        if answer.answer is None or answer.text.strip():
            continue
        where = f"sub_{sub.key}_text"
        if sub.answer_kind.option(answer.answer).needs_text:
            problems.append(Problem("sub_text_needed", ProblemKind.REASON, where))
        elif answer.answer in STATES and not given.rationale.strip():
            params = {"sub": sub.key}
            problems.append(Problem("sub_reason_needed", ProblemKind.REASON, where, params))
    return problems
