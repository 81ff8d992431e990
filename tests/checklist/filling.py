"""Forms that went out, and how people fill them in: with a PDF library, with a spreadsheet program."""

import io
import warnings

import openpyxl
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from checklist.actions.offline import hand_out_form, new_token, receive_forms
from checklist.offline.paper import form_document
from checklist.offline.plan import plan_of
from checklist.offline.reading import read_upload
from checklist.offline.workbook import KEYS, SHEET, form_workbook
from checklist.selectors.assessments import assessment_with_round, load_facts
from checklist.selectors.drafts import load_draft


def take_form(assessment, file_format="xlsx", language="en"):
    """The bytes of a form, handed out to the reviewer herself."""
    assessment = assessment_with_round(assessment.pk)
    plan = plan_of(load_draft(assessment, language=language), language)
    token = new_token()
    if file_format == "pdf":
        load_facts(assessment.proposal)
        data = form_document(plan, token).make_here().data
    else:
        with form_workbook(plan, token) as file:
            data = file.read()
    hand_out_form(plan=plan, token=token, file_format=file_format, by=assessment.reviewer)
    return data


def upload(data, by, name="form.xlsx"):
    """The OfflineUpload that comes of one file."""
    read = read_upload(SimpleUploadedFile(name, data), name)
    return receive_forms(uploads=[read], by=by)[0]


# -- PDF ------------------------------------------------------------------------------------


def fill_pdf(data, values, change=None):
    """The PDF with these {name of field: value}, as an ordinary library writes it; `change(pdf, fields)` may spoil it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        for name, value in values.items():
            _fill(fields[name], value)
        if change:
            change(pdf, fields)
        return saved(pdf)


def saved(pdf, **options):
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.exceptions.PageCopyWarning)  # fields were taken out on purpose
        pdf.save(file, **options)
    return file.getvalue()


def _fill(field, value):
    if "/Kids" not in field:
        field.V = pikepdf.String(value)
        return
    field.V = pikepdf.Name(f"/{value or 'Off'}")
    for button in field.Kids:
        button.AS = field.V if field.V in button.AP.N else pikepdf.Name("/Off")


# -- Workbook -------------------------------------------------------------------------------


def fill_workbook(data, values, change=None):
    """The workbook with these {name of field: value}; `change(book)` may spoil it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in values.items():
        cell_of(book, name).value = value
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(book, name):
    row, column = next((row[1].value, row[2].value) for row in book[KEYS] if row[0].value == name)
    return book[SHEET].cell(int(row), int(column))
