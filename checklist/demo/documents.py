"""Makes the demo's files: the same text gives the same bytes."""

import io
import re
import zipfile
from datetime import UTC, datetime

from django.core.files.base import ContentFile

from screening.pdf import render_pdf

# When every invented document claims to have been written.
WRITTEN_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
ZIP_DATE = (2026, 1, 12, 9, 0, 0)
OFFICE_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
FOOTER = "Invented for the demo"


def document_file(proposal, document, reference):
    """The file of one document, PDF or DOCX by the ending of its name."""
    make = make_docx if document.name.endswith(".docx") else make_pdf
    return ContentFile(make(proposal, document, reference), name=document.name)


def budget_file(proposal):
    """The workbook that shows the lines of the budget and their sum."""
    return ContentFile(make_workbook(proposal), name="Budget.xlsx")


def make_pdf(proposal, document, reference):
    context = {
        "pages": document.pages,
        "reference": reference,
        "applicant": proposal.applicant,
        "footer": f"{FOOTER}. {proposal.applicant} does not exist.",
    }
    name = document.name.rsplit(".", 1)[0]
    return render_pdf(
        "checklist/reports/demo_document.html",
        context,
        title=f"{proposal.title} – {name}",
        language="en",
        created=WRITTEN_AT,
        in_child=False,
    )


def make_docx(proposal, document, _reference):
    import docx

    file = docx.Document()
    file.core_properties.title = document.name
    file.core_properties.author = proposal.applicant
    file.sections[0].footer.paragraphs[0].text = FOOTER
    for page in document.pages:
        for block in page:
            _add_block(file, block)
    return _settled(file)


def make_workbook(proposal):
    import openpyxl
    from openpyxl.styles import Font

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Budget"
    sheet.oddFooter.left.text = FOOTER
    sheet.append(["Line", "Unit", "Number", f"Price ({proposal.currency})", f"Amount ({proposal.currency})"])
    for line, unit, count, price in proposal.budget:
        sheet.append([line, unit, count, price, count * price])
    sheet.append(["Total", "", "", "", proposal.amount])
    for row in (sheet[1], sheet[sheet.max_row]):
        for cell in row:
            cell.font = Font(bold=True)
    sheet.append([])
    sheet.append([FOOTER])
    sheet.column_dimensions["A"].width = 60
    return _settled(workbook)


def _add_block(file, block):
    if block.kind in ("title", "heading"):
        file.add_heading(block.text, level=1 if block.kind == "title" else 2)
    elif block.kind == "list":
        for item in block.items:
            file.add_paragraph(item, style="List Bullet")
    elif block.kind == "table":
        table = file.add_table(rows=0, cols=len(block.rows[0]))
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    else:
        file.add_paragraph(block.text)


def _settled(office_file):
    """The saved file with fixed dates: both libraries write the time of day into it."""
    saved, settled = io.BytesIO(), io.BytesIO()
    office_file.save(saved)
    date = WRITTEN_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "docProps/core.xml":
                content = OFFICE_DATE.sub(rb"\g<1>" + date + rb"\g<2>", content)
            after.writestr(zipfile.ZipInfo(entry.filename, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return settled.getvalue()
