"""Instrument files: parsed and checked into frozen values. Pure, no Django.

The format is described in fixtures/instruments/README.md. All errors of a file are found in one
pass and raised together as `InvalidFile`, each with file, line and path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from checklist.answer_kinds import ANSWER_KINDS, Polarity
from checklist.combining import shape_errors
from checklist.instrument_content import (
    KEY,
    LANGUAGE,
    LARGEST_NUMBER,
    LIMITS,
    SLUG,
    WEIGHT,
    AnswerText,
    CriterionText,
    DomainText,
    InstrumentFile,
    SubText,
    TranslatedText,
)
from checklist.item_rules import REASON_RULES
from checklist.specs import (
    CriticalCondition,
    CriticalMode,
    CriticalRule,
    CrossWalkRow,
    InstrumentScope,
    ItemSpec,
    ResultKind,
    Strength,
    SubSpec,
)
from checklist.yaml_reading import FileError, InvalidFile, Section, read_sections

FORMAT = "1"

__all__ = [
    "AnswerText",
    "CriterionText",
    "DomainText",
    "InstrumentFile",
    "InvalidFile",
    "SubText",
    "TranslatedText",
    "read_crosswalk",
    "read_instrument",
]


def read_instrument(text: str, file: str) -> InstrumentFile:
    """Parse and check an instrument file; `file` is its name in messages. Raises InvalidFile."""
    top, errors = read_sections(text, file)
    return read_content(top, errors)


def read_content(top: Section, errors: list[FileError]) -> InstrumentFile:
    """The instrument in a top section, however that was read. Raises InvalidFile with all errors."""
    top.choice("format", (FORMAT,))
    domains = tuple(_domain(section) for section in top.sections("domains"))
    criteria = tuple(_criterion(section, {domain.key for domain in domains}) for section in top.sections("criteria"))
    if not criteria:
        top.error("an instrument needs at least one criterion", "criteria")
    _once(top, "criteria", [criterion.key for criterion in criteria])
    _once(top, "domains", [domain.key for domain in domains])
    slug, language = top.text("slug", longest=LIMITS["slug"]), top.text("language", "en", LIMITS["language"])
    if slug and not re.fullmatch(SLUG, slug):
        top.error("may hold only small letters, digits and single hyphens", "slug")
    if not re.fullmatch(LANGUAGE, language):
        top.error(f"{language!r} is not the code of a language, such as en", "language")
    result_kind = ResultKind(top.choice("result", ResultKind))
    _check_kinds(top, result_kind, criteria)
    read = InstrumentFile(
        slug=slug,
        version=top.number("version", LARGEST_NUMBER),
        language=language,
        result_kind=result_kind,
        applies_to=InstrumentScope(top.choice("applies_to", InstrumentScope, InstrumentScope.ALL)),
        is_default=top.choice("default", ("false", "true"), "false") == "true",
        title=top.text("title", longest=LIMITS["title"]),
        short_title=top.text("short_title", longest=LIMITS["short_title"]),
        source=top.text("source"),
        introduction=top.text("introduction", ""),
        interpretation_note=top.text("interpretation_note", ""),
        change_note=top.text("change_note", ""),
        domains=domains,
        criteria=criteria,
        translations=(),
    ).with_translations(_translations(top.section("translations"), language, domains, criteria))
    top.finish()
    if errors:
        raise InvalidFile(errors)
    return read


def _once(section: Section, key: str, values: list[str]) -> None:
    for value in sorted({value for value in values if value and values.count(value) > 1}):
        section.error(f"the key {value!r} stands here twice", key)


def _key(section: Section, longest: int) -> str:
    """The key of a row: it becomes part of the paths of its texts."""
    key = section.text("key", longest=longest)
    if key and not re.fullmatch(KEY, key):
        section.error("may hold only letters, digits, and between them . _ -", "key")
    return key


def _domain(section: Section) -> DomainText:
    domain = DomainText(_key(section, LIMITS["domain/key"]), section.text("title", longest=LIMITS["domain/title"]))
    section.finish()
    return domain


def _criterion(section: Section, domains: set[str]) -> CriterionText:
    key = _key(section, LIMITS["criterion/key"])
    subs = tuple(_sub(each) for each in section.sections("sub_questions"))
    _once(section, "sub_questions", [sub.key for sub in subs])
    domain = section.text("domain", "")
    if domain and domain not in domains:
        section.error(f"there is no domain {domain!r}", "domain")
    spec = _item_spec(section, key, subs)
    criterion = CriterionText(
        key=key,
        number=section.text("number", key, LIMITS["criterion/number"]),
        domain=domain,
        title=section.text("title", longest=LIMITS["criterion/title"]),
        wording=section.text("wording"),
        guidance=section.text("guidance", ""),
        look_for=section.texts("look_for"),
        warning_signs=section.texts("warning_signs"),
        spec=spec,
        subs=subs,
        answers=tuple(_answers(section.section("answers"), spec.kind)),
    )
    section.finish()
    return criterion


def _sub(section: Section) -> SubText:
    kinds = [kind.code for kind in ANSWER_KINDS.values() if kind.for_sub_questions]
    sub = SubText(
        _key(section, LIMITS["sub/key"]),
        section.choice("kind", kinds),
        section.text("wording"),
        section.text("hint", ""),
    )
    section.finish()
    return sub


def _item_spec(section: Section, key: str, subs: tuple[SubText, ...]) -> ItemSpec:
    kinds = [kind.code for kind in ANSWER_KINDS.values() if not kind.for_sub_questions]
    spec = ItemSpec(
        key=key,
        kind=section.choice("kind", kinds),
        polarity=Polarity(section.choice("polarity", Polarity, Polarity.YES_IS_GOOD)),
        weight=_weight(section),
        reason_rule=section.choice("reasons", REASON_RULES),
        critical=_critical(section.section("critical"), {sub.key for sub in subs}),
        combining=section.text("combining", "") or None,
        subs=tuple(SubSpec(sub.key, sub.kind) for sub in subs),
        about_harm=section.choice("about_harm", ("false", "true"), "false") == "true",
    )
    if spec.polarity is Polarity.YES_IS_BAD and not spec.answer_kind.is_reversible:
        section.error(f"the kind {spec.kind!r} cannot be turned round", "polarity")
    for message in shape_errors(spec):
        section.error(message, "combining" if spec.combining else "")
    return spec


def _weight(section: Section) -> Fraction:
    value = section.text("weight", "1")
    if re.fullmatch(WEIGHT, value):
        return Fraction(value)
    section.error(f"{value!r} is not a number from 0 to 9999.99", "weight")
    return Fraction(1)


def _critical(section: Section | None, subs: set[str]) -> CriticalRule:
    if section is None:
        return CriticalRule()
    rule = CriticalRule(
        CriticalMode(section.choice("rule", CriticalMode)),
        CriticalCondition(
            section.choice("when", CriticalCondition, CriticalCondition.ALWAYS),
        ),
        section.texts("scope"),
    )
    for key in rule.scope:
        if key not in subs:
            section.error(f"there is no sub-question {key!r}", "scope")
    if len(",".join(rule.scope)) > LIMITS["scope"] or len(set(rule.scope)) < len(rule.scope):
        section.error("names too many sub-questions, or one twice", "scope")
    section.finish()
    return rule


def _answers(section: Section | None, kind: str) -> Iterable[AnswerText]:
    """Labels and descriptors in the order of the kind's options."""
    if section is None:
        return
    read: dict[str, AnswerText] = {}
    for code, child in section.children():
        if not ANSWER_KINDS[kind].has(code):
            section.error(f"is not an answer of the kind {kind!r}", code)
        read[code] = AnswerText(code, child.text("label", "", LIMITS["answer/label"]), child.text("descriptor", ""))
        child.finish()
    kept = (read[option.code] for option in ANSWER_KINDS[kind].options if option.code in read)
    yield from (answer for answer in kept if answer.label or answer.descriptor)


