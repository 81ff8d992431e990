"""The scores of a round as a table: complete, the same numbers as elsewhere, only what one may read."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection

from checklist.actions.assessments import Pointer
from checklist.actions.assignments import assign_reviewers
from checklist.models import SubmittedScore
from checklist.reports import build_scorecard
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.selectors.scores import scored_assessments
from screening.models import AuditEvent, Job
from tests.factories import (
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    pin_shipped_instruments,
)

from .test_reports import full_answers
from .written import answer, begin, make_document, random_answers, submit


@pytest.fixture
def round_(instruments):
    round_ = make_round("GM-1", donor_name="Lantern Foundation")
    pin_shipped_instruments(round_)
    return round_


def written(round_, answers=None, evidence=(), **proposal):
    assessment = begin(make_proposal(round_, **proposal), make_reviewer(round_))
    answer(assessment, answers or full_answers(round_), evidence)
    return submit(assessment, "do_not_recommend")


def exported(client, round_, shape="wide", file_format="csv"):
    response = client.get(f"/rounds/{round_.reference}/scores.{file_format}?shape={shape}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def officer(round_, client):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


def test_wide_has_every_answer_and_the_same_numbers_as_the_scorecard(round_, officer, client):
    made = [written(round_, random_answers(round_, seed)) for seed in range(4)]

    rows = rows_of(exported(client, round_))

    assert len(rows) == 4
    for assessment, row in zip(made, rows, strict=True):
        checklist, principles = build_scorecard(assessment).parts
        assert row["Assessment"] == str(assessment.pk)
        for column, value in (("share %", checklist.share), ("low %", checklist.low), ("high %", checklist.high)):
            cell = row[f"Donor checklist 1: {column}"]
            assert (Decimal(cell) if cell else None) == value
        assert row["Donor checklist 1: judged"] == str(checklist.judged)
        assert row["Six principles 1: judged"] == str(principles.judged)
        for part in (checklist, principles):
            for item in part.items:
                name = f"{part.short_title} 1 {item.number}"
                assert row[f"{name}: finding"] == item.finding
                assert row[f"{name}: reason"] == item.rationale
                if not item.is_derived:
                    assert (row[f"{name}: answer code"], row[f"{name}: answer"]) == (item.code, item.answer)
                for sub in item.subs:
                    assert (
                        row[f"{part.short_title} 1 {sub.label}: answer"],
                        row[f"{part.short_title} 1 {sub.label}: words"],
                    ) == (
                        sub.answer,
                        sub.text,
                    )


def test_long_has_one_row_for_each_criterion_and_answered_sub_question(round_, officer, client):
    subs = {"a": SubAnswer("yes", "p. 3"), "b": SubAnswer("partly", "in part")}
    proposal = make_proposal(round_)
    document = make_document(proposal)
    assessment = begin(proposal, make_reviewer(round_))
    answer(
        assessment,
        full_answers(round_, **{"1": ItemAnswer("partly", "Half.", subs)}),
        {"1": [Pointer(document.pk, "6", "612 interviews"), Pointer(None, "Annex", "")]},
    )
    submit(assessment)

    rows = rows_of(exported(client, round_, "long"))

    assert len(rows) == 17 + 2 + 1  # item 8 has its answered sub-question too
    first, sub = rows[0], rows[1]
    assert (first["Number"], first["Answer code"], first["Answer"], first["Finding"]) == (
        "1",
        "partly",
        "Partly",
        "Partly",
    )
    assert first["Evidence"] == "Narrative.pdf, 6, “612 interviews” | Annex"
    assert (sub["Number"], sub["Answer"], sub["Reason"]) == ("1a", "Yes", "p. 3")
    assert rows[-1]["Finding"] == "3 – Sound"


def test_the_workbook_holds_the_same_as_the_csv(round_, officer, client):
    written(round_)

    book = openpyxl.load_workbook(io.BytesIO(exported(client, round_, file_format="xlsx")))
    header, row = list(book.active.iter_rows(values_only=True))

    shares = dict(zip(header, row, strict=True))
    assert shares["Donor checklist 1: share %"] == float(SubmittedScore.objects.first().share)


def test_what_looks_like_a_formula_is_made_harmless(round_, officer, client):
    written(round_, full_answers(round_, **{"1": ItemAnswer("partly", "=HYPERLINK(1)")}), title="@SUM(1)")

    row = rows_of(exported(client, round_))[0]

    assert row["Title"] == "'@SUM(1)"
    assert row["Donor checklist 1 1: reason"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("shape", ["wide", "long"])
def test_the_number_of_queries_does_not_grow(round_, officer, client, shape, django_assert_num_queries):
    written(round_)
    exported(client, round_, shape)  # fills the kept sheets
    with django_assert_num_queries(EXPORT_QUERIES):
        exported(client, round_, shape)
    for _ in range(3):
        written(round_, random_answers(round_, 3))

    with django_assert_num_queries(EXPORT_QUERIES):
        exported(client, round_, shape)


EXPORT_QUERIES = 15


def test_one_handed_in_while_the_others_are_read_takes_nothing_from_them(round_, officer):
    late = begin(make_proposal(round_, reference="A-1"), make_reviewer(round_))
    answer(late, full_answers(round_))
    written(round_, reference="B-1")
    handed_in = []

    def hand_in(execute, sql, params, many, context):
        if "checklist_submittedscore" in sql and sql.startswith("SELECT") and not handed_in:
            handed_in.append(late)
            submit(late)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hand_in):
        found = list(scored_assessments(officer, round_))

    assert handed_in
    assert [(each.row["proposal__reference"], len(each.scores), len(each.answers)) for each in found] == [
        ("B-1", 2, 17)
    ]


def test_drafts_other_rounds_and_hidden_ones_are_left_out(round_, client):
    mine = written(round_, title="To be seen")
    begin(make_proposal(round_, title="A draft"), make_reviewer(round_))
    elsewhere = make_round("GM-2")
    pin_shipped_instruments(elsewhere)
    written(elsewhere, title="Another round")
    owing = make_member(round_, "reviewer")
    owing.grants.create(round=round_, role="chair")
    hidden = written(round_, title="Hidden until hers is in")
    assign_reviewers(
        round_=round_, proposals=[hidden.proposal], reviewers=[owing], due_on=None, by=make_officer(round_)
    )
    client.force_login(owing)

    rows = rows_of(exported(client, round_))

    assert [row["Title"] for row in rows] == [mine.proposal.title]


def test_only_those_who_may_export_do_and_it_is_on_record(round_, officer, client):
    written(round_)
    response = client.get(f"/rounds/{round_.reference}/scores.csv?shape=long")
    b"".join(response.streaming_content)
    assert response["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get(event="scores_exported")
    assert (event.actor_id, event.round_id, event.after) == (officer.pk, round_.pk, {"shape": "long", "format": "csv"})

    for role, status in (("observer", 403), ("reviewer", 403), ("chair", 200)):
        client.force_login(make_member(round_, role))
        assert client.get(f"/rounds/{round_.reference}/scores.csv").status_code == status
        assert client.get(f"/rounds/{round_.reference}/reports/").status_code == status


@pytest.mark.parametrize("path", ["scores.pdf", "scores.csv?shape=round"])
def test_an_unknown_shape_or_format_is_not_found(round_, officer, client, path):
    assert client.get(f"/rounds/{round_.reference}/{path}").status_code == 404


# -- The reports page -------------------------------------------------------------------------------


def test_the_reports_page_says_what_is_made_and_asks_for_the_rest(round_, officer, client):
    assessment = written(round_)

    page = client.get(f"/rounds/{round_.reference}/reports/").content.decode()
    assert "1 scorecard is not made yet." in page
    assert '<button class="btn btn-primary">Make all that are missing</button>' in page
    assert assessment.proposal.reference in page

    client.post(f"/rounds/{round_.reference}/reports/")
    assert Job.objects.get().subject_id == str(assessment.pk)
    page = client.get(f"/rounds/{round_.reference}/reports/").content.decode()
    assert "being made" in page


def test_an_empty_round_names_the_next_step(round_, officer, client):
    assert "Nothing to report yet" in client.get(f"/rounds/{round_.reference}/reports/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_reports_page_takes_the_same_queries_for_one_row_and_three(
    round_, officer, client, count, django_assert_num_queries
):
    for _ in range(count):
        written(round_)

    with django_assert_num_queries(9):
        client.get(f"/rounds/{round_.reference}/reports/")


def test_practice_is_not_exported(round_, officer, client):
    written(round_, is_practice=True)
    kept = written(round_)

    assert [row["Assessment"] for row in rows_of(exported(client, round_))] == [str(kept.pk)]
