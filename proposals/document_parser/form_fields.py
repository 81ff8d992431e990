"""What was filled into a form: the fields of a PDF, the cells of a workbook.

Nothing of the file is run: scripts and actions in it are never looked at.
"""

import json
import re

from office_checks import check_office
from parser_output import Refused
from pdf_pages import open_pdf, page_text

MAX_FIELDS = 3_000
MAX_DEPTH = 8
MAX_VALUE = 60_000
MAX_DATA = 1_000_000
MAX_ROWS, MAX_COLUMNS, MAX_SHEETS = 3_000, 12, 10
DATA_NAME = "form.json"
OFF = "Off"
# What a format of numbers shows as it stands, repeats, or leaves the width of, and what it says of the currency: a sign
# in it changes no number.
LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')


def read_form(path, kind, say):
    """Says each field, then what else tells one form from another."""
    if kind == "pdf":
        return read_pdf_form(path, say)
    check_office(path, "xlsx")
    return read_sheets(path, say)


# -- PDF ------------------------------------------------------------------------------------


def read_pdf_form(path, say):
    """The fields by their full names, the embedded data, and the text of the pages."""
    import pikepdf

    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError:
        raise Refused("damaged") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refused("encrypted")
        form = pdf.Root.get("/AcroForm")
        if form is None or not len(form.get("/Fields", ())):
            raise Refused("no_fields" if form is None or "/XFA" not in form else "xfa")
        if "/XFA" in form:
            raise Refused("xfa")
        found = 0
        for field in walk(form["/Fields"], "", {}, 0):
            found += 1
            if found > MAX_FIELDS:
                raise Refused("bomb")
            say(**field)
        say(data=embedded_token(pdf))
    pages = open_pdf(path)
    for index in range(len(pages)):
        say(text=page_text(pages[index])[:MAX_VALUE])
    return found


def walk(nodes, prefix, inherited, depth):
    """Every field that holds a value. Names, kinds and values may come from the groups above."""
    if depth > MAX_DEPTH:
        raise Refused("bomb")
    for node in nodes:
        own = {key: node[key] for key in ("/FT", "/V", "/TU", "/Ff") if key in node}
        facts = {**inherited, **own}
        name = f"{prefix}.{text(node['/T'])}" if prefix and "/T" in node else text(node.get("/T", "")) or prefix
        kids = list(node.get("/Kids", ()))
        if any("/T" in kid for kid in kids):
            yield from walk(kids, name, facts, depth + 1)
        elif name:
            yield {
                "field": name[:300],
                "values": values_of(facts, kids or [node]),
                "tooltip": text(facts.get("/TU", "")),
            }


def values_of(facts, widgets):
    """What a field says; more than one value where two answers are chosen."""
    value = facts.get("/V")
    if str(facts.get("/FT", "")) == "/Btn":
        shown = dict.fromkeys(str(each["/AS"]).removeprefix("/") for each in widgets if "/AS" in each)
        shown.pop(OFF, None)
        said = text(value).removeprefix("/") if value is not None else OFF
        if len(shown) > 1 or said == OFF:
            return list(shown)
        return [said]
    import pikepdf

    if isinstance(value, pikepdf.Array):
        return [text(each) for each in value][:20]
    return [text(value)] if value is not None else []


def text(value):
    """A string, a name or a stream of a PDF as text; without NUL, which no database keeps."""
    import pikepdf

    if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)):
        raise Refused("damaged")  # no program writes that, and it is no words
    if isinstance(value, pikepdf.Stream):
        # Encoded as a string is: UTF-16 or UTF-8 with their marks, else PDFDocEncoding.
        value = pikepdf.String(value.read_bytes()[: 2 * MAX_VALUE])
    return str(value).replace("\x00", "")[:MAX_VALUE]


def embedded_token(pdf):
    """The token in the embedded data; "" where there is none, for some programs leave it out."""
    if DATA_NAME not in pdf.attachments:
        return ""
    data = pdf.attachments[DATA_NAME].get_file().read_bytes()[:MAX_DATA]
    try:
        values = json.loads(data)
    except ValueError:
        return "?"
    return str(values.get("token", "?")) if isinstance(values, dict) else "?"


# -- Workbook -------------------------------------------------------------------------------


def read_sheets(path, say):
    """The cells of every sheet as text, row by row. A formula is named instead of read."""
    from openpyxl import load_workbook

    found = 0
    with open(path, "rb") as file:
        book = load_workbook(file, read_only=True, keep_links=False)
        for sheet in book.worksheets[:MAX_SHEETS]:
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS), start=1):
                found += say_row(sheet.title, number, row, say)
    return found


def say_row(title, number, row, say):
    """Whether there is anything in it."""
    for cell in row:
        if cell.data_type == "f":
            say(formula=f"{title}!{cell.coordinate}")
    cells = [cell_text(cell) for cell in row]
    if any(cells):
        say(sheet=title, row=number, cells=cells)
    return any(cells)


def cell_text(cell):
    """What stands in a cell, as a person sees it: 35 % is kept as 0.35."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)) and "%" in LITERAL.sub("", cell.number_format or ""):
        return f"{value * 100:.12g}%"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    return str(value).replace("_x000D_", "")[:MAX_VALUE]
