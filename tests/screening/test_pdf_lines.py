"""Lines kept from one PDF for the next: the same bytes as without, whatever was made before."""

import inspect
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from weasyprint.text import line_break
from weasyprint.text.fonts import get_font_description

from screening import pdf, pdf_lines
from screening.pdf_lines import Drawing, Glyphs, KeptLines
from tests.screening.test_pdf import document

WORDS = "The applicant knows who is at risk, and says how it will find out what changed for them."
SCRIPTS = "ภาษาไทยอ่านได้ ພາສາລາວ ភាសាខ្មែរ မြန်မာဘာသာ Tiếng Việt 中文文本 हिन्दी العربية office fi"
BODIES = {
    "columns": f"<h1>{WORDS}</h1><table><tr><td>{WORDS}</td><td>{WORDS}</td></tr></table><p>{WORDS}</p>",
    "scripts": f'<p>{SCRIPTS}</p><p lang="my">{SCRIPTS}</p><p dir="rtl">{SCRIPTS}</p><h2>{SCRIPTS}</h2>',
    "looks": "".join(
        f'<p style="{look}">{WORDS}</p>'
        for look in (
            "text-align: justify; width: 5cm", "text-decoration: underline line-through", "letter-spacing: 2pt",
            "word-spacing: 3pt", "white-space: nowrap; overflow: hidden; text-overflow: ellipsis; width: 3cm",
            "font-variant: small-caps", "font-size: 7.3pt; font-weight: bold", "hyphens: auto; width: 2cm",
            "white-space: pre-wrap; tab-size: 2", "overflow-wrap: anywhere; width: 1cm",
        )
    ),
    "pictures": f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><title>{WORDS}</title>'
    f'<text x="5" y="20" font-size="9">{WORDS}</text><text x="5" y="35" font-size="12">3.5</text></svg><p>3.5</p>',
    "missing": "<p>\U0001f9ff \u1234 \u2800 words beside it</p><p>words</p>",
    "long": f"<p>{WORDS * 40}</p>",
    "empty": "<p> </p><p></p><h1>\u00a0</h1>",
}  # fmt: skip


@pytest.fixture
def lines() -> Iterator[KeptLines]:
    """Lines of an engine that has made nothing yet."""
    fresh = KeptLines(pdf._engine().fonts)
    usual = KeptLines.installed
    fresh.install()
    yield fresh
    assert KeptLines.installed is fresh
    usual.install()


@pytest.fixture
def plain(lines):
    """What WeasyPrint makes of a document by itself."""

    def make(body):
        lines.remove()
        data = document(body).make_here().data
        lines.install()
        return data

    return make


@pytest.mark.parametrize("name", BODIES)
def test_a_document_is_the_same_without_kept_lines_and_each_time_with_them(plain, lines, name):
    expected = plain(BODIES[name])

    for _again in range(3):
        assert document(BODIES[name]).make_here().data == expected


def test_a_document_is_the_same_after_all_others(plain, lines):
    expected = {name: plain(body) for name, body in BODIES.items()}

    for _again in range(3):
        for name, body in reversed(BODIES.items()):
            assert document(body).make_here().data == expected[name], name


def test_words_in_several_sizes_on_one_page_are_the_same(plain, lines):
    small, large = f'<p style="font-size: 6.7pt">{WORDS}</p>', f'<p style="font-size: 21.3pt">{WORDS}</p>'
    expected = [plain(small + large), plain(large + small)]

    for body in (small, large) * 2:
        document(body).make_here()

    assert [document(small + large).make_here().data, document(large + small).make_here().data] == expected


def test_what_was_laid_out_once_is_not_laid_out_again(lines, monkeypatch):
    for _again in range(2):
        document(BODIES["columns"]).make_here()
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(lines, "split", lambda *_args: asked.append("laid out"))
        patch.setattr(lines, "draw", lambda *_args: asked.append("drawn"))
        document(BODIES["columns"]).make_here()

    assert asked == []


def test_another_width_or_letter_is_laid_out_anew(lines):
    looks = ("", "width: 5cm", "font-weight: bold")

    for look in looks * 2:
        document(f'<p style="{look}">{WORDS}</p>').make_here()

    assert len([text for text, *_ in lines.lines if text == WORDS]) >= len(looks)


def test_what_is_asked_for_once_and_what_is_long_is_not_kept(lines):
    for _again in range(2):
        document(BODIES["long"] + "<p>A rubric.</p>").make_here()
    document("<p>Somebody's own words.</p>").make_here()

    kept = [text for text, *_ in lines.lines]
    assert "A rubric." in kept
    assert "Somebody's own words." not in kept
    assert all(len(text) <= pdf_lines.LONGEST for text in kept)


def test_the_number_of_lines_has_an_end(lines, monkeypatch):
    monkeypatch.setattr(pdf_lines, "MOST", 5)

    for number in range(12):
        for _again in range(2):
            document(f"<p>Paragraph {number}</p>").make_here()
        assert len(lines.lines) <= 5
        assert len(lines.seen) <= 50


def test_every_property_that_the_engine_reads_to_shape_a_line_tells_styles_apart():
    read = set(re.findall(r"style\['(\w+)'\]", inspect.getsource(line_break)))
    read |= set(re.findall(r"style\['(\w+)'\]", inspect.getsource(get_font_description)))

    assert {"font_size", "hyphens"} < read
    assert read - set(pdf_lines.SHAPING) == {"line_height"}  # decides where lines stand, not what is in them


def test_a_glyph_that_has_another_width_in_the_document_asks_for_a_new_drawing():
    drawing = Drawing(glyphs={7: Glyphs(widths={40: 500, 41: 510})})

    assert drawing.fits({})
    assert drawing.fits({7: SimpleNamespace(widths={40: 500, 99: 1})})
    assert not drawing.fits({7: SimpleNamespace(widths={41: 511})})
