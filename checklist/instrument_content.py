"""One version of an instrument as frozen values, however it is kept: file, workbook or rows. Pure, no Django.

`checklist.instrument_files` and `checklist.workbook_reading` read them, `checklist.instrument_writing` and
`checklist.workbook_writing` write them, `checklist.selectors.studio.file_of` takes them from the database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from checklist.answer_kinds import ANSWER_KINDS
from checklist.specs import InstrumentScope, InstrumentSpec, ItemSpec, ResultKind

# How many signs fit into the places that are not free texts; the models hold the same numbers.
LIMITS = {
    "slug": 60,
    "language": 10,
    "title": 200,
    "short_title": 60,
    "domain/key": 20,
    "domain/title": 200,
    "criterion/key": 20,
    "criterion/number": 20,
    "criterion/title": 120,
    "sub/key": 5,
    "scope": 40,
    "answer/label": 200,
}
LARGEST_NUMBER = 2_147_483_647
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
KEY = "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
LANGUAGE = "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
WEIGHT = r"[0-9]{1,4}(\.[0-9]{1,2})?"


@dataclass(frozen=True)
class DomainText:
    """A heading over several criteria."""

    key: str
    title: str


@dataclass(frozen=True)
class SubText:
    """A sub-question as the reviewer reads it."""

    key: str
    kind: str
    wording: str
    hint: str


@dataclass(frozen=True)
class AnswerText:
    """A label or descriptor of one answer that differs from the default of the kind."""

    code: str
    label: str
    descriptor: str


@dataclass(frozen=True)
class CriterionText:
    """A criterion as the reviewer reads it, with `spec` as the scoring sees it."""

    key: str
    number: str
    domain: str
    title: str
    wording: str
    guidance: str
    look_for: tuple[str, ...]
    warning_signs: tuple[str, ...]
    spec: ItemSpec
    subs: tuple[SubText, ...]
    answers: tuple[AnswerText, ...]

    def texts(self) -> Iterator[tuple[str, str]]:
        """(path, text) as `InstrumentFile.texts`."""
        path = f"criteria/{self.key}"
        named = (
            (f"{path}/short_title", self.title),
            (f"{path}/wording", self.wording),
            (f"{path}/guidance", self.guidance),
            (f"{path}/look_for", "\n".join(self.look_for)),
            (f"{path}/warning_signs", "\n".join(self.warning_signs)),
            *(
                (f"{path}/sub/{sub.key}/{name}", getattr(sub, name))
                for sub in self.subs
                for name in ("wording", "hint")
            ),
        )
        yield from ((path, text) for path, text in named if text)
        kind = ANSWER_KINDS.get(self.spec.kind)
        own = {answer.code: answer for answer in self.answers}
        for code in [option.code for option in kind.options] if kind else own:
            answer = own.get(code, AnswerText(code, "", ""))
            yield f"{path}/levels/{code}/label", answer.label
            yield f"{path}/levels/{code}/descriptor", answer.descriptor


@dataclass(frozen=True)
class TranslatedText:
    """One text in another language; `path` as in `checklist.models.Translation`."""

    language: str
    path: str
    text: str
    is_official: bool


@dataclass(frozen=True)
class InstrumentFile:
    """One version of an instrument, as its file says."""

    slug: str
    version: int
    language: str
    result_kind: ResultKind
    is_default: bool
    title: str
    short_title: str
    source: str
    introduction: str
    interpretation_note: str
    change_note: str
    domains: tuple[DomainText, ...]
    criteria: tuple[CriterionText, ...]
    translations: tuple[TranslatedText, ...]
    applies_to: InstrumentScope = InstrumentScope.ALL

    @property
    def spec(self) -> InstrumentSpec:
        """What the scoring needs to know of it."""
        items = tuple(criterion.spec for criterion in self.criteria)
        return InstrumentSpec(self.slug, self.result_kind, items, self.version)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the content; comments, order of names and white space do not matter.

        Names that came into the format later count only where they are set, so that what was loaded
        before keeps its hash.
        """
        content = asdict(self)
        if self.applies_to is InstrumentScope.ALL:
            del content["applies_to"]
        for criterion in content["criteria"]:
            if not criterion["spec"]["about_harm"]:
                del criterion["spec"]["about_harm"]
        canonical = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def with_translations(self, texts: Iterable[TranslatedText]) -> InstrumentFile:
        """The same with these translations, in the order of languages and of the original; empty ones are left out."""
        places = {path: place for place, (path, _text) in enumerate(self.texts())}
        kept = [each for each in texts if each.text]
        kept.sort(key=lambda each: (each.language, places.get(each.path, len(places)), each.path))
        return replace(self, translations=tuple(kept))

    def texts(self) -> Iterator[tuple[str, str]]:
        """(path, text) of everything that can be translated, in the order in which it is written.

        Paths as in `checklist.models.Translation`; texts that are empty here are left out, but for
        label and descriptor of an answer, which may have words in another language only.
        """
        named = (
            ("title", self.title),
            ("short_title", self.short_title),
            ("introduction", self.introduction),
            ("interpretation_note", self.interpretation_note),
            *((f"domains/{domain.key}/title", domain.title) for domain in self.domains),
        )
        yield from ((path, text) for path, text in named if text)
        for criterion in self.criteria:
            yield from criterion.texts()
