"""The facts of a scorecard as other PDF libraries make them, for comparison in `benchmarks/run`.

Each shows what a reader of ours finds: facts, every criterion with finding, answer, words, sub-questions and
evidence, overall view. None draws charts, embeds data or loads our fonts; ReportLab makes untagged files.
Neither is needed by the application: `pip install reportlab typst` brings them, and without them it is said.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TYPST = """
#let card = json(bytes(sys.inputs.data))
#set document(title: card.title)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(size: 9.5pt, lang: "en")
= #card.title
#table(columns: (30%, 70%), ..card.facts.map(fact => (strong(fact.at(0)), fact.at(1))).flatten())
#card.summary
#for part in card.parts [
  == #part.title
  #part.sentence
  #table(columns: (6%, 34%, 20%, 40%),
    table.header([*No.*], [*Question*], [*Finding*], [*Reason*]),
    ..part.rows.map(row => row.map(cell => [#cell])).flatten())
]
== #card.conclusion
#card.reason
"""


def available() -> dict[str, Callable[[Any], bytes]]:
    """{name: maker} of what is installed."""
    found: dict[str, Callable[[Any], bytes]] = {}
    for name, module, maker in (("ReportLab", "reportlab", with_reportlab), ("Typst", "typst", with_typst)):
        try:
            __import__(module)
        except ImportError:
            continue
        found[name] = maker
    return found


def plain(card: Any) -> dict[str, Any]:
    """The scorecard as plain texts in tables."""
    return {
        "title": f"Scorecard {card.proposal_reference}: {card.proposal_title}",
        "facts": [list(fact) for fact in card.facts],
        "summary": card.summary,
        "parts": [
            {"title": part.label, "sentence": part.sentence, "rows": [_row(item) for item in part.items]}
            for part in card.parts
        ],
        "conclusion": card.conclusion_word,
        "reason": card.conclusion_reason,
    }


def _row(item: Any) -> list[str]:
    words = [item.rationale, *(f"{sub.label} {sub.answer} {sub.text}" for sub in item.subs)]
    words += [f"{each.document} {each.page} {each.quote}" for each in item.evidence]
    return [item.number, f"{item.short_title}. {item.wording}", f"{item.finding} {item.answer}", " ".join(words)]


def with_typst(card: Any) -> bytes:
    """Compiled anew each time, as a web application would."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "card.typ"
        source.write_text(TYPST)
        return typst.compile(str(source), sys_inputs={"data": json.dumps(plain(card))}, pdf_standards="ua-1")


def with_reportlab(card: Any) -> bytes:
    """Flowing paragraphs in tables (platypus)."""
    from xml.sax.saxutils import escape

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import cm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    data, styles, out = plain(card), getSampleStyleSheet(), io.BytesIO()

    def words(text: str, style: str = "BodyText") -> Any:
        return Paragraph(escape(text), styles[style])

    story = [words(data["title"], "Heading1")]
    story.append(Table([[words(a), words(b)] for a, b in data["facts"]], colWidths=[5 * cm, 12 * cm]))
    story += [words(data["summary"]), Spacer(1, 8)]
    for part in data["parts"]:
        rows = [["No.", "Question", "Finding", "Reason"], *([words(cell) for cell in row] for row in part["rows"])]
        table = Table(rows, colWidths=[1 * cm, 5.8 * cm, 3.4 * cm, 6.8 * cm], repeatRows=1)
        story += [words(part["title"], "Heading2"), words(part["sentence"]), table]
    story += [words(data["conclusion"], "Heading2"), words(data["reason"])]
    SimpleDocTemplate(out, pagesize=A4, title=data["title"]).build(story)
    return out.getvalue()
