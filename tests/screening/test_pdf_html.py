"""Reading the HTML of reports as XML: the same tree, or none; and the smaller base sheet: the same pages."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import tinyhtml5

from screening import pdf
from screening.pdf import STATIC, PdfDocument
from screening.pdf_html import tree_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "checklist" / "reports"
# Of the fillable form, which takes the engine's own base sheet.
OF_FORMS = {"form", "input", "label", "select", "textarea", "option", "button"}
NAMELESS = {"span", "a", "bdi", "time", "q", "br", "wbr"}

BODY = """<h1 dir="ltr">A &lt;title&gt; &amp; more</h1>
<p class="kicker">It&#x27;s <strong>said</strong>.<br>Next <q>line</q> <a href="#here">there</a></p>
<table class="facts"><colgroup><col class="w-term"><col></colgroup><thead><tr><th scope="col">A</th><th>B</th></tr></thead>
<tbody><tr><th scope="row">One</th><td dir="rtl">مرحبا</td></tr></tbody></table>
<ul><li>One<ul><li>Below</li></ul></li><li>Two</li></ul><ol><li>First</li></ol>
<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><title>A dot</title>
<circle cx="4" cy="4" r="3"/></svg><figcaption>Dot</figcaption></figure>
<blockquote>Words</blockquote><h2 id="here">Part</h2><h3>Smaller</h3><hr><p><em>End</em> H<sub>2</sub>O</p>
<dl><dt>Term</dt><dd>Words</dd></dl>"""


def page(body):
    return f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>T</title></head><body>{body}</body></html>'


def flat(element):
    """Tag, attributes and text, one after the other; what stands around head and body is nobody's."""
    for each in element.iter():
        edge = each.tag in ("html", "head", "body")
        attributes = {name: value for name, value in each.attrib.items() if "xmlns" not in name}
        yield each.tag, attributes, "" if edge else each.text or "", "" if edge else each.tail or ""


def test_what_is_closed_gives_the_tree_of_an_html_parser():
    html = page(BODY)

    assert list(flat(tree_of(html))) == list(flat(tinyhtml5.parse(html, namespace_html_elements=False)))


@pytest.mark.parametrize(
    "body",
    [
        "<p>Not closed",
        "<p>One<p>Two</p>",
        "<p>A paragraph ends <ul><li>here</li></ul></p>",
        "<table><tr><td>No body of the table</td></tr></table>",
        "<p>A&nbsp;B</p>",
        "<p hidden>No value</p>",
        "<!-- a remark --><p>Words</p>",
        "<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>",
        "<p>Line\r\nend</p>",
        "<pre>\nWords</pre>",
    ],
)
def test_what_html_reads_in_its_own_way_is_left_to_its_parser(body):
    assert tree_of(page(body)) is None


def test_no_entity_is_ever_declared():
    text = '<!DOCTYPE html [<!ENTITY x "y">]><html><head></head><body><p>&x;</p></body></html>'

    assert tree_of(text) is None


def test_a_document_looks_the_same_with_the_parser_and_the_sheet_of_the_engine(monkeypatch):
    document = PdfDocument(page(BODY), datetime(2026, 3, 4, tzinfo=UTC))
    engine = pdf._engine()

    def plain(html, fetcher):
        return engine.weasyprint.HTML(string=html, base_url="static:", url_fetcher=fetcher)

    ours = document.make_here().data
    monkeypatch.setattr(pdf, "_engine", lambda: replace(engine, page=plain))
    assert document.make_here().data == ours


def test_the_base_sheet_knows_every_element_of_the_templates():
    names = set()
    for file in TEMPLATES.glob("*.html"):
        names |= set(re.findall("<([a-z][a-z0-9]*)", file.read_text(encoding="utf-8")))
    sheet = (STATIC / pdf.BASE_STYLESHEET).read_text(encoding="utf-8")

    assert {name for name in names - OF_FORMS - NAMELESS if not re.search(rf"^{name}\b", sheet, re.MULTILINE)} == set()
