"""Real files, made byte by byte, for tests of what is taken and what is not."""

import io
import zipfile
from functools import cache

import docx
import openpyxl
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from proposals.document_checks import check_file

WORD_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def pdf_bytes(texts=("Hello harbour",), *, sizes=None):
    """A PDF with one page for each text, set in Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for index, text in enumerate(texts):
        width, height = (sizes or {}).get(index, (595, 842))
        stream = f"BT /F1 18 Tf 60 400 Td ({text}) Tj ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def encrypted_pdf_bytes(*, password="secret"):
    """Needs the password to be opened; with an empty one it opens, but is restricted."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    return out.getvalue()


@cache
def docx_bytes():
    document = docx.Document()
    document.add_paragraph("Before any heading.")
    document.add_heading("What we will do", level=1)
    document.add_paragraph("Shelter for fishers in three ports.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Port", "Beds"
    document.add_heading("Risks", level=2)
    document.add_paragraph("Return without consent.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def xlsx_bytes():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Budget"
    sheet.append(["Line", "Cost"])
    sheet.append(["Shelter", 1200.5])
    sheet.append([])
    sheet.append(["Total", "=SUM(B2:B2)"])
    book.create_sheet("Staff").append(["Caseworkers", 4])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bytes(entries, *, start=b""):
    """A ZIP archive of (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return start + out.getvalue()


def with_entries(original, entries):
    """The same ZIP archive with more in it; an entry of the same name is replaced."""
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        kept = [(name, archive.read(name)) for name in archive.namelist() if name not in dict(entries)]
    return zip_bytes([*kept, *entries])


def upload(content, name="narrative.pdf"):
    return SimpleUploadedFile(name, content)


def checked(content=None, name="narrative.pdf"):
    """What `add_document` takes."""
    return check_file(upload(pdf_bytes() if content is None else content, name), name)
