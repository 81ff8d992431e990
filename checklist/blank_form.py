"""An instrument to be filled in by hand: what a blank page and a blank PDF show. No database.

All words are in the language asked for, where there is a translation, else in the original.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.answer_kinds import ANSWER_KINDS
from checklist.combining import COMBINING_RULES
from checklist.item_rules import REASON_RULES
from screening.pdf import prepare_pdf

TEMPLATE = "checklist/reports/blank.html"
# A criterion with more letters than this is broken over pages; shorter ones are kept together.
LONG_CRITERION = 1500


@dataclass(frozen=True)
class Box:
    """An answer to tick."""

    label: str
    descriptor: str = ""


@dataclass(frozen=True)
class BlankSub:
    """A sub-question; without boxes a number is written on a line."""

    label: str
    wording: str
    hint: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class BlankCriterion:
    """One criterion; `domain` is its heading where that differs from the one before."""

    number: str
    title: str
    wording: str
    guidance: str
    look_for: tuple[str, ...]
    warning_signs: tuple[str, ...]
    domain: str
    about_harm: bool
    boxes: tuple[Box, ...]
    subs: tuple[BlankSub, ...]
    combining: str
    reason: str

    @property
    def has_descriptors(self):
        """Whether its answers take a line each."""
        return any(box.descriptor for box in self.boxes)

    @property
    def is_long(self):
        """Whether it may be broken over pages."""
        texts = [self.wording, self.guidance, *self.look_for, *self.warning_signs]
        texts += [box.descriptor for box in self.boxes] + [sub.wording + sub.hint for sub in self.subs]
        return sum(map(len, texts)) > LONG_CRITERION


@dataclass(frozen=True)
class BlankForm:
    """The whole form; `created` is when the version was published, or a draft begun."""

    title: str
    short_title: str
    number: int
    source: str
    introduction: str
    interpretation_note: str
    language: str
    is_draft: bool
    is_unofficial: bool
    created: object
    criteria: tuple[BlankCriterion, ...]
    file_name: str

    @property
    def is_grouped(self):
        """Whether criteria stand below headings of their domains, from the first one on."""
        return bool(self.criteria and self.criteria[0].domain)


def build_blank(version, content, *, language):
    """The blank form of a version; `content` is its InstrumentFile. Half-made drafts show what they have."""
    texts = {each.path: each for each in content.translations if each.language == language}

    def text(path, original):
        return texts[path].text if path in texts else original

    with override(language):
        criteria = tuple(_criteria(content, text))
    return BlankForm(
        title=text("title", content.title),
        short_title=text("short_title", content.short_title),
        number=content.version,
        source=content.source,
        introduction=text("introduction", content.introduction),
        interpretation_note=text("interpretation_note", content.interpretation_note),
        language=language,
        is_draft=version.published_at is None,
        is_unofficial=any(not each.is_official for each in texts.values()),
        created=version.published_at or version.created_at,
        criteria=criteria,
        file_name=f"{slugify(content.slug)}-v{content.version}-{language}.pdf",
    )


def blank_document(form):
    """The PDF of a blank form, described but not yet made."""
    context = {"form": form, "printable": False}
    return prepare_pdf(TEMPLATE, context, title=form.title, language=form.language, created=form.created)


def _criteria(content, text):
    titles = {domain.key: domain.title for domain in content.domains}
    before = ""
    for criterion in content.criteria:
        path = f"criteria/{criterion.key}"
        domain = text(f"domains/{criterion.domain}/title", titles.get(criterion.domain, ""))
        yield BlankCriterion(
            number=criterion.number or criterion.key,
            title=text(f"{path}/short_title", criterion.title),
            wording=text(f"{path}/wording", criterion.wording),
            guidance=text(f"{path}/guidance", criterion.guidance),
            look_for=_lines(text(f"{path}/look_for", "\n".join(criterion.look_for))),
            warning_signs=_lines(text(f"{path}/warning_signs", "\n".join(criterion.warning_signs))),
            domain=domain if domain != before else "",
            about_harm=criterion.spec.about_harm,
            boxes=tuple(_boxes(criterion, path, text)),
            subs=tuple(_sub(criterion, sub, f"{path}/sub/{sub.key}", text) for sub in criterion.subs),
            combining=_sentence(COMBINING_RULES, criterion.spec.combining),
            reason=_sentence(REASON_RULES, criterion.spec.reason_rule),
        )
        before = domain


def _sentence(table, code):
    rule = table.get(code)
    return _(rule.sentence) if rule else ""


def _boxes(criterion, path, text):
    kind = ANSWER_KINDS.get(criterion.spec.kind)
    own = {answer.code: answer for answer in criterion.answers}
    for option in kind.options if kind else ():
        place, answer = f"{path}/levels/{option.code}", own.get(option.code)
        label = text(f"{place}/label", answer.label if answer else "") or _(option.label)
        if kind.is_level and not option.is_state:
            label = f"{option.code} – {label}"
        yield Box(label, text(f"{place}/descriptor", answer.descriptor if answer else ""))


def _sub(criterion, sub, path, text):
    kind = ANSWER_KINDS.get(sub.kind)
    return BlankSub(
        label=f"{criterion.number}{sub.key}",
        wording=text(f"{path}/wording", sub.wording),
        hint=text(f"{path}/hint", sub.hint),
        boxes=tuple(Box(_(option.label)) for option in kind.options) if kind else (),
    )


def _lines(text):
    return tuple(line for line in text.split("\n") if line)
