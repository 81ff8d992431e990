"""What the report of a round says, as frozen values in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from checklist.enums import ReportKind

from .course_values import SourceLine
from .data import as_json
from .proposal_values import DRAWN


@dataclass(frozen=True)
class Figure:
    """One number of the process with its words; `text` is how it is shown."""

    label: str
    text: str
    value: Decimal | int | None = None


@dataclass(frozen=True)
class RankingLine:
    """One proposal in the ranking; shares are per cent. `place` is None where it has none."""

    place: int | None
    reference: str
    title: str
    applicant: str
    countries: str
    standing: str
    details: tuple[str, ...]
    mean: Decimal | None
    adjusted: Decimal | None
    spread: Decimal | None
    coverage: Decimal | None
    reviewers: int
    reviews_words: str
    mean_words: str
    adjusted_words: str
    spread_words: str
    coverage_words: str
    consensus_words: str
    amount: Decimal | None
    amount_words: str
    reach: str
    recommendation: str
    decision: str
    is_last_within: bool


@dataclass(frozen=True)
class Statistic:
    """One statistic as it is shown, with the number of proposals (n) and reviewers (k), or a letter for its reason."""

    text: str
    interval: str
    note: str
    n: int
    k: int


@dataclass(frozen=True)
class AgreementLine:
    """One criterion, or all together."""

    number: str
    title: str
    metric: str
    percent: Statistic
    alpha: Statistic
    kappa: Statistic
    kappa_form: str


@dataclass(frozen=True)
class ShareAgreement:
    """One statistic of the shares."""

    name: str
    meaning: str
    value: Statistic


@dataclass(frozen=True)
class AgreementTable:
    """One version of an instrument: how far its reviewers say the same."""

    title: str
    version: int
    counts: str
    lines: tuple[AgreementLine, ...]
    together: AgreementLine | None
    shares: tuple[ShareAgreement, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PortfolioPart:
    """One country, P or population."""

    label: str
    chosen: int
    of: int
    amount: Decimal
    amount_words: str


@dataclass(frozen=True)
class PortfolioGroup:
    """One way to look at the chosen proposals. Who names several parts counts in each, with the whole amount."""

    title: str
    parts: tuple[PortfolioPart, ...]

    @property
    def drawn(self):
        """The same with as many of the chosen parts as one drawing holds; the table has all."""
        return replace(self, parts=tuple(part for part in self.parts if part.chosen)[:DRAWN])


@dataclass(frozen=True)
class DecidedLine:
    """One decision of the funder that is to hold; `reserve_place` is its place on the reserve list, or None."""

    reference: str
    title: str
    applicant: str
    outcome: str
    state: str
    amount: Decimal | None
    amount_words: str
    reasons: str
    conditions: str
    by: str
    at: datetime
    reserve_place: int | None


@dataclass(frozen=True)
class OverrideLine:
    """What somebody wrote to let a proposal go on although a critical item says stop."""

    reference: str
    title: str
    criterion: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class IneligibleLine:
    """One proposal that was found not eligible; `reasons` are (condition, why it is not met)."""

    reference: str
    title: str
    applicant: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InstrumentText:
    """One instrument of the annex with its questions as (number, wording)."""

    source: SourceLine
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RoundReport:
    """A round for the board: how it went, in what order the proposals stand, what was decided and why."""

    reference: str
    title: str
    language: str
    is_lettered: bool
    dated_at: datetime
    donor: str
    round_title: str
    description: str
    phase: str
    currency: str
    figures: tuple[Figure, ...]
    money: tuple[Figure, ...]
    outcomes: tuple[Figure, ...]
    hidden: int
    left_out: int
    ranked_by: str
    score_words: str
    limits: tuple[str, ...]
    ties: tuple[str, ...]
    has_adjusted: bool
    why_not_adjusted: str
    ranking: tuple[RankingLine, ...]
    line_words: str
    agreement: tuple[AgreementTable, ...]
    portfolio_of: str
    portfolio: tuple[PortfolioGroup, ...]
    decisions: tuple[DecidedLine, ...]
    reserve: tuple[DecidedLine, ...]
    overrides: tuple[OverrideLine, ...]
    ineligible: tuple[IneligibleLine, ...]
    instruments: tuple[InstrumentText, ...]

    def to_json(self):
        return as_json(ReportKind.ROUND, self)

    @property
    def figure_rows(self):
        """The figures of the process two in a row."""
        pairs = [self.figures[start : start + 2] for start in range(0, len(self.figures), 2)]
        return tuple(pairs)

    @property
    def placed(self):
        """How many proposals have a place."""
        return sum(row.place is not None for row in self.ranking)