def _check_kinds(top: Section, result: ResultKind, criteria: Iterable[CriterionText]) -> None:
    """Every kind of answer fits its own kind of result, and a profile has one scale."""
    kinds = {criterion.spec.kind for criterion in criteria}
    if result is ResultKind.PROFILE and len(kinds) > 1:
        top.error(f"a profile has one kind of answer, not several: {', '.join(sorted(kinds))}", "criteria")
    for criterion in criteria:
        if result not in criterion.spec.answer_kind.results:
            top.error(
                f"criterion {criterion.key!r} has the kind {criterion.spec.kind!r}, which does not "
                f"go with the result {result.value!r}",
                "criteria",
            )


# -- translations -----------------------------------------------------------------------------

_TOP_TEXTS = ("title", "short_title", "introduction", "interpretation_note")
_CRITERION_TEXTS = (("title", "short_title"), ("wording", "wording"), ("guidance", "guidance"))
_CRITERION_LISTS = ("look_for", "warning_signs")


def _translations(
    section: Section | None, original: str, domains: tuple[DomainText, ...], criteria: tuple[CriterionText, ...]
) -> Iterable[TranslatedText]:
    if section is None:
        return
    for language, child in section.children():
        fits = re.fullmatch(LANGUAGE, language) and len(language) <= LIMITS["language"]
        if not fits or language == original:
            section.error("is not the code of another language, such as fr", language)
        is_official = child.choice("official", ("false", "true"), "false") == "true"
        for path, text in _texts_of(child, domains, criteria):
            if text:
                yield TranslatedText(language, path, text, is_official)
        child.finish()


