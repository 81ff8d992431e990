"""What is taken and what is refused, with real bytes."""

import hashlib
import zipfile

import pytest

from proposals import document_reading
from proposals.document_checks import RefusedFile, check_file, clean_name

from .files import (
    WORD_TYPES,
    docx_bytes,
    encrypted_pdf_bytes,
    pdf_bytes,
    upload,
    with_entries,
    xlsx_bytes,
    zip_bytes,
)

MAIN = ("[Content_Types].xml", WORD_TYPES), ("word/document.xml", "<document/>")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(content, name):
    with pytest.raises(RefusedFile) as problem:
        check_file(upload(content, name), name)
    return str(problem.value)


def test_a_pdf_is_taken_with_its_facts():
    content = pdf_bytes(["One", "Two"])

    file = check_file(upload(content, "plan.PDF"), "plan.PDF")

    assert (file.name, file.media_type, file.size, file.page_count) == (
        "plan.PDF",
        "application/pdf",
        len(content),
        2,
    )
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.file.read() == content


@pytest.mark.parametrize("name,content", [("plan.docx", docx_bytes()), ("budget.xlsx", xlsx_bytes())])
def test_office_files_are_taken(name, content):
    file = check_file(upload(content, name), name)

    assert file.page_count is None
    assert file.media_type.endswith({"plan.docx": "document", "budget.xlsx": "sheet"}[name])


def test_a_pdf_that_only_restricts_printing_is_taken():
    assert check_file(upload(encrypted_pdf_bytes(password="")), "plan.pdf").page_count == 1


@pytest.mark.parametrize(
    "name,content,words",
    [
        ("plan.pdf", b"", "is empty"),
        ("plan.pdf", b"<html><script>alert(1)</script></html>", "not a PDF"),
        ("plan.pdf", docx_bytes(), "not a PDF"),
        ("plan.pdf", b"%PDF-1.4<script>alert(1)</script>", "other content mixed in"),
        ("plan.pdf", pdf_bytes().replace(b"%PDF-1.4", b"%PDF-1.4<script>alert(1)</script>"), "other content mixed in"),
        ("plan.pdf", b"GIF89a" + pdf_bytes(), "other content mixed in"),
        ("plan.pdf", pdf_bytes().replace(b"%PDF-1.4\n", b"%PDF-1.4\n%<html>\n"), "other content mixed in"),
        ("plan.pdf", b"%PDF-1.4\nnothing else", "damaged"),
        ("plan.pdf", encrypted_pdf_bytes(), "password"),
        ("plan.pdf", pdf_bytes([]), "it could not be opened"),
        ("plan.docx", pdf_bytes(), "not a Word or Excel file"),
        ("plan.docx", b"MZ\x90\x00", "not a Word or Excel file"),
        ("plan.docx", docx_bytes()[:-200], "damaged"),
        ("plan.docx", xlsx_bytes(), "Excel workbook"),
        ("budget.xlsx", docx_bytes(), "Word document"),
        ("plan.docx", zip_bytes([("a.txt", "hello")]), "ZIP archive"),
        ("plan.docx", zip_bytes([("[Content_Types].xml", "<Types/>")]), "ZIP archive"),
        ("plan.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("plan.docx", OLE + bytes(600), "old Word or Excel"),
        ("plan.docx", with_entries(docx_bytes(), [("word/vbaProject.bin", b"x")]), "macros"),
        (
            "budget.xlsx",
            with_entries(xlsx_bytes(), [("[Content_Types].xml", "application/vnd.ms-excel.sheet.macroEnabled.main")]),
            "macros",
        ),
        ("plan.docm", docx_bytes(), "macros"),
        ("plan.doc", OLE, ".docx or PDF"),
        ("plan.pdf.exe", pdf_bytes(), "Only PDF"),
        ("plan", pdf_bytes(), "Only PDF"),
        ("plan.docx", zip_bytes([*MAIN, ("word/inner.zip", zip_bytes([("a", b"a")]))]), "another archive"),
        (
            "plan.docx",
            zip_bytes(
                [
                    MAIN[0],
                    ("word/document.xml", '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d>&b;</d>'),
                ]
            ),
            "damaged",
        ),
    ],
)
def test_what_is_refused_and_why(name, content, words):
    assert words in refusal(content, name)


@pytest.mark.parametrize(
    "entries",
    [
        lambda: [("word/bomb.bin", bytes(30_000_000))],
        lambda: [(f"w/{n}", b"") for n in range(5_001)],
        lambda: [("word/embeddings/b.xlsx", zip_bytes([("xl/bomb", bytes(30_000_000))]))],
    ],
    ids=["large", "many", "inside"],
)
def test_what_unpacks_to_far_more_is_refused(entries):
    assert "unpack to far more" in refusal(with_entries(docx_bytes(), entries()), "plan.docx")


def test_a_workbook_embedded_in_a_document_is_no_nested_archive():
    content = with_entries(docx_bytes(), [("word/embeddings/chart.xlsx", xlsx_bytes())])

    assert check_file(upload(content, "plan.docx"), "plan.docx").size == len(content)


def test_an_encrypted_entry_is_refused():
    content = bytearray(zip_bytes(MAIN))
    for start in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[start] |= 1
    assert zipfile.ZipFile(__import__("io").BytesIO(bytes(content))).infolist()[0].flag_bits & 1

    assert "password" in refusal(bytes(content), "plan.docx")


def test_a_file_that_is_too_large_is_refused_before_it_is_opened(settings):
    settings.SCREENING_MAX_DOCUMENT_MB = 1

    assert refusal(bytes(1024**2 + 1), "plan.pdf") == "The file has 2 MB; at most 1 MB are taken."


def test_more_than_a_thousand_pages_are_refused():
    assert "1,000 pages" in refusal(pdf_bytes(["x"] * 1001), "plan.pdf")


@pytest.mark.parametrize(
    "given,shown",
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
        ("budget\u202efdp.exe", "budgetfdp.exe"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("Ame\u0301lie.pdf", "Am\u00e9lie.pdf"),
        ("  two   words .pdf", "two words .pdf"),
        ("", "unnamed"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned_for_display(given, shown):
    assert clean_name(given) == shown


def test_a_file_that_hangs_the_parser_is_given_up(tmp_path):
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf_bytes(["x"] * 900))

    with pytest.raises(document_reading.UnreadableFile) as problem:
        list(document_reading.read(path, "pdf", tmp_path, seconds=0.5))

    assert problem.value.code == "time"


def test_a_parser_that_breaks_is_a_refusal(tmp_path, monkeypatch):
    broken = tmp_path / "document_parser.py"
    broken.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(document_reading, "PARSER", broken)

    with pytest.raises(document_reading.UnreadableFile) as problem:
        document_reading.inspect(tmp_path / "x.pdf", "pdf")

    assert problem.value.code == "crash"


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path):
    """Eighty megabytes of markup, three to a kilobyte in the archive, grow to gigabytes as a tree."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{word}"><w:body>' + "<w:p/>" * 13_000_000 + "</w:body></w:document>"
    path = tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        archive.writestr("word/document.xml", body)

    with pytest.raises(document_reading.UnreadableFile) as problem:
        document_reading.inspect(path, "docx")

    assert problem.value.code in ("memory", "damaged", "crash")
