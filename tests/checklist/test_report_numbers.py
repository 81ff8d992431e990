"""The same numbers of random rounds on screen, in CSV, XLSX, the reports, their JSON, and the words of the PDF."""

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from checklist.demo.large import build_large
from checklist.reporting.making import Options, document_of, maker_of
from checklist.selectors.ranking import ranking_of
from proposals.models import Proposal
from tests.factories import make_auditor

from .pdf_structure import data_in, ink_in_margins, problems_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[11, 12])
def random_round(request, instruments):
    round_ = build_large(
        proposals=5, reviewers=4, seed=request.param, today=dt.date(2026, 11, 2), say=lambda text: None
    )
    round_.budget, round_.is_first = Decimal(400_000), request.param == 11
    round_.save()
    return round_


@pytest.fixture
def auditor(client):
    user = make_auditor()
    client.force_login(user)
    return user


def words_of(response):
    """The words of a page, without its tags."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def built(kind, subject, user, **options):
    """(report, its document, its JSON)"""
    maker, chosen = maker_of(kind), Options("en", **options)
    subject = maker.load(subject.pk)
    report = maker.build(subject, chosen, user)
    return report, document_of(maker, subject, chosen, report), json.loads(report.to_json())


def exported(client, round_, file_format):
    """{reference: row} of the exported ranking, cells as text."""
    address = reverse("checklist:round-ranking", args=[round_.reference])
    body = b"".join(client.get(address, {"export": file_format}).streaming_content)
    if file_format == "csv":
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    else:
        rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(body), read_only=True).active.values]
    return {row[rows[0].index("Reference")]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}


def same(cell, number):
    """Whether an exported cell holds this number; an empty one stands for None."""
    if cell in (None, ""):
        return number is None
    return number is not None and float(cell) == pytest.approx(float(number), abs=0.0005)


def test_the_round_report_says_what_screen_and_exports_say(random_round, client, auditor):
    report, document, data = built("round", random_round, auditor)
    screen = words_of(client.get(reverse("checklist:round-ranking", args=[random_round.reference])))
    tables = [exported(client, random_round, name) for name in ("csv", "xlsx")]
    html = unescape(document.html)
    assert len(report.ranking) == len(data["ranking"]) == 5

    for line, inside in zip(report.ranking, data["ranking"], strict=True):
        for words in (line.title, line.mean_words, line.spread_words, line.coverage_words, line.adjusted_words):
            assert words in screen
            assert words in html
        for table in tables:
            row = table[line.reference]
            assert same(row["Place"], line.place)
            assert same(row["Amount"], line.amount)
            for column in ("mean", "spread", "coverage", *(["adjusted"] if report.has_adjusted else [])):
                assert same(row[column.title()], getattr(line, column)), column
                assert same(inside[column], getattr(line, column)), column
    agreement = client.get(reverse("checklist:round-agreement", args=[random_round.reference]))
    _agreement_is_that_of(words_of(agreement), report, html)
    if random_round.is_first:
        made = document.make_here().data
        printed = text_of(made)
        assert problems_of(made, language="en") == []
        assert data_in(made) == data
        assert all(line.mean_words in printed and line.reference in printed for line in report.ranking)
        assert all(figure.text in printed for figure in report.figures)


def _agreement_is_that_of(screen, report, html):
    assert report.agreement
    for table in report.agreement:
        assert table.counts in screen
        for line in table.lines:
            for cell in (line.percent, line.alpha, line.kappa):
                assert cell.text in screen
                assert cell.text in html
                assert cell.interval in screen
                assert f"n = {cell.n}, k = {cell.k}" in html


def test_the_report_on_a_proposal_says_what_ranking_panel_and_scores_say(random_round, client, auditor):
    proposal = Proposal.objects.filter(round=random_round).order_by("pk").first()
    row = next(row for row in ranking_of(random_round, auditor).rows if row.proposal == proposal)
    address = reverse("checklist:score-export", args=[random_round.reference, "csv"])
    body = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    scores = [line for line in csv.DictReader(io.StringIO(body)) if line["Proposal"] == proposal.reference]
    report, document, data = built("proposal", proposal, auditor)
    panel = words_of(client.get(reverse("checklist:proposal-panel", args=[proposal.pk])))

    (share,) = [name for name in scores[0] if name.endswith(": share %")]
    shares = [Decimal(line[share]) for line in scores if line[share]]
    assert float(report.ranking.mean) == pytest.approx(float(sum(shares) / len(shares)), abs=0.001)
    assert float(report.ranking.mean) == pytest.approx(float(row.own.mean * 100), abs=0.0005)
    assert data["summaries"][0]["mean"] == float(report.ranking.mean)
    assert (report.standing.place, len(report.views)) == (row.place, len(scores))
    for side, inside in zip(report.sides, data["sides"], strict=True):
        assert all(sentence in panel for _name, sentence in side.sums)
        for criterion, given in zip(side.rows, inside["rows"], strict=True):
            assert criterion.split_words in panel
            for answer, kept in zip(criterion.answers, given["answers"], strict=True):
                assert answer.line.finding in panel
                assert answer.line.rationale in unescape(document.html)
                assert (kept["line"]["code"], kept["line"]["mark"]) == (answer.line.code, answer.line.mark)
    if random_round.is_first:
        made = document.make_here().data
        printed = text_of(made)
        assert problems_of(made, language="en") == []
        assert data_in(made) == data
        assert report.ranking.mean_words in printed
        assert all(sentence in printed for side in report.sides for _name, sentence in side.sums)
        assert ink_in_margins(made) == []
