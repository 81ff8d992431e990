"""What the parser says of the fields of a PDF and the cells of a workbook, as odd programs write them."""

import openpyxl
import pikepdf
import pytest

from proposals.document_reading import UnreadableFile, read_form


def fields_of(path, **fields):
    """{name: values} of a PDF with these fields; what is callable makes its value with the PDF."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    rows = []
    for name, value in fields.items():
        row = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String(name))
        row.V = value(pdf) if callable(value) else pikepdf.String(value)
        rows.append(pdf.make_indirect(row))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(rows))
    pdf.save(path)
    return {each["field"]: each["values"] for each in read_form(path, "pdf") if "field" in each}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xfe\xff" + "Được".encode("utf-16-be"), "Được"),
        (b"\xef\xbb\xbf" + "ภาษา".encode(), "ภาษา"),
        (b"caf\xe9", "café"),
    ],
)
def test_long_words_may_stand_in_a_stream_encoded_as_a_string_is(tmp_path, data, words):
    assert fields_of(tmp_path / "form.pdf", reason=lambda pdf: pdf.make_stream(data)) == {"reason": [words]}


@pytest.mark.parametrize("value", [pikepdf.Dictionary(a=1), pikepdf.Array([pikepdf.Array([])])])
def test_what_is_no_words_is_not_read_as_such(tmp_path, value):
    with pytest.raises(UnreadableFile, match="damaged"):
        fields_of(tmp_path / "form.pdf", reason=lambda _pdf: value)


def test_what_no_database_keeps_is_left_out(tmp_path):
    found = fields_of(tmp_path / "form.pdf", **{"a\x00b": "c\x00d"})

    assert found == {"ab": ["cd"]}


def test_per_cent_of_a_cell_are_read_as_they_are_shown(tmp_path):
    book = openpyxl.Workbook()
    shown = [(0.35, "0%"), (1, "0.00%"), (0.07, "0.0%_);(0.0%)"), (35, "0"), (35, '0" %"'), ("35%", "@")]
    # The width of a sign, a sign that fills the cell, and one in place of a currency are no sign beside the number.
    shown += [(35, "0_%"), (35, "*%0"), (35, "0 [$%-409]")]
    for row, (value, number_format) in enumerate(shown, 1):
        cell = book.active.cell(row, 1, value)
        cell.number_format = number_format
    book.save(tmp_path / "form.xlsx")

    cells = [each["cells"][0] for each in read_form(tmp_path / "form.xlsx", "xlsx") if "cells" in each]

    assert cells == ["35%", "100%", "7%", "35", "35", "35%", "35", "35", "35"]