def _texts_of(
    section: Section, domains: tuple[DomainText, ...], criteria: tuple[CriterionText, ...]
) -> Iterable[tuple[str, str]]:
    """(path, text) of everything that one language holds."""
    for name in _TOP_TEXTS:
        yield name, section.text(name, "", LIMITS.get(name, 0))
    headings = section.section("domains")
    for key, child in headings.children() if headings else ():
        if key not in {domain.key for domain in domains}:
            child.error("there is no such domain")
        yield f"domains/{key}/title", child.text("title", "", LIMITS["domain/title"])
        child.finish()
    known = {criterion.key: criterion for criterion in criteria}
    listed = section.section("criteria")
    for key, child in listed.children() if listed else ():
        if key not in known:
            child.error("there is no such criterion")
            continue
        yield from _texts_of_criterion(child, known[key])
        child.finish()


def _texts_of_criterion(section: Section, original: CriterionText) -> Iterable[tuple[str, str]]:
    path = f"criteria/{original.key}"
    for name, column in _CRITERION_TEXTS:
        yield f"{path}/{column}", section.text(name, "", LIMITS["criterion/title"] if name == "title" else 0)
    for name in _CRITERION_LISTS:
        lines, wanted = section.texts(name), getattr(original, name)
        if lines and len(lines) != len(wanted):
            section.error(f"has {len(lines)} lines, the original has {len(wanted)}", name)
        yield f"{path}/{name}", "\n".join(lines)
    subs = section.section("sub_questions")
    for key, child in subs.children() if subs else ():
        if key not in {sub.key for sub in original.subs}:
            child.error("there is no such sub-question")
        for name in ("wording", "hint"):
            yield f"{path}/sub/{key}/{name}", child.text(name, "")
        child.finish()
    for answer in _answers(section.section("answers"), original.spec.kind):
        yield f"{path}/levels/{answer.code}/label", answer.label
        yield f"{path}/levels/{answer.code}/descriptor", answer.descriptor


# -- cross-walk -------------------------------------------------------------------------------


def read_crosswalk(text: str, file: str) -> tuple[CrossWalkRow, ...]:
    """Parse and check a cross-walk file. Raises InvalidFile.

    Whether the criteria exist is checked when it is loaded beside the instruments.
    """
    top, errors = read_sections(text, file)
    top.choice("format", (FORMAT,))
    source, target = top.text("from"), top.text("to")
    rows = []
    listed = top.section("rows")
    for key, child in listed.children() if listed else ():
        for strength in Strength:
            targets = child.texts(strength.value)
            rows += [CrossWalkRow(source, key, target, each, strength) for each in targets]
        child.finish()
    if not rows:
        top.error("a cross-walk needs at least one row")
    pairs = [(row.source_key, row.target_key) for row in rows]
    for pair in sorted({pair for pair in pairs if pairs.count(pair) > 1}):
        top.error(f"{pair[0]} and {pair[1]} are linked twice", "rows")
    top.finish()
    if errors:
        raise InvalidFile(errors)
    return tuple(rows)
