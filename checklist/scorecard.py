"""What a scorecard says, as frozen values: one object feeds the page, the PDF and the embedded data.

All words are in the language of the scorecard. `reports.build_scorecard` fills it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

DATA_FORMAT = 1
LONG_FACT = 48
GRADE_ORDER = ("stop", "explain", "note")
# Fields that the data of a PDF holds only where they say something.
SAID_WHERE_SO = {"is_of_panel", "late_note"}
# A row with more than this is broken over pages; shorter ones are kept together.
LONG_ITEM = 1800


@dataclass(frozen=True)
class EvidenceLine:
    """A place in a document and the words found there."""

    document: str
    document_pk: int | None
    is_removed: bool
    page: str
    quote: str


@dataclass(frozen=True)
class SubLine:
    """One sub-question with the answer as given; `answer` is empty where it was left out."""

    label: str
    wording: str
    answer: str
    mark: str
    text: str


@dataclass(frozen=True)
class ItemLine:
    """One criterion. `finding` is the word for the mark, or the level; `answer` the label as given.

    `grade` is "stop", "explain" or "note" for a flag; `is_harm` that harm to people was seen.

    `derived` says what the sub-questions give where the reviewer judged otherwise, and
    `is_derived` that she left the item itself to them. `critical` is "", "block" or "explain".
    """

    key: str
    number: str
    short_title: str
    wording: str
    mark: str
    level: int | None
    finding: str
    code: str
    answer: str
    descriptor: str
    is_derived: bool
    derived: str
    rationale: str
    subs: tuple[SubLine, ...]
    evidence: tuple[EvidenceLine, ...]
    critical: str
    critical_text: str
    flag: str
    grade: str = ""
    is_harm: bool = False
    budget_share: Decimal | None = None

    @property
    def shows_answer(self):
        """Whether the answer as given says more than the finding."""
        return bool(self.answer) and self.level is None and self.answer != self.finding

    @property
    def is_long(self):
        """Whether its row has to be broken over pages."""
        texts = [self.rationale, *(sub.text for sub in self.subs), *(each.quote for each in self.evidence)]
        return sum(map(len, texts)) > LONG_ITEM


@dataclass(frozen=True)
class Part:
    """One instrument in the scorecard. Share and range are per cent; None for a profile."""

    slug: str
    version: int
    title: str
    short_title: str
    introduction: str
    source: str
    interpretation_note: str
    kind: str
    is_profile: bool
    level_words: tuple[str, ...]
    items: tuple[ItemLine, ...]
    share: Decimal | None
    low: Decimal | None
    high: Decimal | None
    share_percent: int | None
    low_percent: int | None
    high_percent: int | None
    judged: int
    applicable: int
    total: int
    counts: tuple[tuple[str, str, int], ...]
    sentence: str
    range_sentence: str
    formula: tuple[str, ...]
    remark: str = ""
    # In which language the questions are, and whether the translation is the source's own.
    language_sentence: str = ""

    @property
    def shows_levels(self):
        """Whether it is drawn as lines with a dot at the level."""
        return bool(self.level_words)

    @property
    def seen(self):
        """The flags seen: harm to people first, then by grade."""
        seen = [item for item in self.items if item.mark == "seen"]
        return tuple(sorted(seen, key=lambda item: (not item.is_harm, GRADE_ORDER.index(item.grade))))

    @property
    def label(self):
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.version}


@dataclass(frozen=True)
class QuestionLine:
    """A question to the applicant; `text` is empty where the reviewer wrote none."""

    label: str
    wording: str
    text: str


@dataclass(frozen=True)
class Scorecard:
    """One assessment as it is read, printed and kept."""

    report_reference: str
    language: str
    is_draft: bool
    proposal_reference: str
    proposal_title: str
    donor: str
    round_title: str
    round_reference: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    parts: tuple[Part, ...]
    flags: tuple[str, ...]
    notices: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    conclusion: str
    conclusion_word: str
    conclusion_reason: str
    override_reason: str
    reviewer: str
    reviewer_organisation: str
    declaration: str
    declared_at: datetime | None
    dated_at: datetime
    submission_number: int
    # Said only where it is so, see `to_json`.
    is_of_panel: bool = False
    late_note: str = ""

    @property
    def reference(self):
        """By which its data inside the PDF are named."""
        return self.report_reference

    @property
    def title(self):
        """The title of the document, in its language."""
        with override(self.language):
            values = {"reference": self.proposal_reference, "title": self.proposal_title}
            return _("Scorecard %(reference)s: %(title)s") % values

    @property
    def stops(self):
        """Items that stop a recommendation, of every instrument."""
        return tuple(item for part in self.parts for item in part.items if item.critical == "block")

    @property
    def explains(self):
        """Items that need a written explanation to go on."""
        return tuple(item for part in self.parts for item in part.items if item.critical == "explain")

    @property
    def critical_items(self):
        """What stops, then what needs an explanation."""
        return self.stops + self.explains

    @property
    def critical_notes(self):
        """(rule, what it asks for) of the critical rules that were set off, each said once."""
        return tuple(
            (items[0].critical, min((item.critical_text for item in items), key=len))
            for items in (self.stops, self.explains)
            if items
        )

    @property
    def critical_rows(self):
        """(critical item, what its rule says beyond `critical_notes`)."""
        said = dict(self.critical_notes)
        return tuple(
            (item, item.critical_text.removeprefix(said[item.critical]).strip()) for item in self.critical_items
        )

    @property
    def fact_rows(self):
        """The facts two in a row; one that is long has a row of its own."""
        rows, waiting = [], None
        for fact in self.facts:
            if len(fact[1]) > LONG_FACT:
                rows.append((fact,))
            elif waiting is None:
                waiting = fact
            else:
                rows.append((waiting, fact))
                waiting = None
        return tuple(rows + ([(waiting,)] if waiting else []))

    @property
    def critical_source(self):
        return _("Critical items set by %(donor)s for this round.") % {"donor": self.donor}

    @property
    def harm(self):
        """(instrument, criterion) where harm to people was seen: stands above every score."""
        return tuple((part, item) for part in self.parts for item in part.items if item.is_harm)

    @property
    def checklists(self):
        return self._of("share")

    @property
    def profiles(self):
        return self._of("profile")

    @property
    def screens(self):
        return self._of("flags")

    @property
    def coverages(self):
        return self._of("coverage")

    def _of(self, kind):
        return tuple(part for part in self.parts if part.kind == kind)

    @property
    def file_name(self):
        """ "scorecard-MK-004-rita-reviewer.pdf"."""
        return f"scorecard-{slugify(f'{self.proposal_reference} {self.reviewer}') or self.report_reference}.pdf"

    def to_json(self):
        """The data of the scorecard as readable JSON, the same text for the same state."""
        # What came to be said later is left out where it says nothing: PDFs made before stay the same.
        said = {name: value for name, value in asdict(self).items() if value or name not in SAID_WHERE_SO}
        data = {"format": DATA_FORMAT, **said}
        return json.dumps(data, ensure_ascii=False, indent=1, default=_plain)


def _plain(value):
    """Decimals and times as JSON values."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    raise TypeError(type(value).__name__)
