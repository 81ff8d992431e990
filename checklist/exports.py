"""The scores of a round as rows: wide (one row per assessment) and long (one row per answer).

Answers stand as they were given, as code and as label; what they mean for the proposal is read from the
frozen marks of the submission. Nothing is scored here.

Every column has a key that is the same in every language, by which JSON names it, the codebook explains
it and a choice of columns is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.enums import AssessmentKind, AssessmentState, Conclusion
from checklist.selectors.flags import seen_flags
from checklist.selectors.scores import scored_assessments, sheets_to_export
from proposals.enums import ProposalStatus

WIDE, LONG = SHAPES = ("wide", "long")
INDIVIDUAL = (AssessmentKind.INDIVIDUAL,)
WITH_CONSENSUS = (AssessmentKind.INDIVIDUAL, AssessmentKind.CONSENSUS)
FAVOURABILITY = {letter: state for state, letter in scoring.MARK_LETTERS.items()}


@dataclass(frozen=True)
class ExportColumn:
    """One column. It is kept in a choice that names all of its `parts`, which a person can tick."""

    key: str
    label: str
    parts: frozenset[str]


@dataclass(frozen=True)
class ScoreTable:
    """Columns and rows of an export; the rows come one at a time."""

    columns: Sequence[ExportColumn]
    rows: Iterator[list[Any]]

    def chosen(self, parts) -> ScoreTable:
        """Only the columns of these parts; all where none is left."""
        parts = set(parts)
        places = [place for place, column in enumerate(self.columns) if column.parts <= parts]
        if not places or len(places) == len(self.columns):
            return self
        columns = [self.columns[place] for place in places]
        return ScoreTable(columns, ([row[place] for place in places] for row in self.rows))


def score_table(user, round_, shape, language, *, kinds=INDIVIDUAL, proposals=None):
    """The ScoreTable of what this person may read, of the whole round or of some of its proposals."""
    sheets = sheets_to_export(user, round_, language, kinds=kinds)
    return table_of(scored_assessments(user, round_, kinds=kinds, proposals=proposals), sheets, shape)


def table_of(scored, sheets, shape):
    """The ScoreTable of assessments that were read already."""
    if shape == LONG:
        return ScoreTable(long_columns(), (row for each in scored for row in _long_rows(each, sheets)))
    return ScoreTable(wide_columns(sheets), (_wide_row(each, sheets) for each in scored))


# -- What both shapes begin with ------------------------------------------------------------------


def _column(key, label):
    return ExportColumn(key, label, frozenset([key]))


def _lead_columns():
    return [
        _column("proposal", _("Proposal")),
        _column("title", _("Title")),
        _column("applicant", _("Applicant")),
        _column("proposal_state", _("State of the proposal")),
        _column("assessment", _("Assessment")),
        _column("kind", _("Kind")),
        _column("reviewer", _("Reviewer")),
        _column("state", _("State")),
        _column("submitted_at", _("Submitted at")),
        _column("submission", _("Submission")),
    ]


def _lead(row):
    return [
        row["proposal__reference"],
        row["proposal__title"],
        row["proposal__applicant__name"] or "",
        str(ProposalStatus(row["proposal__status"]).label),
        row["pk"],
        row["kind"],
        row["reviewer__name"] or row["reviewer__email"],
        str(AssessmentState(row["state"]).label),
        row["submitted_at"],
        row["submission_number"],
    ]


# -- Wide -----------------------------------------------------------------------------------------


def wide_columns(sheets):
    """The columns of a row per assessment: sums and answers of every sheet."""
    columns = [
        *_lead_columns(),
        _column("conclusion", _("Overall view")),
        _column("conclusion_reason", _("Reasons for the overall view")),
        _column("override", _("Override")),
    ]
    for sheet in sheets:
        columns += _sheet_columns(sheet)
    return columns


def _sheet_columns(sheet):
    name, place, of_sheet = f"{sheet.short_title} {sheet.number}", f"{sheet.slug}.{sheet.number}", sheet_part(sheet)

    def column(key, label, part):
        return ExportColumn(f"{place}.{key}", f"{name}{label}", frozenset([of_sheet, part]))

    for key, title in _sum_titles(sheet).items():
        yield column(key, f": {title}", "sums")
    for criterion in sheet.criteria:
        for key, title in _answer_titles().items():
            yield column(f"{criterion.key}.{key}", f" {criterion.number}: {title}", key)
        for sub in criterion.subs:
            for key, title in _sub_titles().items():
                yield column(f"{criterion.key}{sub.key}.{key}", f" {sub.label}: {title}", "subs")


def sheet_part(sheet):
    """By what all columns of an instrument are chosen, whatever its version."""
    return f"sheet:{sheet.slug}"


def _wide_row(each, sheets):
    row = each.row
    conclusion = str(Conclusion(row["conclusion"]).label) if row["conclusion"] else ""
    cells = [*_lead(row), conclusion, row["conclusion_reason"], row["override_reason"]]
    for sheet in sheets:
        score = each.scores.get(sheet.pk)
        cells += _sums(score, sheet)
        for index, criterion in enumerate(sheet.criteria):
            given = each.answers.get(criterion.pk) if score else None
            cells += _answer_cells(criterion, given, score, index)
            for sub in criterion.subs:
                code, text = given.subs.get(sub.key, ("", "")) if given else ("", "")
                cells += [code, _typed(sub, code), text]
    return cells


def _sum_titles(sheet):
    """{key: title} of the results of an instrument, by what kind of result it gives."""
    counted = {"judged": _("judged"), "of": _("of")}
    if sheet.spec.result_kind is scoring.ResultKind.FLAGS:
        seen = {"seen": _("seen"), "about_harm": _("seen, about harm")}
        return {**counted, **seen, "stops": _("items that stop")}
    if sheet.spec.result_kind is scoring.ResultKind.SHARE:
        shares = {"share": _("share %"), "low": _("low %"), "high": _("high %")}
        return {**shares, **counted, "stops": _("items that stop")}
    return counted


def _sums(score, sheet):
    if score is None:
        return [None] * len(_sum_titles(sheet))
    counted = [score["judged"], score["total"]]
    if sheet.spec.result_kind is scoring.ResultKind.FLAGS:
        seen = seen_flags(sheet, score["marks"])
        return [*counted, len(seen), sum(criterion.spec.about_harm for criterion in seen), score["blocks"]]
    if sheet.spec.result_kind is scoring.ResultKind.SHARE:
        return [score["share"], score["low"], score["high"], *counted, score["blocks"]]
    return counted


# -- Long -----------------------------------------------------------------------------------------


def long_columns():
    """The columns of a row per answer."""
    return [
        *_lead_columns(),
        _column("instrument", _("Instrument")),
        _column("version", _("Version")),
        _column("share", _("Share %")),
        _column("low", _("Low %")),
        _column("high", _("High %")),
        _column("judged", _("Judged")),
        _column("of", _("Of")),
        _column("number", _("Number")),
        _column("question_key", _("Key of the question")),
        _column("question", _("Question")),
        _column("code", _("Answer code")),
        _column("answer", _("Answer")),
        _column("finding", _("Finding")),
        _column("reason", _("Reason")),
        _column("evidence", _("Evidence")),
    ]


def _long_rows(each, sheets):
    for sheet in sheets:
        score = each.scores.get(sheet.pk)
        if score is None:
            continue
        sums = [score[name] for name in ("share", "low", "high", "judged", "total")]
        lead = [*_lead(each.row), sheet.short_title, sheet.number, *sums]
        for index, criterion in enumerate(sheet.criteria):
            given = each.answers.get(criterion.pk)
            asked = [criterion.number, criterion.key, criterion.wording]
            yield [*lead, *asked, *_answer_cells(criterion, given, score, index)]
            for sub in criterion.subs:
                code, text = given.subs.get(sub.key, ("", "")) if given else ("", "")
                if code or text:
                    asked = [sub.label, f"{criterion.key}{sub.key}", sub.wording]
                    yield [*lead, *asked, code, _typed(sub, code), "", text, ""]


# -- One answer -------------------------------------------------------------------------------------


def _answer_titles():
    return {
        "code": _("answer code"),
        "answer": _("answer"),
        "finding": _("finding"),
        "reason": _("reason"),
        "evidence": _("evidence"),
    }


def _sub_titles():
    return {"code": _("answer code"), "answer": _("answer"), "words": _("words")}


def _answer_cells(criterion, given, score, index):
    finding = _finding(criterion, score["marks"][index]) if score else ""
    if given is None:
        return ["", "", finding, "", ""]
    return [given.code, _label(criterion.option(given.code)), finding, given.rationale, " | ".join(given.evidence)]


def _finding(criterion, letter):
    """The word for a letter of the frozen marks; a digit is a level."""
    if letter.isdigit():
        return presentation.finding(criterion, letter, "level")
    mark = presentation.mark_state(FAVOURABILITY[letter])
    # The first answer drawn with this mark; where several share it, they share the word as well.
    kind = criterion.spec.answer_kind
    codes = (option.code for option in kind.options if kind.mark(option.code, criterion.spec.polarity) == mark)
    return presentation.finding(criterion, next(codes, None), mark)


def _typed(sub, code):
    """The label of an answer; a number as a number, to calculate with."""
    return float(code) if sub.is_percent and code else _label(sub.option(code))


def _label(option):
    return option.label if option else ""


# -- What can be ticked ---------------------------------------------------------------------------


def parts_to_choose(shape, sheets):
    """[(part, words)] of which a choice of columns is made, in the order of the columns."""
    if shape == LONG:
        return [(column.key, column.label) for column in long_columns()]
    own = [(column.key, column.label) for column in wide_columns(())]
    titles = {sheet_part(sheet): sheet.short_title for sheet in sheets}
    of_each = {
        "sums": _("Results: share, range, how many judged"),
        **{key: _("Each criterion: %(what)s") % {"what": title} for key, title in _answer_titles().items()},
        "subs": _("Each sub-question: answer and words"),
    }
    return [*own, *titles.items(), *of_each.items()]
