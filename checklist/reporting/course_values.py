"""What is on record of one proposal beside its answers: people, panel, questions, decisions; frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import ngettext

# On the first page so many are named; of more it says how many they are.
NAMED_BRIEFLY = 3


def briefly(names):
    """ "Ada, Berta"; of many only how many they are."""
    if len(names) <= NAMED_BRIEFLY:
        return ", ".join(names)
    return ngettext("%(n)s person", "%(n)s people", len(names)) % {"n": len(names)}


@dataclass(frozen=True)
class HarmLine:
    """A criterion about harm to people, and who saw it."""

    title: str
    seen_by: tuple[str, ...]

    @property
    def who(self):
        return briefly(self.seen_by)


@dataclass(frozen=True)
class StopLine:
    """A critical item or flag that says stop; with what the chair wrote to let the proposal go on."""

    instrument: str
    title: str
    said_by: tuple[str, ...]
    override_by: str = ""
    override_at: datetime | None = None
    override_reason: str = ""

    @property
    def is_open(self):
        return self.override_at is None

    @property
    def who(self):
        return briefly(self.said_by)


@dataclass(frozen=True)
class View:
    """The overall view of one reviewer or of the panel."""

    name: str
    word: str
    reason: str
    override_reason: str
    submitted_at: datetime | None
    submission: int


@dataclass(frozen=True)
class PersonLine:
    """What is on record of one person who was asked; `notes` are possible conflicts that were looked at."""

    name: str
    organisation: str
    state: str
    course: tuple[str, ...]
    declaration: str
    closing_reason: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ChangeLine:
    """What the panel settled on one criterion; the words that it replaced, who, when, why."""

    criterion: str
    words: str
    reason: str
    by: str
    at: datetime
    others: str


@dataclass(frozen=True)
class Consensus:
    """The panel's own assessment. `closed_at` is None while it is written."""

    led_by: str
    closed_at: datetime | None
    view: str
    reason: str
    override_reason: str
    changes: tuple[ChangeLine, ...]
    open_rows: int


@dataclass(frozen=True)
class QuestionLine:
    """One question to the applicant; `asked_on` is None while it is not sent."""

    text: str
    asked_on: datetime | None
    answer: str
    answered_on: date | None


@dataclass(frozen=True)
class Advice:
    """One recommendation of the panel; the first of several counts."""

    outcome: str
    reasons: str
    conditions: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Basis:
    """What was known when a decision was taken, as it is kept with it."""

    made_at: str
    results: tuple[str, ...]
    views: tuple[str, ...]
    stops: tuple[str, ...]
    recommendation: str


@dataclass(frozen=True)
class DecisionLine:
    """One decision of the funder. `state` says whether it holds."""

    outcome: str
    state: str
    holds: bool
    amount: str
    reasons: str
    conditions: str
    by: str
    at: datetime
    applied_at: datetime | None
    basis: Basis | None
    has_changed: bool


@dataclass(frozen=True)
class DocumentLine:
    """One received document."""

    name: str
    kind: str
    length: str
    added_at: datetime
    sha256: str


@dataclass(frozen=True)
class SourceLine:
    """One instrument in the annex."""

    label: str
    source: str
    note: str
    content_hash: str
    rules: tuple[str, ...]
