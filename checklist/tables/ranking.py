"""The columns and rows of the ranking, for the page and for its export."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklist import presentation
from checklist.enums import ResultKind
from checklist.ranking import REACH_TEXTS, STANDING_TEXTS, TIE_TEXTS, Line, OrderBy, Reach, Standing, TieRule
from checklist.selectors.proposal_rows import country_name, shown_countries, states_of
from checklist.selectors.ranking import RankingRow, outcome_word
from screening.listing import Column
from screening.templatetags.components import spark_in

STANDING_KINDS = {Standing.RANKED: "", Standing.BELOW: "warn", Standing.STOPPED: "bad", Standing.NOT_JUDGED: "open"}


@dataclass(frozen=True)
class ShownRow:
    """A row of the ranking with its values as numbers, to sort and export by, and as words."""

    row: RankingRow
    line: Line | None
    is_last_within: bool

    @property
    def proposal(self):
        return self.row.proposal

    @property
    def place(self):
        return self.row.place

    @property
    def reference(self):
        return self.proposal.reference

    @property
    def title(self):
        return self.proposal.title

    @property
    def applicant(self):
        return str(self.proposal.applicant or "")

    @property
    def mean(self):
        return self.row.own.mean

    @property
    def median(self):
        return self.row.own.median

    @property
    def adjusted(self):
        return self.row.ranked.entry.adjusted

    @property
    def spread(self):
        return self.row.own.spread

    @property
    def coverage(self):
        return self.row.own.coverage

    @property
    def amount(self):
        return self.proposal.amount

    @property
    def standing(self):
        return list(Standing).index(self.row.ranked.standing)

    @property
    def standing_word(self):
        return _(STANDING_TEXTS[self.row.ranked.standing])

    @property
    def standing_kind(self):
        return STANDING_KINDS[self.row.ranked.standing]

    @property
    def stops(self):
        return _together(self.row.stops)

    @property
    def overridden(self):
        return _together(self.row.overridden)

    @property
    def tie(self):
        """Why it comes after one with the same score; "" where scores differ."""
        return _(TIE_TEXTS[self.row.ranked.tie]) if self.row.ranked.tie else ""

    @property
    def reach(self):
        """Where it stands against the budget; "" without one and without a place."""
        is_said = self.line is not None and self.line.reach is not Reach.NO_PLACE
        if is_said and self.line.reach is Reach.UNKNOWN and self.amount is not None:
            return _("Another currency")
        return _(REACH_TEXTS[self.line.reach]) if is_said else ""

    @property
    def is_beyond(self):
        return self.line is not None and self.line.reach in (Reach.TOO_MUCH, Reach.BEYOND)

    @property
    def flags(self):
        """Flags seen by anybody, those about harm first; "" for none."""
        harm, seen = len(self.row.result.harm), len(self.row.result.seen)
        said = [_("about harm: %(n)s") % {"n": harm}] if harm else []
        return ", ".join([*said, _("flags seen: %(n)s") % {"n": seen}]) if seen else ""

    @property
    def mean_text(self):
        return percent_text(self.mean)

    @property
    def reviews_text(self):
        """How many reviewers a mean rests on, where others are still to come; else ""."""
        if not self.row.reviews_in or self.row.is_complete:
            return ""
        return _("%(n)s of %(total)s reviews in") % {"n": self.row.reviews_in, "total": self.row.expected}

    @property
    def adjusted_text(self):
        return percent_text(self.adjusted)

    @property
    def spread_text(self):
        spread = self.spread
        return "–" if spread is None else number_format(_tenths(spread), 1)

    @property
    def coverage_text(self):
        return whole_percent(self.coverage)

    @property
    def consensus_text(self):
        return whole_percent(self.row.own.consensus.share) if self.row.own.consensus else ""

    @property
    def pictures(self):
        """(name, share in words, strip of marks or levels) of each reviewer."""
        language = get_language()
        found = []
        for one in self.row.own.each:
            has_levels = any(letter.isdigit() for letter in one.marks)
            strip = " ".join(one.marks) if has_levels else spark_in(language, states_of(one.marks))
            found.append((one.reviewer, whole_percent(one.share), strip))
        return found

    @property
    def countries(self):
        language = get_language()
        return shown_countries([country_name(code, language) for code in self.row.countries])

    @property
    def recommendation(self):
        return outcome_word(self.row.recommendation)

    @property
    def decision(self):
        return outcome_word(self.row.decision)


def _together(stops):
    """ "Donor checklist 1, 4": what stands as "Donor checklist 1" and "Donor checklist 4"."""
    found: dict[str, list[str]] = {}
    for stop in stops:
        title, _space, number = stop.rpartition(" ")
        found.setdefault(title, []).append(number)
    listed = {title: sorted(numbers, key=lambda number: (len(number), number)) for title, numbers in found.items()}
    return "; ".join(f"{title} {', '.join(numbers)}" for title, numbers in listed.items())


def shown_rows(rows, line):
    """[ShownRow] in the order of the ranking, each with where it stands against the budget."""
    lines = {each.ranked.entry.id: each for each in line.lines} if line else {}
    within = line.within if line else ()
    last = within[-1].entry.id if within else None
    return [ShownRow(row, lines.get(row.proposal.pk), row.proposal.pk == last) for row in rows]


def percent_text(share):
    """A mean with one decimal: means of several reviewers differ by less than a per cent."""
    return "–" if share is None else _("%(n)s %%") % {"n": number_format(_tenths(share), 1)}


def whole_percent(share):
    return "–" if share is None else _("%(n)s %%") % {"n": presentation.percent(share)}


def _tenths(share):
    return exact(share).quantize(Decimal("0.1"), ROUND_HALF_UP)


def exact(share):
    """As an export writes it: per cent with three decimals, None where it is unknown."""
    return None if share is None else presentation.exact_percent(Fraction(share).limit_denominator(10**9))


def columns_of(ranking, line, *, exported):
    """The columns that there is something to say in, what is asked for right after the proposal.

    A page has applicant and currency in other columns; what reviewers, panel and funder say, and what
    stands beside it, is a line under each row.
    """
    columns = [
        Column("place", _("Place"), ("place",), lambda row: row.place, css="num fit"),
        Column("title", _("Proposal"), ("title",), lambda row: row.title),
        Column("amount", _("Amount"), ("amount",), lambda row: row.amount, css="num"),
        Column("standing", _("Stops and thresholds"), ("standing", "reference"), lambda row: row.standing_word),
        Column("mean", _("Mean"), ("mean",), lambda row: exact(row.mean), css="num fit"),
    ]
    if ranking.adjusted.is_usable:
        columns.append(Column("adjusted", _("Adjusted"), ("adjusted",), lambda row: exact(row.adjusted), css="num fit"))
    columns += [
        Column("spread", _("Spread"), ("spread",), lambda row: exact(row.spread), css="num fit"),
        Column("coverage", _("Coverage"), ("coverage",), lambda row: exact(row.coverage), css="num fit"),
    ]
    return [*columns, *_line_below(ranking), *_exported(line)] if exported else columns


def _line_below(ranking):
    yield Column("reviewers", _("Each reviewer"), value=_reviewers)
    if any(row.recommendation or row.decision for row in ranking.rows):
        yield Column("panel", _("Panel and funder"), value=lambda row: row.recommendation)
    if any(beside.text for row in ranking.rows for beside in row.beside):
        yield Column("beside", _("Beside it"), value=_beside)


def _exported(line):
    more = [
        Column("reference", _("Reference"), value=lambda row: row.reference),
        Column("applicant", _("Applicant"), value=lambda row: row.applicant),
        Column("countries", _("Countries"), value=lambda row: row.countries),
        Column("currency", _("Currency"), value=lambda row: row.proposal.currency),
        Column("reviews_in", _("Reviews in"), value=lambda row: row.row.reviews_in),
        Column("reviews_expected", _("Reviews expected"), value=lambda row: row.row.expected),
        Column("median", _("Median"), value=lambda row: exact(row.median)),
        Column("stops", _("Stopped by"), value=lambda row: "; ".join(row.row.stops)),
        Column("overridden", _("Stops overridden"), value=lambda row: "; ".join(row.row.overridden)),
        Column("flags", _("Flags"), value=lambda row: row.flags),
        Column("shortfalls", _("Below"), value=lambda row: "; ".join(row.row.shortfalls)),
        Column("passed", _("Thresholds reached"), value=lambda row: f"{row.row.passed}/{row.row.limits}"),
        Column("tie", _("Why after the one before"), value=lambda row: row.tie),
        Column("consensus", _("Consensus"), value=lambda row: exact(_consensus(row))),
        Column("decision", _("Decision"), value=lambda row: row.decision),
    ]
    if line is not None:
        more.append(Column("reach", _("Against the budget"), value=lambda row: row.reach))
    return more


def _consensus(row):
    return row.row.own.consensus.share if row.row.own.consensus else None


def _reviewers(row):
    return "; ".join(f"{name}: {share}" for name, share, _strip in row.pictures)


def _beside(row):
    return "; ".join(f"{beside.title}: {beside.text}" for beside in row.row.beside if beside.text)


def tie_texts(by):
    """The rules for equal scores, in the order in which they are asked."""
    return [_(text) for rule, text in TIE_TEXTS.items() if by is OrderBy.ADJUSTED or rule is not TieRule.SHARE]


# -- Harsh and lenient reviewers ------------------------------------------------------------------


@dataclass(frozen=True)
class Offset:
    """How far one reviewer stands from the others on the same proposals, in points; above nought more lenient."""

    name: str
    given: int
    points: str


@dataclass(frozen=True)
class OffsetPart:
    """Reviewers who can be compared with each other, and with nobody else; or why they cannot."""

    rows: tuple[Offset, ...]
    reason: str


def offset_parts(ranking):
    """[OffsetPart]: one table for each group that hangs together, never one over several."""
    given = Counter(one.reviewer_pk for row in ranking.rows for one in row.own.each if one.share is not None)
    found = []
    for part in ranking.adjusted.parts:
        ordered = sorted(part.reviewers.items(), key=lambda pair: -pair[1])
        rows = tuple(Offset(ranking.reviewers[pk], given[pk], _points(offset)) for pk, offset in ordered)
        found.append(OffsetPart((), _(part.reason)) if part.reason else OffsetPart(rows, ""))
    return found


def _points(offset):
    tenths = round(offset * 100, 1) + 0.0
    return ("+" if tenths > 0 else "") + number_format(tenths, 1)


def kind_words(kind):
    """What a score is, in a sentence."""
    if kind == ResultKind.PROFILE:
        return _("The score is the share of the judged criteria that a reviewer finds sound.")
    return _("The score is the share of favourable answers.")
