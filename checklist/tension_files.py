"""The file of tensions: parsed and checked into frozen values. Pure, no Django.

The format is described in fixtures/instruments/README.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checklist.answer_kinds import ANSWER_KINDS
from checklist.tensions import TensionCondition, TensionSpec
from checklist.yaml_reading import InvalidFile, Section, read_sections

FORMAT = "1"
ORIGINAL = "en"
LONGEST_TITLE, LONGEST_KEY = 200, 60

# {slug of an instrument: {key of a criterion: kind of answer}}
Known = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class TensionText:
    """The words of a tension in one language."""

    language: str
    title: str
    text: str


@dataclass(frozen=True)
class TensionFile:
    """One tension as its file says; the first of its texts is the original."""

    spec: TensionSpec
    source: str
    texts: tuple[TensionText, ...]


def read_tensions(text: str, file: str, known: Known) -> tuple[TensionFile, ...]:
    """Parse and check the file; what it names must be in `known`. Raises InvalidFile with every error and its line."""
    top, errors = read_sections(text, file)
    top.choice("format", (FORMAT,))
    read = tuple(_tension(section, known) for section in top.sections("tensions"))
    if not read:
        top.error("there is no tension", "tensions")
    slugs = [each.spec.slug for each in read]
    for slug in sorted({slug for slug in slugs if slug and slugs.count(slug) > 1}):
        top.error(f"the key {slug!r} stands here twice", "tensions")
    top.finish()
    if errors:
        raise InvalidFile(errors)
    return read


def _tension(section: Section, known: Known) -> TensionFile:
    slug = section.text("key")
    if slug and (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > LONGEST_KEY):
        section.error(f"may hold only small letters, digits and single hyphens, at most {LONGEST_KEY}", "key")
    sides = tuple(_side(each, known) for each in section.sections("sides"))
    if len(sides) < 2:
        section.error("a tension needs two sides", "sides")
    texts = (_text(section, ORIGINAL), *_translations(section.section("translations")))
    tension = TensionFile(TensionSpec(slug, sides), section.text("source"), texts)
    section.finish()
    return tension


def _side(section: Section, known: Known) -> tuple[TensionCondition, ...]:
    conditions = tuple(_condition(each, known) for each in section.sections("any_of"))
    if not conditions:
        section.error("a side needs at least one condition", "any_of")
    places = [(each.instrument, each.key) for each in conditions]
    if len(set(places)) < len(places):
        section.error("names a criterion twice; list all its answers once", "any_of")
    section.finish()
    return conditions


def _condition(section: Section, known: Known) -> TensionCondition:
    slug, key, answers = section.text("instrument"), section.text("criterion"), section.texts("answers")
    if slug and slug not in known:
        section.error(f"there is no instrument {slug!r}", "instrument")
    elif key and slug in known and key not in known[slug]:
        section.error(f"{slug} has no criterion {key!r}", "criterion")
    elif slug in known and key in known[slug]:
        kind = ANSWER_KINDS[known[slug][key]]
        for code in answers:
            if not kind.has(code):
                section.error(f"{code!r} is not an answer of the kind {kind.code!r}", "answers")
    if not answers:
        section.error("names no answer", "answers")
    section.finish()
    return TensionCondition(slug, key, frozenset(answers))


def _text(section: Section, language: str) -> TensionText:
    title = section.text("title")
    if len(title) > LONGEST_TITLE:
        section.error(f"is longer than {LONGEST_TITLE} characters", "title")
    return TensionText(language, title, section.text("text"))


def _translations(section: Section | None) -> Iterable[TensionText]:
    for language, child in section.children() if section else ():
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) or language == ORIGINAL:
            child.error("is not the code of another language, such as fr")
        yield _text(child, language)
        child.finish()
