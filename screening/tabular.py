"""Tables in and out: CSV and XLSX read with care, and written so that a spreadsheet runs nothing.

Reading takes the whole file into memory (it is limited), decides by its content what it
is, and says in plain words what is wrong. Writing streams in flat memory.
"""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from screening.workbooks import saved

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 300
# A workbook is a zip file: how large it may grow unpacked, and one part of it, in times its size.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 5 * 1024 * 1024
MAX_BLANK_RUN = 5_000  # blank lines after which reading stops: some sheets are formatted to the last one

DELIMITERS = (",", ";", "\t", "|")
EXCEL_MAX_ROWS = 1_048_576
EXCEL_MAX_TEXT = 32_767
CSV_CHUNK = 64 * 1024

# A spreadsheet takes text that begins like this for a formula.
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
FORMULA_LIKE = re.compile(f"[\\s']*[{re.escape(''.join(FORMULA_START))}]")  # behind apostrophes too: read back exactly
# Neither XML nor PostgreSQL takes these.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ESCAPED_RETURN = re.compile(r"(?<!_x005F)_x000D_\n?")
ESCAPE_LIKE, ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)"), re.compile("_x005F_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class TableProblem(Exception):
    """The file cannot be read as a table; the message says why and what to do."""


class NothingInTable(TableProblem):
    """There is no table here, or one without rows."""


@dataclass(frozen=True)
class Row:
    """One line of a table. `cells` has one text per column; `extra` is what stands beyond the last column."""

    line: int
    cells: tuple[str, ...]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What a file holds. `sheets` names all sheets of a workbook, `sheet` the one that was read.

    `columns` are unique, non-empty titles, `places` their numbers in the file from 1. `problems` are
    sentences about things that did not stop the reading but that a person should know.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    problems: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


# -- Reading --------------------------------------------------------------------------------


