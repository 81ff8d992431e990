"""What is wrong or doubtful in an instrument: pure, no Django.

"Wrong" stands in the way of publishing; "doubtful" is for a person to look at. A finding names its
place in the grammar of `checklist.paths`, and its sentence is in `views/studio/finding_words.py`.
The limits of length are those of plain-language guides, not of any source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from checklist.answer_kinds import ANSWER_KINDS, AnswerKind, Favourability, Polarity, ResultKind
from checklist.checking.findings import Finding, Severity, doubtful, wrong
from checklist.checking.translations import translation_findings
from checklist.checking.wording import (
    DESCRIPTOR_WORDS,
    SENTENCE_WORDS,
    WORDING_WORDS,
    asks_twice,
    joining_word,
    longest_sentence,
    plain,
    words_in,
)
from checklist.combining import COMBINING_RULES
from checklist.instrument_content import CriterionText, InstrumentFile
from checklist.item_rules import REASON_RULES
from checklist.specs import CriticalMode, ItemAnswer, ItemSpec

__all__ = ["Finding", "Severity", "check", "stands_in_the_way"]

# More ways to answer the sub-questions than this are tried by their ends only.
MOST_COMBINATIONS = 20_000
# Their answers name both sides, so that "or" in the wording is no second question.
EITHER_OR_KINDS = frozenset({"linked"})


def check(content: InstrumentFile, languages: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Every finding, what is wrong first, else in the order of the instrument.

    `languages` are those that the instrument should be readable in.
    """
    found = [*_of_version(content), *_of_domains(content), *_between_criteria(content)]
    for criterion in content.criteria:
        found += _of_criterion(criterion, content)
    found += _of_weights(content)
    found += translation_findings(content, languages)
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.WRONG))


