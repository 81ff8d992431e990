"""What can be filled in of one assessment, under names that stay the same: the plan of a form.

PDF, workbook and the way back all go by it. Names are made of the instrument, the key of the
criterion and the part; they hold no point, which in a PDF divides groups.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import Conclusion
from checklist.models import Assessment
from checklist.scoring import SubAnswer
from checklist.selectors.drafts import Draft, Place
from screening.pdf_letters import encoding_of

VIEW = "view"
ANSWER, REASON, SUB, SUB_TEXT = "answer", "reason", "sub", "sub_text"
TOKEN, ASSESSMENT, VERSIONS = "form/token", "form/assessment", "form/versions"
# A form with more letters in one field than this is not one that a person filled in.
MAX_TEXT = 50_000
PERCENT_LENGTH = 6

Content = dict[str, dict]


@dataclass(frozen=True)
class Entry:
    """One thing to fill in. `owner` is the id of its criterion as text, or VIEW."""

    name: str
    owner: str
    part: str
    sub: str
    number: str
    label: str
    wording: str
    options: tuple[tuple[str, str], ...]
    value: str
    is_percent: bool = False
    # The short title of its instrument: numbers begin anew in each.
    instrument: str = ""

    @property
    def place(self):
        """Where it stands, for whoever has to look for it: "Donor checklist, 1"."""
        return self._within(self.number or self.wording)

    @property
    def whole_label(self):
        """What it is called, with its instrument: "Donor checklist, Reason for 1"."""
        return self._within(self.label or self.wording)

    def _within(self, words):
        return f"{self.instrument}, {words}" if self.instrument else words

    @property
    def tooltip(self):
        """What it asks, for whoever hears the form instead of seeing it."""
        return f"{self.label}: {self.wording}" if self.label else self.wording

    @property
    def is_text(self):
        """Whether free words stand here."""
        return not self.options and not self.is_percent

    def option(self, code):
        """The word of an answer; the code itself where it is none of them."""
        return dict(self.options).get(code, code)

    @property
    def beside(self):
        """What stands in it where some viewers cannot show it in a field; "" where all can."""
        text = self.option(self.value)
        return "" if encoding_of(text) else text


@dataclass(frozen=True)
class FormPlan:
    """Everything that a form of this assessment asks, in order, with what is saved already."""

    draft: Draft
    language: str
    entries: tuple[Entry, ...]
    made_at: datetime

    @property
    def assessment(self) -> Assessment:
        return self.draft.content.assessment

    @property
    def versions(self):
        """The versions that it asks by, as one line: "siren-checklist 1, six-principles 1"."""
        sheets = (each.sheet for each in self.draft.content.instruments)
        return ", ".join(f"{sheet.slug} {sheet.number}" for sheet in sheets)

    def by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}

    def revisions(self):
        """{owner: [revision, digest]}: what is saved at this moment, to be told apart from what changes later."""
        said = saved_content(self.draft)
        found = {str(place.criterion.pk): place.stored.revision for place in self.draft.places()}
        found[VIEW] = self.assessment.conclusion_revision
        return {owner: [revision, digest(said[owner])] for owner, revision in found.items()}


def plan_of(draft: Draft, language: str) -> FormPlan:
    """The plan of a draft that was loaded in this language."""
    with override(language):
        entries = [entry for place in draft.places() for entry in _entries(place)]
        entries += _view_entries(draft.content.assessment)
    assessment = draft.content.assessment
    moments = [place.stored.saved_at for place in draft.places() if place.stored.saved_at]
    return FormPlan(draft, language, tuple(entries), max([assessment.started_at, assessment.saved_at, *moments]))


def criterion_name(place: Place, *parts: str) -> str:
    """The name of a field: "siren-checklist/3/a/text"."""
    pieces = (place.instrument.sheet.slug, place.criterion.key, *parts)
    return "/".join(piece.replace("%", "%25").replace(".", "%2E") for piece in pieces)


def _entries(place):
    criterion, said = place.criterion, place.stored.answer
    owner, number = str(criterion.pk), criterion.number or criterion.key
    entry = partial(Entry, instrument=place.instrument.sheet.short_title)
    for sub in criterion.subs:
        given = said.subs.get(sub.key, SubAnswer())
        name = criterion_name(place, sub.key)
        options = tuple((option.code, option.label) for option in sub.options)
        yield entry(
            name, owner, SUB, sub.key, sub.label, sub.label, sub.wording, options, given.answer or "", sub.is_percent
        )
        words = _("%(number)s, in words") % {"number": sub.label}
        yield entry(f"{name}/text", owner, SUB_TEXT, sub.key, sub.label, words, sub.wording, (), given.text)
    options = tuple((option.code, _option_label(criterion, option)) for option in criterion.options)
    yield entry(criterion_name(place), owner, ANSWER, "", number, number, criterion.wording, options, said.answer or "")
    words = _("Reason for %(number)s") % {"number": number}
    name = criterion_name(place, "reason")
    yield entry(name, owner, REASON, "", number, words, criterion.wording, (), said.rationale)


def _option_label(criterion, option):
    is_level = criterion.spec.answer_kind.is_level and not option.is_state
    return f"{option.code} – {option.label}" if is_level else option.label


def _view_entries(assessment):
    views = tuple((code, str(label)) for code, label in Conclusion.choices)
    words = _("Your overall view")
    said = saved_view(assessment)
    reason, override_reason = _("Reasons for your overall view"), _("Why recommend all the same")
    return [
        Entry("view/conclusion", VIEW, "conclusion", "", "", "", words, views, said["conclusion"]),
        Entry("view/reason", VIEW, "reason", "", "", "", reason, (), said["reason"]),
        Entry("view/override", VIEW, "override_reason", "", "", "", override_reason, (), said["override_reason"]),
    ]


# -- Content: what was said, as JSON values ---------------------------------------------------


def saved_content(draft: Draft) -> Content:
    """What is saved, by owner, in the shape of what a form says."""
    found = {str(place.criterion.pk): saved_answer(place) for place in draft.places()}
    return {**found, VIEW: saved_view(draft.content.assessment)}


def saved_answer(place: Place) -> dict:
    said = place.stored.answer
    subs = {
        sub.key: {"answer": given.answer or "", "text": given.text}
        for sub in place.criterion.subs
        if (given := said.subs.get(sub.key, SubAnswer())) != SubAnswer()
    }
    return {"answer": said.answer or "", "rationale": said.rationale, "subs": subs}


def saved_view(assessment: Assessment) -> dict:
    return {
        "conclusion": assessment.conclusion,
        "reason": assessment.conclusion_reason,
        "override_reason": assessment.override_reason,
    }


def content_of(entries, values: Mapping[str, str]) -> Content:
    """The content that the values say, by the names of the entries."""
    found: Content = {}
    for entry in entries:
        value = tidy(values[entry.name])
        if entry.owner == VIEW:
            found.setdefault(VIEW, {})[entry.part] = value
            continue
        said = found.setdefault(entry.owner, {"answer": "", "rationale": "", "subs": {}})
        if entry.part == ANSWER:
            said["answer"] = value
        elif entry.part == REASON:
            said["rationale"] = value
        elif value:
            sub = said["subs"].setdefault(entry.sub, {"answer": "", "text": ""})
            sub["answer" if entry.part == SUB else "text"] = value
    return found


def tidy(text: str) -> str:
    """Composed letters, one kind of line end, no blanks around."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def digest(said: object) -> str:
    """Equal for content that says the same, however its lines end."""
    return hashlib.sha256(json.dumps(_tidied(said), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _tidied(said):
    if isinstance(said, dict):
        return {key: _tidied(value) for key, value in said.items()}
    return tidy(said)
