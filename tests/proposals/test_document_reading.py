"""Text and pictures of pages, made by the child process from real files."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from proposals import document_reading

from .files import docx_bytes, pdf_bytes, with_entries, xlsx_bytes

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "proposals_pdf"


def read(tmp_path, content, kind):
    path = tmp_path / "file"
    path.write_bytes(content)
    return list(document_reading.read(path, kind, tmp_path))


def test_a_pdf_gives_text_and_a_picture_for_each_page(tmp_path):
    pages = read(tmp_path, pdf_bytes(["Hello harbour", "Second page"], sizes={1: (842, 595)}), "pdf")

    assert [(page.number, page.text) for page in pages] == [(1, "Hello harbour"), (2, "Second page")]
    assert [(page.width, page.height) for page in pages] == [(1100, 1557), (1100, 778)]
    with Image.open(pages[0].picture) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1100, 1557))
        assert min(picture.convert("L").getextrema()) < 60, "the words are drawn"


def test_a_page_without_sense_in_its_size_does_not_stop_the_others(tmp_path):
    pages = read(tmp_path, pdf_bytes(["One", "Two"], sizes={0: (1, 14000)}), "pdf")

    assert pages[0].height <= 4000
    assert pages[1].text == "Two"


def test_a_document_is_divided_at_its_headings(tmp_path):
    pages = read(tmp_path, docx_bytes(), "docx")

    assert [(page.title, page.text) for page in pages] == [
        ("", "Before any heading."),
        ("What we will do", "Shelter for fishers in three ports.\nPort | Beds"),
        ("Risks", "Return without consent."),
    ]
    assert {page.picture for page in pages} == {None}


def test_what_was_inserted_or_stands_in_a_form_field_is_read_and_what_was_deleted_is_not(tmp_path):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        f'<w:document xmlns:w="{word}"><w:body>'
        "<w:p><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a field</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "</w:body></w:document>"
    )

    pages = read(tmp_path, with_entries(docx_bytes(), [("word/document.xml", body)]), "docx")

    assert [page.text for page in pages] == ["Kept inserted\nIn a field"]


def test_a_workbook_gives_one_part_for_each_sheet(tmp_path):
    pages = read(tmp_path, xlsx_bytes(), "xlsx")

    assert [(page.number, page.title, page.text) for page in pages] == [
        (1, "Budget", "Line\tCost\nShelter\t1200.5\nTotal\t=SUM(B2:B2)"),
        (2, "Staff", "Caseworkers\t4"),
    ]


def test_a_damaged_file_is_refused(tmp_path):
    with pytest.raises(document_reading.UnreadableFile) as problem:
        read(tmp_path, b"%PDF-1.4\nnothing", "pdf")

    assert problem.value.code == "damaged"


def test_memory_stays_flat_for_two_hundred_pages(tmp_path):
    def peak(count):
        path = tmp_path / f"{count}.pdf"
        # Low pages, drawn quickly: kept in memory, two hundred would still take 160 MB.
        low = dict.fromkeys(range(count), (595, 100))
        path.write_bytes(pdf_bytes([f"Page {number}" for number in range(count)], sizes=low))
        run = subprocess.run(
            [sys.executable, "-I", str(document_reading.PARSER), "read", "pdf", str(path), str(tmp_path)],
            capture_output=True,
            check=True,
        )
        last = json.loads(run.stdout.splitlines()[-1])
        assert last["done"] == count
        return last["memory"]

    assert peak(200) < peak(20) + 30_000


@pytest.mark.parametrize(
    "name,count,words",
    [
        ("ogrants_barker_michelle_2020.pdf", 11, "research"),
        ("ogrants_zhu_rebecca_2018.pdf", 3, "research"),
    ],
)
def test_real_proposals_are_read(tmp_path, name, count, words):
    if not (REAL / name).exists():
        pytest.skip(f"{name} is not on this machine")

    pages = list(document_reading.read(REAL / name, "pdf", tmp_path))

    assert len(pages) == count
    assert all(page.picture and page.width == 1100 for page in pages)
    assert words in " ".join(page.text for page in pages).lower()


def test_the_store_of_pictures_can_be_opened(tmp_path):
    page = read(tmp_path, pdf_bytes(), "pdf")[0]

    assert Image.open(io.BytesIO(page.picture.read_bytes())).mode in ("L", "RGB")
