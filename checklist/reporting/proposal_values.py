"""What the assessment report of one proposal says, as frozen values in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from checklist.enums import ReportKind
from checklist.scorecard import ItemLine

from .course_values import (
    Advice,
    Consensus,
    DecisionLine,
    DocumentLine,
    HarmLine,
    PersonLine,
    QuestionLine,
    SourceLine,
    StopLine,
    View,
)
from .data import as_json

# More reviewers than this do not fit beside each other, or beside the consensus; the next ones get a table of their own.
BESIDE, BESIDE_CONSENSUS = 5, 4
# Lines of one drawing; more would not fit on a page.
DRAWN = 20
LONG_FACT = 48


@dataclass(frozen=True)
class Answer:
    """What one reviewer, or the panel, says on one criterion."""

    name: str
    line: ItemLine

    @property
    def has_words(self):
        return bool(self.line.rationale or self.line.subs or self.line.evidence)


@dataclass(frozen=True)
class CriterionRow:
    """One criterion with everybody's answers.

    `parts` are the labels and wordings of its sub-questions; `settled` says of the consensus whether it is
    "taken" over from all reviewers, "settled" with a reason, "open", or "" where there is none.
    """

    number: str
    short_title: str
    wording: str
    parts: tuple[tuple[str, str], ...]
    is_split: bool
    spread: Decimal | None
    split_words: str
    answers: tuple[Answer, ...]
    consensus: Answer | None
    settled: str

    @property
    def worded(self):
        """Those who gave reasons, evidence or answers to parts."""
        return tuple(answer for answer in self.all_answers if answer.has_words)

    @property
    def silent(self):
        """The names of those who gave an answer and no words."""
        return ", ".join(answer.name for answer in self.all_answers if not answer.has_words and answer.line.code)

    @property
    def all_answers(self):
        """The reviewers', and the panel's where it says something of its own."""
        return self.answers + ((self.consensus,) if self.consensus and self.settled == "settled" else ())


@dataclass(frozen=True)
class Piece:
    """As many reviewers of one instrument as fit beside each other."""

    names: tuple[str, ...]
    rows: tuple[tuple[CriterionRow, tuple[Answer, ...]], ...]


@dataclass(frozen=True)
class Side:
    """One version of an instrument with everybody's answers to it, criteria in its order."""

    slug: str
    version: int
    title: str
    short_title: str
    kind: str
    names: tuple[str, ...]
    rows: tuple[CriterionRow, ...]
    sums: tuple[tuple[str, str], ...]
    has_consensus: bool

    @property
    def pieces(self):
        """The table in pieces of as many reviewers as fit."""
        size = BESIDE_CONSENSUS if self.has_consensus else BESIDE
        return tuple(
            Piece(
                self.names[start : start + size],
                tuple((row, row.answers[start : start + size]) for row in self.rows),
            )
            for start in range(0, max(len(self.names), 1), size)
        )

    @property
    def split_rows(self):
        return tuple(row for row in self.rows if row.is_split)

    @property
    def unclear(self):
        """How many answers say that there is not enough information."""
        return sum(answer.line.mark == "nei" for row in self.rows for answer in row.answers)


@dataclass(frozen=True)
class LevelLine:
    """One criterion of a profile over its reviewers: mean, lowest and highest level; None where nobody could judge."""

    number: str
    title: str
    mean: Decimal | None
    low: int | None
    high: int | None
    top: int


@dataclass(frozen=True)
class Summary:
    """One instrument over all reviewers; shares are per cent. Agreement is that on this proposal alone."""

    slug: str
    title: str
    kind: str
    ranks: bool
    reviewers: int
    mean: Decimal | None
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    spread: Decimal | None
    coverage: Decimal | None
    consensus: Decimal | None
    result: str
    mean_words: str
    spread_words: str
    coverage_words: str
    consensus_words: str
    levels: tuple[LevelLine, ...]
    seen: tuple[str, ...]
    agreement: Decimal | None
    agreement_words: str
    agreement_n: int
    agreement_k: int

    @property
    def level_groups(self):
        """The levels in groups of as many as one drawing holds."""
        return tuple(self.levels[start : start + DRAWN] for start in range(0, len(self.levels), DRAWN))


@dataclass(frozen=True)
class Standing:
    """Where the proposal stands in the ranking of its round; `why_not` says why nothing is said of it."""

    why_not: str
    place: int | None = None
    standing: str = ""
    shortfalls: tuple[str, ...] = ()
    thresholds: str = ""
    raw: str = ""
    adjusted: str = ""
    adjusted_value: Decimal | None = None
    why_not_adjusted: str = ""


@dataclass(frozen=True)
class ProposalReport:
    """Everything that is known of one proposal, for those who decide."""

    reference: str
    title: str
    language: str
    is_lettered: bool
    dated_at: datetime
    proposal_title: str
    donor: str
    round_title: str
    round_reference: str
    state: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    documents: tuple[DocumentLine, ...]
    harm: tuple[HarmLine, ...]
    stops: tuple[StopLine, ...]
    summaries: tuple[Summary, ...]
    standing: Standing
    views: tuple[View, ...]
    sides: tuple[Side, ...]
    consensus: Consensus | None
    people: tuple[PersonLine, ...]
    questions: tuple[QuestionLine, ...]
    questions_left_out: int
    advice: tuple[Advice, ...]
    decisions: tuple[DecisionLine, ...]
    sources: tuple[SourceLine, ...]

    def to_json(self):
        return as_json(ReportKind.PROPOSAL, self)

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
    def ranking(self):
        """The summary of the instrument that puts the proposals in order, or None."""
        return next((each for each in self.summaries if each.ranks), None)

    @property
    def decision(self):
        """What holds: the pending decision, else the applied one."""
        return next((each for each in self.decisions if each.holds), None)

    @property
    def recommendation(self):
        return self.advice[0] if self.advice else None

    @property
    def open_stops(self):
        return tuple(stop for stop in self.stops if stop.is_open)

    @property
    def overridden(self):
        return tuple(stop for stop in self.stops if not stop.is_open)

    @property
    def own_overrides(self):
        """Overall views that recommend although a critical item says stop."""
        return tuple(view for view in self.views if view.override_reason)

    @property
    def view_counts(self):
        """[(word, how many reviewers)] in the order in which they were first said."""
        words = [view.word for view in self.views if view.word]
        return [(word, words.count(word)) for word in dict.fromkeys(words)]