def read_table(file: IO[bytes], name: str, sheet: str | None = None) -> Table:
    """The table in a CSV or XLSX file (binary, open). Completely blank rows are left out.

    `sheet` names the sheet of a workbook; without it the first one that is not empty is
    read. Raises TableProblem with a sentence for people.
    """
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableProblem(_("The file is larger than %(n)s MB.") % {"n": MAX_BYTES // 1024 // 1024})
    if not content.strip():
        raise TableProblem(_("The file is empty."))
    _refuse_other_kinds(content, name)
    if content.startswith(b"PK"):
        return _read_xlsx(content, sheet)
    return _read_csv(content)


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:512].lstrip().lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if name.lower().endswith(".xls"):
            raise TableProblem(_("This is an old Excel file (.xls). Save it as .xlsx or as CSV and upload that."))
        raise TableProblem(_("The workbook is protected by a password. Save it without one and upload that."))
    if start.startswith((b"%pdf", b"{\\rtf")):
        raise TableProblem(_("This is a text document, not a table. Upload a CSV or an XLSX file."))
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise TableProblem(_("This is a web page or an XML file. Open it in Excel and save it as .xlsx."))


def _read_csv(content: bytes) -> Table:
    text, problems = _decode(content)
    return _table(_csv_lines(text, _sniff_delimiter(text)), problems=problems)


def _decode(content: bytes) -> tuple[str, list[str]]:
    """The text, and a notice where the encoding had to be guessed."""
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content and not utf_16:
        raise TableProblem(_("This is neither a CSV nor an XLSX file."))
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig"), []
    except UnicodeDecodeError as error:
        if utf_16:
            raise TableProblem(_("The letters of this file cannot be read. Save it as CSV in UTF-8.")) from error
        line = content.count(b"\n", 0, error.start) + 1
    notice = _("The file is not in UTF-8. It was read as Western European text; check the letters in line %(line)s.")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text, [notice % {"line": line}]


def _sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first rows most evenly; a comma where nothing splits them."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 50))
        except csv.Error:
            continue
        widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
        if not widths or widths[0] < 2:
            continue
        score = (round(sum(width == widths[0] for width in widths) / len(widths), 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _csv_lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, cells). A quotation mark that is never closed is refused."""
    end = "\x00end"  # cannot occur in the text: NUL was refused
    reader = csv.reader([*io.StringIO(text.rstrip("\r\n") + "\n", newline=""), end], delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if cells == [end]:
                return
            if cells and cells[-1].endswith(end):
                break
            yield line, [_clean(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        message = _("Line %(line)s cannot be read: a cell is too long. Perhaps a quotation mark is not closed.")
        raise TableProblem(message % {"line": line}) from error
    raise TableProblem(_("A quotation mark that opens in line %(line)s is never closed.") % {"line": line})


def _read_xlsx(content: bytes, sheet: str | None) -> Table:
    _check_zip(content)
    # Loaded when needed: it takes a moment, and most requests never read a workbook.
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that we do not look at
        try:
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return _read_sheets(workbook, sheet)
            finally:
                workbook.close()
        except TableProblem:
            raise
        except Exception as error:  # openpyxl raises TypeError, KeyError, ValueError ... on damaged files
            raise TableProblem(
                _(
                    "The workbook is damaged or was written in an unusual way. Open it in Excel or LibreOffice, "
                    "save it again as .xlsx or as CSV, and upload that."
                )
            ) from error


def _read_sheets(workbook: Any, sheet: str | None) -> Table:
    """The named sheet, or the first one with rows."""
    names = tuple(each.title for each in workbook.worksheets)
    if sheet and sheet not in names:
        raise TableProblem(_("There is no sheet “%(sheet)s” in this workbook.") % {"sheet": sheet})
    for name in [sheet] if sheet else names:
        problems: list[str] = []
        worksheet = workbook[name]
        worksheet.reset_dimensions()  # some programs write wrong ones
        try:
            return _table(_sheet_lines(worksheet, problems), problems=problems, sheets=names, sheet=name)
        except NothingInTable:
            if sheet:
                raise
    raise NothingInTable(_("No sheet of this workbook has column titles with rows below them."))


def _check_zip(content: bytes) -> None:
    """Refuse what is no workbook, what would grow without measure, and XML that defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise TableProblem(_("This is not an Excel workbook. Upload a CSV or an XLSX file."))
            if any(part.flag_bits & 0x1 for part in parts):
                raise TableProblem(_("The workbook is protected by a password. Save it without one and upload that."))
            if len(parts) > 5_000 or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise TableProblem(_("The workbook is too large when unpacked. Upload only the table, as CSV."))
            for part in parts:
                if part.file_size > RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1):
                    raise TableProblem(_("The workbook is packed in a way that is not safe to open. Upload it as CSV."))
                with archive.open(part) as opened:
                    if b"<!doctype" in opened.read(2_000).lower():
                        raise TableProblem(_("The workbook contains XML that is not safe to read. Upload it as CSV."))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError) as error:
        raise TableProblem(_("The workbook is damaged. Save it again as .xlsx or as CSV, and upload that.")) from error


def _sheet_lines(worksheet: Any, problems: list[str]) -> Iterator[tuple[int, list[str]]]:
    blank = 0
    for line, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
        if any(value is not None for value in values):
            blank = 0
            yield line, [_cell_text(value) for value in values]
            continue
        blank += 1
        if blank >= MAX_BLANK_RUN:
            message = _("Reading stopped at line %(line)s, after %(n)s blank lines.")
            problems.append(message % {"line": line, "n": MAX_BLANK_RUN})
            return


