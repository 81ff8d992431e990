"""Tables in and out, with the odd files that people really send."""

import datetime as dt
import io
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from screening import tabular
from screening.tabular import Row, TableProblem, read_table, safe_text, write_csv, write_sheets, write_xlsx

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def read(content, name="table.csv", **options):
    if isinstance(content, str):
        content = content.encode()
    return read_table(io.BytesIO(content), name, **options)


def workbook(*rows, sheets=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets:
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content, **changed):
    """The workbook with parts replaced or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, changed.pop(part.filename, old.read(part)))
        for name, value in changed.items():
            new.writestr(name, value)
    return out.getvalue()


# -- CSV in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    table = read(delimiter.join(["Title", "Amount"]) + "\n" + delimiter.join(["A shelter", "12"]) + "\n")

    assert table.columns == ("Title", "Amount")
    assert table.rows == (Row(2, ("A shelter", "12")),)


def test_commas_inside_a_file_with_semicolons_do_not_mislead():
    table = read("Title, long;Amount\nA, b;1,5\nC;2\n")

    assert table.columns == ("Title, long", "Amount")
    assert [row.cells for row in table.rows] == [("A, b", "1,5"), ("C", "2")]


def test_rows_after_a_cell_of_several_lines_keep_their_line_numbers():
    table = read('Title,Summary\nA,"one\ntwo\nthree"\n\nB,x\n')

    assert table.rows == (Row(2, ("A", "one\ntwo\nthree")), Row(6, ("B", "x")))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_understood(line_end):
    table = read(line_end.join(["Title,Amount", "A,1", "B,2", ""]))

    assert [(row.line, row.cells) for row in table.rows] == [(2, ("A", "1")), (3, ("B", "2"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_remark(encoding):
    table = read("Title\nរាជធានី Çağ\n".encode(encoding))

    assert table.columns == ("Title",)
    assert table.rows[0].cells == ("រាជធានី Çağ",)
    assert table.problems == ()


def test_western_european_text_is_read_with_a_remark_that_names_the_line():
    table = read("Title\nA\nCôte d’Ivoire\n".encode("cp1252"))

    assert table.rows[1].cells == ("Côte d’Ivoire",)
    assert "line 3" in table.problems[0]


def test_a_quotation_mark_that_is_never_closed_is_refused_at_its_line():
    with pytest.raises(TableProblem, match="opens in line 3 "):
        read('Title,Summary\nA,x\nB,"never closed\nC,y\n')


def test_a_file_that_ends_within_a_proper_quotation_is_complete():
    assert read('Title,Summary\nA,"x"').rows == (Row(2, ("A", "x")),)


def test_blank_rows_and_columns_without_title_and_values_are_left_out():
    table = read("Title,,Amount,\n,,,\nA,,1,\n  ,,,\n")

    assert table.columns == ("Title", "Amount")
    assert table.rows == (Row(3, ("A", "1")),)


def test_a_blank_title_over_values_gets_a_name_and_doubles_are_numbered():
    table = read("Title,,Title,title\nA,x,B,C\n")

    assert table.columns == ("Title", "Column 2", "Title (2)", "title (3)")
    assert "several columns" in table.problems[0]


def test_cells_beyond_the_last_column_are_kept_apart_and_missing_ones_are_blank():
    table = read("Title,Amount\nA,1,left over,\nB\n")

    assert table.rows == (Row(2, ("A", "1"), ("left over",)), Row(3, ("B", "")))


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b",,\n,,\n", "The table is empty"),
        (b"Title,Amount\n", "no rows"),
        (b"%PDF-1.4 ...", "text document"),
        (b"<html><table>", "web page"),
        (b"\xd0\xcf\x11\xe0 and so on", "password"),
        (b"Title\nA\x00B\n", "neither a CSV"),
        (b"PK\x03\x04 broken", "damaged"),
        ("Title\n" + '"' + "x" * 140_000 + '"\n', "too long"),
        ("Title" + ",x" * 300 + "\nA\n", "more than 300 columns"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, sentence):
    with pytest.raises(TableProblem, match=sentence):
        read(content)


def test_an_old_excel_file_is_told_what_to_do():
    with pytest.raises(TableProblem, match=r"Save it as \.xlsx"):
        read(b"\xd0\xcf\x11\xe0 ...", name="Budget.XLS")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)

    assert len(read("Title\n" + "A\n" * 3).rows) == 3
    with pytest.raises(TableProblem, match="more than 3 rows"):
        read("Title\n" + "A\n" * 4)


# -- XLSX in --------------------------------------------------------------------------------


def test_values_of_a_workbook_come_as_a_person_would_write_them():
    table = read(
        workbook(
            ["Title", "n", "share", "on", "at", "yes", "lines"],
            ["A", 3.0, 0.1 + 0.2, dt.date(2026, 5, 1), dt.datetime(2026, 5, 1, 9, 30), True, "x_x000D_\ny"],  # noqa: DTZ001 (cells have no zone)
        )
    )

    assert table.rows == (Row(2, ("A", "3", "0.3", "2026-05-01", "2026-05-01 09:30:00", "TRUE", "x\ny")),)


def test_a_formula_comes_as_the_value_that_was_last_computed():
    content = workbook(["Title", "Amount"], ["A", "=1+2"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<v></v>" in sheet or "<v/>" in sheet or "<v />" in sheet
    for empty in ("<v></v>", "<v/>", "<v />"):
        sheet = sheet.replace(empty, "<v>3</v>")

    table = read(repacked(content, **{"xl/worksheets/sheet1.xml": sheet}))

    assert table.rows[0].cells == ("A", "3")


def test_line_numbers_are_those_of_the_sheet():
    table = read(workbook(["Title"], [], ["A"], [], [], ["B"]))

    assert [row.line for row in table.rows] == [3, 6]


def test_the_first_sheet_with_rows_is_read_and_another_can_be_named():
    content = workbook(sheets=[("Grants", [["Title"], ["A"]]), ("More", [["Name"], ["B"], ["C"]])])

    first, named = read(content), read(content, sheet="More")

    assert (first.sheet, first.columns, first.sheets) == ("Grants", ("Title",), ("Sheet", "Grants", "More"))
    assert (named.sheet, len(named.rows)) == ("More", 2)
    with pytest.raises(TableProblem, match="no sheet “Else”"):
        read(content, sheet="Else")
    with pytest.raises(TableProblem, match="empty"):
        read(content, sheet="Sheet")


def test_a_workbook_without_any_row_is_refused():
    with pytest.raises(TableProblem, match="No sheet"):
        read(workbook(["Title"]))


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(TableProblem, match="not an Excel workbook"):
        read(file.getvalue())


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_damaged_workbook_is_refused(part):
    with pytest.raises(TableProblem, match="damaged"):
        read(repacked(workbook(["Title"], ["A"]), **{part: "<broken"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    content = repacked(workbook(["Title"], ["A"]), **{"xl/media/image1.xml": "\0" * (30 * 1024 * 1024)})
    assert len(content) < 100_000

    with pytest.raises(TableProblem, match="not safe to open"):
        read(content)


def test_a_workbook_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(tabular, "MAX_UNPACKED_BYTES", 1_000)

    with pytest.raises(TableProblem, match="too large when unpacked"):
        read(workbook(["Title"], ["A"]))


def test_xml_with_entities_is_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'

    with pytest.raises(TableProblem, match="not safe to read"):
        read(repacked(workbook(["Title"], ["A"]), **{"xl/worksheets/sheet1.xml": bomb}))


# -- Out ------------------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1+1", "＝1+1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "A = B", "a-b", "O'Neill", "'quoted'", "3"])
def test_other_text_stays_as_it_is(text):
    assert safe_text(text) == text


def test_csv_keeps_numbers_dates_and_letters_and_escapes_text():
    rows = [["=1+1", -5, Decimal("-2.50"), None, dt.date(2026, 5, 1), 'say "ខ្មែរ"', True]]

    content = b"".join(write_csv(["-Title", "n", "d", "none", "on", "text", "flag"], rows))

    assert content.startswith(b"\xef\xbb\xbf'-Title,n,d,none,on,text,flag\r\n")
    assert content.decode().splitlines()[1] == '\'=1+1,-5,-2.50,,2026-05-01,"say ""ខ្មែរ""",True'


