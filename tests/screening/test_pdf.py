"""The PDF engine: what it may read, what it promises, and what it survives."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest

from screening import pdf, pdf_child, svg
from screening.pdf import EmbeddedFile, PdfDocument, ReportFailed

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def document(body="<h1>Title</h1><p>Words</p>", **changes):
    html = f'<!doctype html><html lang="en"><head><title>A report</title></head><body>{body}</body></html>'
    return replace(PdfDocument(html, WHEN), **changes)


def text_of(data):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)


def test_it_declares_accessible_and_archivable():
    with pikepdf.open(BytesIO(document().make_here().data)) as made:
        xmp = made.Root.Metadata.read_bytes().decode()

        assert 'pdfaid:part="3"' in xmp
        assert 'pdfaid:conformance="A"' in xmp
        assert 'pdfuaid:part="1"' in xmp
        assert "pdfaSchema:prefix>pdfuaid<" in xmp
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "en"
        assert "/StructTreeRoot" in made.Root
        assert "/OutputIntents" in made.Root


def test_data_are_embedded_with_their_relationship():
    made = document(attachments=(EmbeddedFile("data.json", '{"a": "é"}', "The data"),)).make_here()

    with pikepdf.open(BytesIO(made.data)) as opened:
        (spec,) = opened.Root.AF
        assert str(spec.AFRelationship) == "/Data"
        assert opened.attachments["data.json"].get_file().read_bytes().decode() == '{"a": "é"}'
        assert opened.attachments["data.json"].get_file().mime_type == "application/json"


def test_the_same_document_gives_the_same_bytes_here_in_a_child_and_in_another_process():
    asked = document(attachments=(EmbeddedFile("data.json", "{}"),))
    script = (
        "import sys; from screening.pdf import PdfDocument;"
        "sys.stdout.buffer.write(PdfDocument.from_json(sys.stdin.read()).make_here().data)"
    )

    here = asked.make_here().data
    elsewhere = subprocess.run(
        [sys.executable, "-c", script], input=asked.to_json().encode(), capture_output=True, cwd=ROOT, check=True
    ).stdout

    assert asked.make_here().data == here
    assert elsewhere == here
    assert pdf_child.render(asked).data == here


def test_the_key_changes_with_anything_that_changes_the_page():
    asked = document()

    assert asked.content_key == document().content_key
    assert asked.content_key != document("<p>Other</p>").content_key
    assert asked.content_key != replace(asked, created=WHEN.replace(year=2027)).content_key
    assert asked.content_key != replace(asked, attachments=(EmbeddedFile("a", "b"),)).content_key


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x.png",
        "https://127.0.0.1/x.png",
        "file:///etc/passwd",
        "data:image/png;base64,iVBORw0KGgo=",
        "ftp://example.org/x",
        "static:../pyproject.toml",
        "static:/etc/passwd",
        "static:css/../../pyproject.toml",
        "static:no-such-file.png",
        "x.png",
    ],
)
def test_nothing_but_own_files_is_fetched(address):
    with pytest.raises(ReportFailed, match="not part of it"):
        document(f'<p><img alt="x" src="{address}">Words</p>').make_here()


def test_a_local_file_cannot_be_attached_by_a_link():
    with pytest.raises(ReportFailed, match="not part of it"):
        document('<link rel="attachment" href="file:///etc/passwd"><p>Words</p>').make_here()


def test_own_files_are_fetched():
    made = document('<p><img alt="A mark" src="static:img/marks/partly.svg"></p>').make_here()

    with pikepdf.open(BytesIO(made.data)) as opened:
        assert "A mark" in [str(item.get("/Alt")) for item in opened.objects if isinstance(item, pikepdf.Dictionary)]


def test_the_styles_hold_nothing_that_the_engine_does_not_know(caplog):
    pdf._engine.cache_clear()
    try:
        document().make_here()
    finally:
        pdf._engine.cache_clear()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


@pytest.mark.parametrize("state", svg.STATES)
def test_the_mark_files_are_the_marks_of_the_pages(state):
    file = ROOT / "static" / "img" / "marks" / f"{state}.svg"

    assert file.read_text(encoding="utf-8").strip() == svg.answer_mark(state, 16, hidden=True)


# -- The child ----------------------------------------------------------------------------------


def test_the_child_is_kept_and_counts_pages():
    first = pdf_child.render(document("<p>One</p>"))
    process = pdf_child._kept.process.pid
    second = pdf_child.render(document('<p>One</p><p style="break-before: page">Two</p>'))

    assert (first.page_count, second.page_count) == (1, 2)
    assert pdf_child._kept.process.pid == process


def test_the_child_is_replaced_after_a_number_of_renders(monkeypatch):
    pdf_child.render(document())
    process = pdf_child._kept.process.pid
    monkeypatch.setattr(pdf_child, "RENDERS_PER_CHILD", 1)

    assert pdf_child.render(document()).page_count == 1
    assert pdf_child._kept.process.pid != process


def test_a_child_that_has_grown_large_is_replaced(monkeypatch):
    pdf_child.render(document())
    process = pdf_child._kept.process.pid
    assert pdf_child._resident_bytes(process) > 10 * 1024**2
    monkeypatch.setattr(pdf_child, "LARGE_BYTES", 10 * 1024**2)

    assert pdf_child.render(document()).page_count == 1
    assert pdf_child._kept.process.pid != process


def test_a_child_that_was_killed_is_replaced():
    pdf_child.render(document())
    pdf_child._kept.process.kill()
    pdf_child._kept.process.wait()

    assert pdf_child.render(document()).page_count == 1


def test_after_an_interruption_nobody_gets_the_answer_to_another_document(monkeypatch):
    def interrupted(_pipe):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pdf_child, "_read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pdf_child.render(document("<p>One</p>"))

    assert pdf_child.render(document('<p>One</p><p style="break-before: page">Two</p>')).page_count == 2


def test_a_report_that_takes_too_long_is_stopped_by_name():
    huge = document("<p>word</p>" * 30_000)

    with pytest.raises(ReportFailed, match="took too long"):
        pdf_child.render(huge, seconds=1)


def test_a_report_that_needs_too_much_memory_is_stopped_by_name():
    # One paragraph: the memory is full before the engine has worked for long.
    with pytest.raises(ReportFailed, match="memory"):
        pdf_child.render(document("<p>" + "word " * 10_000_000), memory=400 * 1024**2)


def test_an_error_in_the_child_is_told_and_the_next_render_works():
    with pytest.raises(ReportFailed, match="not part of it"):
        pdf_child.render(document('<p><img alt="x" src="file:///etc/passwd"></p>'))
    assert pdf_child.render(document()).page_count == 1


def test_the_child_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")

    child = pdf_child.Child(seconds=30, memory=pdf_child.MEMORY_LIMIT_BYTES)
    try:
        child.render(document())
        told = Path(f"/proc/{child.process.pid}/environ").read_bytes()
    except FileNotFoundError:
        pytest.skip("this system has no /proc")
    finally:
        child.stop()
    assert b"do-not-tell" not in told
    assert b"secret" not in told


# -- Without the libraries, and scripts ------------------------------------------------------------


def test_without_the_libraries_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("screening.checks.missing_libraries", lambda libraries: ["Pango"])

    assert "Pango cannot be loaded" in pdf.unavailable_reason()
    assert "apt-get install" in pdf.unavailable_reason()


@pytest.mark.parametrize(
    "text",
    ["ภาษาไทยอ่านได้", "ភាសាខ្មែរ", "ພາສາລາວ", "မြန်မာဘာသာ", "Tiếng Việt", "中文文本", "العربية", "हिन्दी"],
)
def test_every_script_of_the_region_has_its_glyphs(text):
    made = document(f"<p>{text}</p>").make_here()

    with pikepdf.open(BytesIO(made.data)) as opened:
        fonts = [
            str(item.BaseFont)
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item
        ]
    assert fonts
    assert all("Noto" in font for font in fonts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ភាសាខ្មែរជាភាសាផ្លូវការរបស់កម្ពុជា", ["ភាសាខ្មែរ", "ជា", "ភាសាផ្លូវការ", "របស់", "កម្ពុជា"]),
        ("ພາສາລາວເປັນພາສາທາງການ", ["ພາສາ", "ລາວ", "ເປັນ", "ພາສາ", "ທາງການ"]),
        ("မြန်မာဘာသာစကားသည်", ["မြန်မာဘာသာ", "စကား", "သည်"]),
    ],
)
def test_khmer_lao_and_burmese_may_break_between_words_only(text, words):
    marked = "\u200b".join(words)

    assert pdf.with_break_points(f"<p>{text} and abc</p>") == f"<p>{marked} and abc</p>"


def test_text_written_with_spaces_stays_as_it_is():
    html = "<p>Aftercare in Battambang, ภาษาไทย, Tiếng Việt, العربية</p>"

    assert pdf.with_break_points(html) == html