def stands_in_the_way(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What has to be put right before the instrument can be published."""
    return tuple(finding for finding in findings if finding.severity is Severity.WRONG)


# -- the version as a whole -------------------------------------------------------------------


def _of_version(content: InstrumentFile) -> Iterator[Finding]:
    for name in ("title", "short_title"):
        if not getattr(content, name).strip():
            yield wrong("title_missing", name)
    if not content.source.strip():
        yield wrong("source_missing", "source")
    if not content.criteria:
        yield wrong("no_criteria", "criteria")


def _of_domains(content: InstrumentFile) -> Iterator[Finding]:
    used = {criterion.domain for criterion in content.criteria}
    for domain in content.domains:
        if not domain.title.strip():
            yield wrong("domain_untitled", f"domains/{domain.key}/title")
        if domain.key not in used:
            yield doubtful("domain_empty", f"domains/{domain.key}", title=domain.title or domain.key)


def _between_criteria(content: InstrumentFile) -> Iterator[Finding]:
    numbers: dict[str, str] = {}
    wordings: dict[str, str] = {}
    for criterion in content.criteria:
        path = f"criteria/{criterion.key}"
        other = numbers.setdefault(criterion.number, criterion.key)
        if other != criterion.key:
            yield wrong("number_twice", f"{path}/number", number=criterion.number)
        text = plain(criterion.wording)
        other = wordings.setdefault(text, criterion.number) if text else criterion.number
        if other != criterion.number:
            yield wrong("wording_twice", f"{path}/wording", other=other)


def _of_weights(content: InstrumentFile) -> Iterator[Finding]:
    """Only a share is weighed; and a weight matters only against another one."""
    weights = {criterion.key: criterion.spec.weight for criterion in content.criteria}
    if content.result_kind is not ResultKind.SHARE:
        for key, weight in weights.items():
            if weight != 1:
                yield doubtful("weight_without_sum", f"criteria/{key}/weight", weight=_number(weight))
        return
    if weights and not any(weights.values()):
        yield wrong("weights_all_zero", f"criteria/{next(iter(weights))}/weight")
        return
    for key, weight in weights.items():
        if weight == 0:
            yield doubtful("weight_zero", f"criteria/{key}/weight")
    only = set(weights.values())
    if len(only) == 1 and only != {1}:
        yield doubtful("weights_all_the_same", f"criteria/{next(iter(weights))}/weight", weight=_number(only.pop()))


def _number(weight: object) -> str:
    return f"{float(weight):g}"  # type: ignore[arg-type]


# -- one criterion ----------------------------------------------------------------------------


def _of_criterion(criterion: CriterionText, content: InstrumentFile) -> Iterator[Finding]:
    path, spec = f"criteria/{criterion.key}", criterion.spec
    if not criterion.title.strip():
        yield wrong("short_title_missing", f"{path}/short_title")
    yield from _of_wording(criterion, path)
    for sub in criterion.subs:
        yield from _of_length(sub.wording, f"{path}/sub/{sub.key}/wording")
    yield from _of_twin_subs(criterion, path)
    kind = ANSWER_KINDS.get(spec.kind)
    if kind is None or kind.for_sub_questions:
        yield wrong("kind_unknown", f"{path}/kind")
        return
    if content.result_kind not in kind.results:
        yield wrong("kind_against_result", f"{path}/kind", kind_label=kind.label)
    yield from _of_polarity(spec, kind, path)
    if spec.polarity not in tuple(Polarity):
        return
    yield from _of_levels(criterion, kind, path)
    yield from _of_combining(spec, path)
    yield from _of_reasons(spec, kind, path)
    yield from _of_critical(spec, kind, path, is_judged=content.result_kind is not ResultKind.COVERAGE)


def _of_wording(criterion: CriterionText, path: str) -> Iterator[Finding]:
    yield from _of_length(criterion.wording, f"{path}/wording")
    if criterion.subs:
        return
    kind = ANSWER_KINDS.get(criterion.spec.kind)
    if asks_twice(criterion.wording):
        yield doubtful("two_questions", f"{path}/wording")
    elif kind and not kind.is_level and kind.code not in EITHER_OR_KINDS:
        word = joining_word(criterion.wording, even_in_statements=kind.is_reversible)
        if word:
            yield doubtful("double_barrelled", f"{path}/wording", word=word)


def _of_length(text: str, path: str) -> Iterator[Finding]:
    if not text.strip():
        yield wrong("wording_missing", path)
        return
    longest = longest_sentence(text)
    if longest > SENTENCE_WORDS:
        yield doubtful("sentence_long", path, words=str(longest), most=str(SENTENCE_WORDS))
    elif words_in(text) > WORDING_WORDS:
        yield doubtful("wording_long", path, words=str(words_in(text)), most=str(WORDING_WORDS))


def _of_twin_subs(criterion: CriterionText, path: str) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for sub in criterion.subs:
        text = plain(sub.wording)
        other = seen.setdefault(text, sub.key) if text else sub.key
        if other != sub.key:
            yield wrong("sub_wording_twice", f"{path}/sub/{sub.key}/wording", other=f"{criterion.number}{other}")


def _of_polarity(spec: ItemSpec, kind: AnswerKind, path: str) -> Iterator[Finding]:
    if spec.polarity not in tuple(Polarity):
        yield wrong("polarity_missing", f"{path}/polarity")
    elif spec.polarity is Polarity.YES_IS_BAD and not kind.is_reversible:
        yield wrong("polarity_impossible", f"{path}/polarity", kind_label=kind.label)


def _of_levels(criterion: CriterionText, kind: AnswerKind, path: str) -> Iterator[Finding]:
    """Two levels that cannot be told apart, and levels that are not described."""
    given = {answer.code: answer for answer in criterion.answers}
    codes = [answer.code for answer in criterion.answers]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield wrong("level_twice", f"{path}/levels/{code}/label", level=code)
    values: dict[object, str] = {}
    labels: dict[str, str] = {}
    for option in kind.options:
        answer = given.get(option.code)
        label = (answer.label if answer else "") or option.label
        here = f"{path}/levels/{option.code}/label"
        if not option.is_state:
            other = values.setdefault((option.value, option.rank), label)
            if other != label:
                yield wrong("levels_of_one_value", here, label=label, other=other)
        twin = labels.setdefault(plain(label), option.code)
        if twin != option.code:
            yield wrong("levels_of_one_name", here, label=label)
        if answer and words_in(answer.descriptor) > DESCRIPTOR_WORDS:
            words = {"words": str(words_in(answer.descriptor)), "most": str(DESCRIPTOR_WORDS)}
            yield doubtful("wording_long", f"{path}/levels/{option.code}/descriptor", **words)
    yield from _of_descriptors(criterion, kind, path)


def _of_descriptors(criterion: CriterionText, kind: AnswerKind, path: str) -> Iterator[Finding]:
    """All levels described or none; a scale of levels should describe them."""
    described = {answer.code for answer in criterion.answers if answer.descriptor.strip()}
    judged = list(kind.substantive)
    missing = [option for option in judged if option.code not in described]
    if not missing or (len(missing) == len(judged) and not kind.is_level):
        return
    if len(missing) == len(judged):
        yield doubtful("descriptors_missing", f"{path}/levels/{judged[0].code}/descriptor")
        return
    report: Callable[..., Finding] = wrong if kind.is_level else doubtful
    for option in missing:
        yield report("descriptor_missing", f"{path}/levels/{option.code}/descriptor", level_label=option.label)


# -- rules ------------------------------------------------------------------------------------


def _of_combining(spec: ItemSpec, path: str) -> Iterator[Finding]:
    here = f"{path}/combining"
    if not spec.subs:
        if spec.combining:
            yield wrong("combining_without_subs", here)
        return
    rule = COMBINING_RULES.get(spec.combining or "")
    if rule is None:
        yield wrong("combining_missing", here)
        return
    keys = {sub.key for sub in spec.subs}
    absent = [key for key in rule.roles if key not in keys]
    beyond = sorted(keys - set(rule.roles)) if rule.roles else []
    if absent:
        yield wrong("combining_asks_for_more", here, subs=", ".join(absent))
    if beyond:
        yield wrong("combining_ignores", here, subs=", ".join(beyond))
    if len(spec.subs) == 1 and not rule.is_beside:
        yield doubtful("one_sub_question", f"{path}/sub")
    for sub in spec.subs:
        if sub.kind not in ANSWER_KINDS or not ANSWER_KINDS[sub.kind].for_sub_questions:
            yield wrong("kind_unknown", f"{path}/sub/{sub.key}/kind")
            return
    if not absent and not beyond and not rule.is_beside:
        yield from _of_outcomes(spec, here)


def _of_outcomes(spec: ItemSpec, here: str) -> Iterator[Finding]:
    """What the rule can come to over every way of answering the sub-questions."""
    reached = _reached(spec)
    ranks = {option.rank for option in spec.answer_kind.substantive}
    if not reached <= ranks:
        yield wrong("combining_outside_scale", here, kind_label=spec.answer_kind.label)
        return
    if max(reached, default=None) != spec.answer_kind.top_rank:
        yield wrong("combining_never_best", here)
    if reached and min(reached) > 0:
        yield doubtful("combining_never_adverse", here)


def _reached(spec: ItemSpec) -> set[int]:
    combine = COMBINING_RULES[spec.combining or ""].combine
    if combine is None:
        return set()
    choices = []
    for sub in spec.subs:
        ranks = sorted({option.rank for option in sub.answer_kind.substantive if option.rank is not None})
        choices.append([(sub.key, rank) for rank in ranks])
    count = 1
    for each in choices:
        count *= len(each)
    if count > MOST_COMBINATIONS:
        choices = [[each[0], each[-1]] for each in choices]
    outcomes = (combine(dict(ranks)) for ranks in product(*choices))
    return {rank for rank in outcomes if rank is not None}


def _of_reasons(spec: ItemSpec, kind: AnswerKind, path: str) -> Iterator[Finding]:
    rule = REASON_RULES.get(spec.reason_rule)
    here = f"{path}/reason_rule"
    if rule is None:
        yield wrong("reason_rule_missing", here)
        return
    answers = [option.code for option in kind.substantive]
    if answers and not any(rule.needs(spec, ItemAnswer(code), code) for code in answers):
        yield wrong("reason_rule_never", here, kind_label=kind.label)


def _of_critical(spec: ItemSpec, kind: AnswerKind, path: str, *, is_judged: bool) -> Iterator[Finding]:
    rule = spec.critical
    if rule.mode is CriticalMode.NONE:
        return
    known = {sub.key: sub for sub in spec.subs}
    unknown = [key for key in rule.scope if key not in known]
    if unknown:
        yield wrong("critical_scope_unknown", f"{path}/critical_scope", subs=", ".join(unknown))
    if not is_judged or not _can_be_adverse(kind, spec.polarity):
        yield wrong("critical_never", f"{path}/critical_rule", kind_label=kind.label)
        return
    for key in rule.scope:
        sub_kind = ANSWER_KINDS.get(known[key].kind) if key in known else None
        if sub_kind and not _can_be_adverse(sub_kind, Polarity.YES_IS_GOOD):
            yield wrong("critical_scope_never", f"{path}/critical_scope", sub=key, kind_label=sub_kind.label)


def _can_be_adverse(kind: AnswerKind, polarity: Polarity) -> bool:
    return any(kind.favourability(option.code, polarity) is Favourability.ADVERSE for option in kind.substantive)
