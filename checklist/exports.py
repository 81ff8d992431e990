"""The scores of a round as rows: wide (one row per assessment) and long (one row per answer).

Answers stand as they were given, as code and as label; what they mean for the proposal is read from the
frozen marks of the submission. Nothing is scored here.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.enums import AssessmentState, Conclusion
from checklist.selectors.flags import seen_flags
from checklist.selectors.scores import scored_assessments, sheets_to_export
from proposals.enums import ProposalStatus

WIDE, LONG = SHAPES = ("wide", "long")
FAVOURABILITY = {letter: state for state, letter in scoring.MARK_LETTERS.items()}


def score_table(user, round_, shape, language):
    """(columns, rows) of the scores that this person may read; the rows come one at a time."""
    sheets = sheets_to_export(user, round_, language)
    scored = scored_assessments(user, round_)
    if shape == LONG:
        return _long_columns(), (row for each in scored for row in _long_rows(each, sheets))
    return _wide_columns(sheets), (_wide_row(each, sheets) for each in scored)


# -- What both shapes begin with ------------------------------------------------------------------


def _lead_columns():
    return [
        _("Proposal"),
        _("Title"),
        _("Applicant"),
        _("State of the proposal"),
        _("Assessment"),
        _("Reviewer"),
        _("State"),
        _("Submitted at"),
        _("Submission"),
    ]


def _lead(row):
    return [
        row["proposal__reference"],
        row["proposal__title"],
        row["proposal__applicant__name"] or "",
        str(ProposalStatus(row["proposal__status"]).label),
        row["pk"],
        row["reviewer__name"] or row["reviewer__email"],
        str(AssessmentState(row["state"]).label),
        row["submitted_at"],
        row["submission_number"],
    ]


# -- Wide -----------------------------------------------------------------------------------------


def _wide_columns(sheets):
    columns = [*_lead_columns(), _("Overall view"), _("Reasons for the overall view"), _("Override")]
    for sheet in sheets:
        name = _prefix(sheet)
        columns += [f"{name}: {title}" for title in _sum_titles(sheet)]
        for criterion in sheet.criteria:
            columns += [f"{name} {criterion.number}: {title}" for title in _answer_titles()]
            for sub in criterion.subs:
                columns += [f"{name} {sub.label}: {title}" for title in (_("answer"), _("words"))]
    return columns


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
                cells += [_typed(sub, code), text]
    return cells


def _sum_titles(sheet):
    counted = [_("judged"), _("of")]
    if sheet.spec.result_kind is scoring.ResultKind.FLAGS:
        return [*counted, _("seen"), _("seen, about harm"), _("items that stop")]
    if sheet.spec.result_kind is scoring.ResultKind.SHARE:
        return [_("share %"), _("low %"), _("high %"), *counted, _("items that stop")]
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


def _long_columns():
    sums = [_("Share %"), _("Low %"), _("High %"), _("Judged"), _("Of")]
    return [
        *_lead_columns(),
        _("Instrument"),
        _("Version"),
        *sums,
        _("Number"),
        _("Question"),
        _("Answer code"),
        _("Answer"),
        _("Finding"),
        _("Reason"),
        _("Evidence"),
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
            yield [*lead, criterion.number, criterion.wording, *_answer_cells(criterion, given, score, index)]
            for sub in criterion.subs:
                code, text = given.subs.get(sub.key, ("", "")) if given else ("", "")
                if code or text:
                    yield [*lead, sub.label, sub.wording, code, _typed(sub, code), "", text, ""]


# -- One answer -------------------------------------------------------------------------------------


def _answer_titles():
    return [_("answer code"), _("answer"), _("finding"), _("reason"), _("evidence")]


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


def _prefix(sheet):
    return f"{sheet.short_title} {sheet.number}"
