"""A form as a workbook: a row for each question, with the words to choose from.

Only the cells to fill in can be changed; which cell is which stands in a hidden sheet.
"""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.facts import proposal_facts
from screening.tabular import CONTROL, EXCEL_MAX_TEXT
from screening.workbooks import saved

from .plan import ASSESSMENT, TOKEN, VERSIONS, VIEW, FormPlan

# Named alike in every language: they are not read by people.
SHEET, KEYS, WORDS = "Form", "_keys", "_words"
FIRST_ROW = 8
WIDTHS = {"A": 7, "B": 62, "C": 34, "D": 70}
ANSWER_COLUMN, TEXT_COLUMN = 3, 4


class TooLongForWorkbook(Exception):
    """A text that is saved already is longer than a cell can hold."""


def form_workbook(plan: FormPlan, token: str) -> IO[bytes]:
    """The workbook in an open temporary file that vanishes when it is closed."""
    # Loaded when needed: it takes a moment.
    from openpyxl import Workbook

    if any(len(entry.value) > EXCEL_MAX_TEXT for entry in plan.entries):
        raise TooLongForWorkbook(_("One of your texts is too long for a spreadsheet. Take the form as a PDF."))
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    with override(plan.language):
        _write_proposal(book.create_sheet(_("Proposal")), plan.assessment.proposal)
    words, keys = book.create_sheet(WORDS), book.create_sheet(KEYS)
    with override(plan.language):
        _write_head(sheet, plan)
        _write_rows(sheet, words, keys, plan)
    for key, value in ((TOKEN, token), (ASSESSMENT, plan.assessment.pk), (VERSIONS, plan.versions)):
        keys.append([key, str(value)])
    for hidden in (words, keys):
        hidden.sheet_state = "veryHidden"
        hidden.protection.sheet = True
    sheet.protection.sheet = True
    return saved(book)


def _write_head(sheet, plan):
    """What the form is for and how it is used, above the titles of the columns."""
    from openpyxl.styles import Alignment, Font

    proposal, bold = plan.assessment.proposal, Font(bold=True)
    lines = [
        _("Form to fill in without a connection"),
        f"{proposal.reference} · {proposal.title}",
        _("Reviewer: %(name)s") % {"name": plan.assessment.reviewer},
        _("Fill in the white cells, choose answers from the lists, and save the file as it is (.xlsx)."),
        _("Upload it on the page “Forms to fill in offline”. Nothing is taken over before you compare and confirm."),
    ]
    for number, line in enumerate(lines, start=1):
        cell = _put(sheet, number, 1, line)
        cell.font = Font(bold=True, size=14) if number == 2 else Font(bold=number == 1)
    titles = (_("No."), _("Question"), _("Answer"), _("In words"))
    for column, title in enumerate(titles, start=1):
        cell = _put(sheet, FIRST_ROW - 1, column, title)
        cell.font, cell.alignment = bold, Alignment(vertical="top")
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{FIRST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{FIRST_ROW - 1}:{FIRST_ROW - 1}"


def _write_proposal(sheet, proposal):
    """What the proposal is, to be read where the page of it cannot be reached; and which documents to take along."""
    from openpyxl.styles import Alignment, Font

    documents = list(proposal.documents.kept().order_by("kind", "name"))
    lines = [(_("Title"), proposal.title), *proposal_facts(proposal), (_("Summary"), proposal.summary)]
    names = "\n".join(document.name for document in documents) or _("No document came with this proposal.")
    hint = _("They are not in this file. Download them from the page of the proposal before you leave.")
    lines.append((_("Documents to take along"), f"{names}\n{hint}" if documents else names))
    for row, (term, value) in enumerate(lines, start=1):
        _put(sheet, row, 1, str(term)).font = Font(bold=True)
        text = str(value or "–")[:EXCEL_MAX_TEXT]
        _put(sheet, row, 2, text)
        for column in (1, 2):
            sheet.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
        lines_needed = sum(len(line) // 90 + 1 for line in text.split("\n"))
        sheet.row_dimensions[row].height = min(400, 15 * lines_needed)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 100
    sheet.protection.sheet = True


def _write_rows(sheet, words, keys, plan):
    """A row for each question and sub-question: its answer and its words are two entries."""
    row, rows = FIRST_ROW - 1, {}
    lists: dict[tuple, str] = {}
    for entry in plan.entries:
        place = (entry.owner, entry.part if entry.owner == VIEW else entry.sub)
        if place not in rows:
            row += 1
            rows[place] = row
            _write_question(sheet, row, entry)
        at, column = rows[place], TEXT_COLUMN if entry.is_text else ANSWER_COLUMN
        _write_field(sheet, at, column, entry)
        if entry.options:
            _offer(sheet, words, lists, at, entry)
        keys.append([entry.name, str(at), str(column)])


def _write_question(sheet, row, entry):
    from openpyxl.styles import Alignment, Font

    for column, text in ((1, entry.number), (2, entry.wording)):
        cell = _put(sheet, row, column, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top", indent=1 if entry.sub and column == 2 else 0)
        cell.font = Font(bold=not entry.sub)
    sheet.row_dimensions[row].height = max(30 if entry.sub else 48, 15 * (len(entry.wording) // 60 + 1))


def _write_field(sheet, row, column, entry):
    """A cell that can be filled in; what is typed stays text."""
    from openpyxl.styles import Alignment, Border, Protection, Side

    cell = _put(sheet, row, column, entry.option(entry.value) if entry.value else "")
    cell.protection = Protection(locked=False)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    side = Side(style="thin", color="827A6B")
    cell.border = Border(left=side, right=side, top=side, bottom=side)


def _offer(sheet, words, lists, row, entry):
    """The list of answers of one cell; questions with the same answers share a list."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    labels = tuple(label for _code, label in entry.options)
    if labels not in lists:
        column = len(lists) + 1
        for number, label in enumerate(labels, start=1):
            _put(words, number, column, label)
        letter = get_column_letter(column)
        check = DataValidation("list", formula1=f"'{WORDS}'!${letter}$1:${letter}${len(labels)}", allow_blank=True)
        check.showErrorMessage = True
        check.errorTitle, check.error = _("Not one of the answers"), _("Choose one of the answers in the list.")
        sheet.add_data_validation(check)
        lists[labels] = check
    lists[labels].add(sheet.cell(row, ANSWER_COLUMN))


def _put(sheet, row, column, text):
    """A cell that holds a text, whatever it looks like."""
    cell = sheet.cell(row, column)
    text = CONTROL.sub("", str(text))
    if text:
        cell.value = text
        cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text[:1] in ("=", "+", "-", "@", "'")
    return cell
