"""Workbooks say nothing of when they were saved."""

import zipfile
from itertools import repeat

import openpyxl

from screening.tabular import write_xlsx
from screening.workbooks import NO_DATE, saved


def table():
    return write_xlsx(["Proposal", "Share %"], zip(("R-001", "R-002"), repeat(70.5)), title="Scores")


def test_the_same_rows_are_the_same_bytes():
    with table() as one, table() as other:
        assert one.read() == other.read()


def test_no_moment_stands_in_the_file():
    with table() as file:
        entries = zipfile.ZipFile(file).infolist()
        properties = openpyxl.load_workbook(file).properties

    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert (properties.created, properties.modified) == (NO_DATE, NO_DATE)


def test_what_was_read_and_saved_again_is_whole():
    with table() as file, saved(openpyxl.load_workbook(file)) as again:
        rows = openpyxl.load_workbook(again)["Scores"].values
        assert list(rows) == [("Proposal", "Share %"), ("R-001", 70.5), ("R-002", 70.5)]