def test_csv_streams_in_flat_memory():
    def rows():
        for number in range(60_000):
            yield [number, "a text of some length that is written again and again", None]

    tracemalloc.start()
    size = sum(len(piece) for piece in write_csv(["n", "text", "none"], rows()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size > 3_000_000
    assert peak < 1_500_000


def test_xlsx_keeps_types_and_stores_no_formula():
    moment = dt.datetime(2026, 5, 1, 12, 4, tzinfo=dt.UTC)
    rows = [["=1+1", -5, Decimal("2.50"), None, dt.date(2026, 5, 1), moment, "bad\x00\x0bletters", "x" * 40_000]]

    with write_xlsx(list("abcdefgh"), rows, title="A/B [draft] with a very long name indeed") as file:
        book = load_workbook(file)
    sheet = book.active
    cells = list(sheet.iter_rows(min_row=2))[0]

    assert sheet.title == "A B  draft  with a very long na"
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "d", "d", "s", "s"]
    assert cells[0].value == "'=1+1"
    assert cells[5].value == dt.datetime(2026, 5, 1, 12, 4)  # noqa: DTZ001 (spreadsheets know no time zone)
    assert cells[6].value == "badletters"
    assert len(cells[7].value) == 32_767
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_several_sheets_stand_in_one_workbook():
    with write_sheets([("Scores", ["a"], [[1]]), ("", ["b"], [[2], [3]])]) as file:
        book = load_workbook(file)

    assert book.sheetnames == ["Scores", "Sheet2"]
    assert [[cell.value for cell in row] for row in book["Sheet2"]] == [["b"], [2], [3]]


@pytest.mark.parametrize("text", ["=1+1", "-", "+66", "@home", "O'Neill", "two\nlines", "ไทย"])
def test_what_was_written_is_read_again_unchanged(text):
    from_csv = read(b"".join(write_csv(["Title", "n"], [[text, 1]])))
    with write_xlsx(["Title", "n"], [[text, 1]]) as file:
        from_xlsx = read_table(file, "x.xlsx")

    assert from_csv.rows == from_xlsx.rows == (Row(2, (text, "1")),)


# -- Real files -----------------------------------------------------------------------------

REAL = [
    ("ct_projects/us_gov_anti_tip_projects_fy2002.csv", 8, 201),
    ("ct_projects/us_tip_grants_2001_2014_kelley_heiss.csv", 16, 4284),
    ("giving360/LBFEW_subset_100_titles.csv", 18, 100),
    ("giving360/LBFEW_subset_100_titles.xlsx", 18, 100),
]


@pytest.mark.parametrize("path, columns, rows", REAL)
def test_real_files_are_read_whole(path, columns, rows):
    if not (SHARED / path).exists():
        pytest.skip(f"the real file {path} is not on this machine")

    with (SHARED / path).open("rb") as file:
        table = read_table(file, path)

    assert (len(table.columns), len(table.rows)) == (columns, rows)
    assert all(len(row.cells) == columns and not row.extra for row in table.rows)


def test_csv_and_xlsx_of_the_same_data_say_the_same():
    folder = SHARED / "giving360"
    if not folder.exists():
        pytest.skip("the real 360Giving files are not on this machine")

    with (folder / "LBFEW_subset_100_titles.csv").open("rb") as file:
        from_csv = read_table(file, "x.csv")
    with (folder / "LBFEW_subset_100_titles.xlsx").open("rb") as file:
        from_xlsx = read_table(file, "x.xlsx")

    assert from_csv.columns == from_xlsx.columns
    assert [row.cells for row in from_csv.rows] == [row.cells for row in from_xlsx.rows]
