"""The scores of a round as a table: complete, the same numbers as elsewhere, only what one may read."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection

from checklist.actions.assessments import Pointer
from checklist.actions.assignments import assign_reviewers
from checklist.actions.columns import CannotKeepColumns, keep_columns, remove_columns
from checklist.codebook import READ_AS_MISSING
from checklist.models import Assessment, ColumnChoice, SubmittedScore
from checklist.reports import build_scorecard
from checklist.scoring import ItemAnswer, SubAnswer
from checklist.selectors.scores import scored_assessments, sheets_to_export
from screening import tabular
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

    with django_assert_num_queries(10):
        client.get(f"/rounds/{round_.reference}/reports/")


def test_practice_is_not_exported(round_, officer, client):
    written(round_, is_practice=True)
    kept = written(round_)

    assert [row["Assessment"] for row in rows_of(exported(client, round_))] == [str(kept.pk)]


# -- Shapes, formats and columns ------------------------------------------------------------------


def test_json_holds_the_same_as_the_csv_with_numbers_as_numbers(round_, officer, client):
    made = written(round_, title='=1+1 "quoted"')

    for shape in ("wide", "long"):
        data = json.loads(exported(client, round_, shape, "json"))
        rows = rows_of(exported(client, round_, shape))
        labels = {each["key"]: each["label"] for each in data["columns"]}
        assert (data["format"], data["shape"], data["round"]) == ("screening-scores/1", shape, "GM-1")
        assert len(data["rows"]) == len(rows)
        first = data["rows"][0]
        assert [labels[key] for key in first] == list(rows[0])
        assert first["assessment"] == made.pk
        assert first["title"] == '=1+1 "quoted"'
        assert dt.datetime.fromisoformat(first["submitted_at"]) == made.submitted_at
    share = data["rows"][0]["share"]
    assert isinstance(share, float)
    assert share == float(rows[0]["Share %"])


HOSTILE = [
    f"{start}cmd|' /C calc'!A0" for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠")
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_spreadsheet_takes_words_for_a_formula(text):
    columns = ["A", text]

    lines = b"".join(tabular.write_csv(columns, [[text, 1]])).decode("utf-8-sig")
    ((_, head), (first, number)) = csv.reader(io.StringIO(lines))
    with tabular.write_xlsx(columns, [[text, 1]]) as file:
        cells = [cell for row in openpyxl.load_workbook(file).active.iter_rows() for cell in row]

    assert (first[0], head[0], number) == ("'", "'", "1")
    assert all(cell.data_type != "f" for cell in cells)
    assert [str(cells[place].value)[0] for place in (1, 2)] == ["'", "'"]


def test_the_consensus_stands_beside_only_when_asked_for_and_is_marked(round_, officer, client):
    assessment = written(round_)
    Assessment.objects.filter(pk=assessment.pk).update(kind="consensus", assignment=None)
    written(round_)

    def kinds(query):
        response = client.get(f"/rounds/GM-1/scores.csv?{query}")
        return sorted(row["Kind"] for row in rows_of(b"".join(response.streaming_content)))

    assert kinds("shape=wide") == ["individual"]
    assert kinds("shape=wide&consensus=1") == ["consensus", "individual"]


def test_only_the_columns_that_were_ticked(round_, officer, client):
    written(round_)
    slug = round_.instruments.first().version.instrument.slug

    everything = json.loads(exported(client, round_, "wide", "json"))["columns"]
    response = client.get(f"/rounds/GM-1/scores.json?columns=title&columns=reason&columns=sheet:{slug}")
    chosen = [each["key"] for each in json.loads(b"".join(response.streaming_content))["columns"]]

    assert chosen == ["title", *(f"{slug}.1.{number}.reason" for number in range(1, 12))]
    assert len(everything) > 150


def test_columns_are_kept_reused_and_removed(round_, officer, client):
    written(round_)
    address = "/rounds/GM-1/scores/?shape=long"

    client.post(address, {"keep": "1", "name": "For the board", "columns": ["title", "finding", "nonsense"]})
    client.post(address, {"keep": "1", "name": "For the board", "columns": ["title", "code"]})

    choice = ColumnChoice.objects.get()
    assert (choice.user, choice.columns) == (officer, ["title", "code"])
    response = client.get(f"/rounds/GM-1/scores.csv?shape=long&choice={choice.pk}")
    assert list(rows_of(b"".join(response.streaming_content))[0]) == ["Title", "Answer code"]
    assert client.get(f"/rounds/GM-1/scores.csv?shape=wide&choice={choice.pk}").status_code == 404
    assert "For the board" in client.get(f"{address}&choice={choice.pk}").content.decode()
    taken = client.post(address, {"take": "csv", "columns": ["title"], "consensus": "1"})
    assert taken.headers["Location"] == "/rounds/GM-1/scores.csv?shape=long&columns=title&consensus=1"
    client.post(f"/columns/{choice.pk}/remove/", {"round": "GM-1"})
    assert not ColumnChoice.objects.exists()
    events = AuditEvent.objects.filter(event__startswith="columns_").order_by("pk")
    assert [event.event for event in events] == ["columns_kept", "columns_kept", "columns_removed"]


def test_a_choice_belongs_to_one_person(round_, officer, client):
    other = ColumnChoice.objects.create(user=make_officer(round_), name="Theirs", shape="wide", columns=["title"])

    assert client.get(f"/rounds/GM-1/scores.csv?choice={other.pk}").status_code == 404
    assert client.post(f"/columns/{other.pk}/remove/", {"round": "GM-1"}).status_code == 404
    with pytest.raises(CannotKeepColumns):
        remove_columns(choice=other, by=officer)


@pytest.mark.parametrize(("name", "columns"), [(" ", ["title"]), ("Nothing", [])])
def test_a_choice_needs_a_name_and_columns(officer, name, columns):
    with pytest.raises(CannotKeepColumns):
        keep_columns(name=name, shape="wide", columns=columns, by=officer)


def test_the_codebook_explains_every_column_and_every_code_that_occurs(round_, officer, client):
    written(round_, random_answers(round_, 5))

    def taken(file_format):
        return b"".join(client.get(f"/rounds/GM-1/codebook.{file_format}").streaming_content)

    book = json.loads(taken("json"))["rows"]
    data = json.loads(exported(client, round_, "wide", "json"))
    long = json.loads(exported(client, round_, "long", "json"))
    columns = {row["key"] for row in book if row["row"] == "column"}
    codes = {(row["instrument"], row["version"], row["key"], row["code"]) for row in book if row["row"] == "answer"}
    assert {each["key"] for each in (*data["columns"], *long["columns"])} <= columns
    slugs = {sheet.short_title: sheet.slug for sheet in sheets_to_export(officer, round_, "en")}
    given = {(slugs[row["instrument"]], row["version"], row["question_key"], row["code"]) for row in long["rows"]}
    assert {each for each in given if each[3]} <= codes
    reverse_scored = next(row for row in book if row["row"] == "question" and row["key"] == "3")
    counts = {row["code"]: row["counts_as"] for row in book if row["row"] == "answer" and row["key"] == "3"}
    assert reverse_scored["polarity"] == "yes_is_bad"
    assert (counts["yes"], counts["no"]) == ("adverse", "favourable")
    assert not {row["code"] for row in book if row.get("code")} & READ_AS_MISSING
    warned = {row["label"] for row in book if "missing answer" in (row.get("description") or "")}
    assert warned == {row["label"] for row in book if row.get("label") in READ_AS_MISSING} != set()
    assert len(rows_of(taken("csv"))) == len(book)
    assert openpyxl.load_workbook(io.BytesIO(taken("xlsx"))).active.max_row == len(book) + 1


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_columns_takes_the_same_queries(round_, officer, client, count, django_assert_num_queries):
    for n in range(count):
        ColumnChoice.objects.create(user=officer, name=f"Choice {n}", shape="wide", columns=["title"])
        written(round_)
    client.get("/rounds/GM-1/scores/")

    with django_assert_num_queries(8):
        client.get("/rounds/GM-1/scores/")