def _cell_text(value: Any) -> str:
    """A value of a workbook as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _clean(ESCAPED.sub("_", ESCAPED_RETURN.sub("\n", str(value))))


def _clean(text: str) -> str:
    """Without control characters, with plain line ends, and without the apostrophe that `write_*` put before."""
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text[1:] if text[:1] == "'" and FORMULA_LIKE.match(text, 1) else text


def _table(lines: Iterator[tuple[int, list[str]]], *, problems: list[str], sheets=(), sheet="") -> Table:
    filled = ((line, cells) for line, cells in lines if any(cell.strip() for cell in cells))
    header = next(filled, None)
    if header is None:
        raise NothingInTable(_("The table is empty."))
    rows: list[Row] = []
    width = _width(header[1])
    for line, cells in filled:
        if len(rows) == MAX_ROWS:
            message = _("The table has more than %(n)s rows. Divide it into several files.")
            raise TableProblem(message % {"n": MAX_ROWS})
        inside = cells[:width] + [""] * (width - len(cells))
        rows.append(Row(line, tuple(inside), tuple(cell for cell in cells[width:] if cell.strip())))
    if not rows:
        raise NothingInTable(_("The table has column titles but no rows below them."))
    return _with_titles(header[1][:width], rows, problems, sheets, sheet)


def _width(header: list[str]) -> int:
    """How many columns count: up to the last one with a title."""
    width = max(index for index, cell in enumerate(header, start=1) if cell.strip())
    if width <= MAX_COLUMNS:
        return width
    raise TableProblem(_("The table has more than %(n)s columns.") % {"n": MAX_COLUMNS})


def _with_titles(header: list[str], rows: list[Row], problems: list[str], sheets, sheet) -> Table:
    """The table with unique titles; columns without a title and without any value are left out."""
    kept = [
        index for index, title in enumerate(header) if title.strip() or any(row.cells[index].strip() for row in rows)
    ]
    titles: list[str] = []
    seen: set[str] = set()
    for index in kept:
        given = " ".join(header[index].split())
        title = base = given or _("Column %(n)s") % {"n": index + 1}
        number = 1
        while title.casefold() in seen:
            number += 1
            title = f"{base} ({number})"
        if number > 1:
            problems.append(_("There are several columns “%(title)s”; they are numbered.") % {"title": base})
        seen.add(title.casefold())
        titles.append(title)
    if len(kept) < len(header):
        rows = [Row(row.line, tuple(row.cells[index] for index in kept), row.extra) for row in rows]
    told, places = tuple(dict.fromkeys(problems)), tuple(index + 1 for index in kept)
    return Table(tuple(titles), tuple(rows), tuple(sheets), sheet, told, places)


# -- Writing --------------------------------------------------------------------------------


def safe_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    text = CONTROL.sub("", text)
    return f"'{text}" if FORMULA_LIKE.match(text) else text


def write_csv(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The table as CSV in pieces of some 64 KB: UTF-8 with the mark by which Excel knows it.

    Numbers stay numbers, dates are ISO, None is an empty cell.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe_text(str(title)) for title in columns])
    for row in rows:
        writer.writerow([_csv_value(value) for value in row])
        if buffer.tell() > CSV_CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_value(value: object) -> object:
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        return _local(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    return safe_text(str(value))


def write_xlsx(columns: Sequence[object], rows: Iterable[Sequence[object]], title: str = "") -> IO[bytes]:
    """The table as a workbook in an open temporary file that vanishes when it is closed."""
    return write_sheets([(title, columns, rows)])


def write_sheets(sheets: Iterable[tuple[str, Sequence[object], Iterable[Sequence[object]]]]) -> IO[bytes]:
    """Several (title, columns, rows) as one workbook; see `write_xlsx`. Rows are never all in memory."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    workbook = Workbook(write_only=True)
    for number, (title, columns, rows) in enumerate(sheets, start=1):
        worksheet = workbook.create_sheet(_sheet_name(title, number))
        worksheet.freeze_panes = "A2"
        head = [WriteOnlyCell(worksheet, value=_xlsx_value(str(column))) for column in columns]
        for cell in head:
            cell.font = Font(bold=True)
        worksheet.append(head)
        for count, row in enumerate(rows, start=2):
            if count > EXCEL_MAX_ROWS:
                raise TableProblem(_("There are more rows than a workbook can hold. Take the CSV file."))
            worksheet.append([_xlsx_value(value) for value in row])
    return saved(workbook)


def _xlsx_value(value: object) -> object:
    if isinstance(value, dt.datetime):
        return _local(value)
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    return ESCAPE_LIKE.sub("_x005F_", safe_text(str(value)))[:EXCEL_MAX_TEXT]


def _local(moment: dt.datetime) -> dt.datetime:
    """Without a time zone, as spreadsheets know none: the site's own time."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _sheet_name(title: str, number: int) -> str:
    return NOT_IN_SHEET_NAME.sub(" ", title).strip(" '")[:31] or f"Sheet{number}"
