"""The scorecard PDF, made as the application makes it and as plain WeasyPrint would, for `benchmarks/run`.

The reference shows the same content to a reader: the same HTML with the same styles, but everything is
rebuilt for every PDF, fonts are whole files found by the system, and facts and figures are laid out
with flex, automatic table columns and hyphens, as one would write them for a screen. The large
table keeps its fixed columns: with automatic ones around the nested tables the reference takes five
times as long, which would say more about that than about ours.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.selectors.scorecards import assessments_for_reports
from screening.pdf import STATIC, STYLESHEETS, PdfDocument

# What a first version usually has; each of them costs time in the PDF engine.
USUAL_STYLES = """
table:not(.answers) { table-layout: auto !important }
.facts tr { display: flex } .facts th, .facts td { flex: 1 }
figure { display: flex; flex-direction: column }
body { hyphens: auto }
.running { position: running(head) }
@page { @top-left { content: element(head) } @top-right { content: none } }
"""


@dataclass(frozen=True)
class ScorecardCase:
    """Seconds of processor time for one PDF: median over the runs; `ratio` is ours to the reference."""

    first: float
    ours: float
    reference: float
    pages: int
    bytes: int

    @property
    def ratio(self) -> float:
        return self.ours / self.reference


def measure_scorecard(assessment_pk: int, runs: int = 7) -> ScorecardCase:
    """Both ways in pairs, one after the other, in this process."""
    document = scorecard_document(build_scorecard(assessments_for_reports().get(pk=assessment_pk)))
    first = _seconds(document.make_here)
    made = document.make_here()
    plain_weasyprint(document)
    ours, reference = [], []
    for _ in range(runs):
        ours.append(_seconds(document.make_here))
        reference.append(_seconds(lambda: plain_weasyprint(document)))
    return ScorecardCase(first, statistics.median(ours), statistics.median(reference), made.page_count, len(made.data))


def plain_weasyprint(document: PdfDocument) -> bytes:
    """The same content with nothing kept between PDFs and nothing of our own but the styles."""
    import weasyprint  # noqa: TID251 - the reference to compare with
    from weasyprint.text.fonts import FontConfiguration  # noqa: TID251

    fonts = FontConfiguration()
    names = [name for name in STYLESHEETS if "fonts" not in name]
    texts = [
        (STATIC / name).read_text(encoding="utf-8").replace('url("../', f'url("{STATIC.as_uri()}/') for name in names
    ]
    sheets = [weasyprint.CSS(string=text, font_config=fonts) for text in [*texts, USUAL_STYLES]]
    html = document.html.replace("<main>", '<p class="running">Scorecard</p><main>')
    return weasyprint.HTML(string=html).write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
