"""The reader of documents over HTTP, who may open what, and in how many queries."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals.actions import documents as actions
from proposals.enums import AccessLevel
from proposals.models import Document, DocumentPage
from tests import factories as make

from .files import docx_bytes, pdf_bytes, xlsx_bytes
from .received import add, add_read, body, url

pytestmark = pytest.mark.django_db


# -- The reader -----------------------------------------------------------------------------


def test_the_reader_shows_pictures_with_words_and_size(as_officer, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["Hello", "Harbour"]))

    page = as_officer.get(url("view", document)).content.decode()

    assert f'src="{url("page", document, 1)}" width="1100" height="1557" loading="lazy"' in page
    assert 'alt="Harbour"' in page
    assert "Page 2 of 2" in page
    assert "data-cite" not in page


def test_the_reader_in_a_frame_offers_to_cite(as_officer, proposal, officer):
    document = add_read(proposal, officer)

    response = as_officer.get(url("view", document), {"embed": "1"})
    page = response.content.decode()

    assert 'data-cite="1"' in page
    assert "sidenav" not in page
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_text_only_shows_the_whole_text_and_no_picture(as_officer, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["Hello", "Harbour"]))

    page = as_officer.get(url("view", document), {"text": "1"}).content.decode()

    assert "<img" not in page.split("<main", 1)[1]
    assert "Hello</div>" in page
    assert "Harbour</div>" in page


def test_what_a_document_says_is_escaped(as_officer, proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["<script>alert(1)</script> & more"]))

    for query in ({}, {"text": "1"}, {"q": "script"}):
        page = as_officer.get(url("view", document), query).content.decode()
        assert "<script>alert" not in page
        assert "script" in page


def test_words_are_found_whatever_their_case_and_line(as_officer, proposal, officer):
    document = add_read(proposal, officer, docx_bytes(), "plan.docx")

    def hits(words):
        found = as_officer.get(url("view", document), {"q": words}).context["hits"]
        return [(hit.number, hit.match, hit.count) for hit in found]

    assert hits("FISHERS  in") == [(2, "fishers in", 1)]
    assert hits("zebra") == []


def test_going_to_a_page_a_range_or_a_heading(as_officer, proposal, officer):
    pdf = add_read(proposal, officer, pdf_bytes(["a", "b", "c"]))
    word = add_read(proposal, officer, docx_bytes(), "plan.docx")

    def goes(document, place):
        return as_officer.get(url("view", document), {"go": place, "embed": "1"}).url

    assert goes(pdf, "2").endswith("?embed=1&page=2#page-2")
    assert goes(pdf, "2-3").endswith("page=2#page-2")
    assert goes(pdf, "99").endswith("page=1#page-1")
    assert goes(pdf, "nonsense").endswith("page=1#page-1")
    assert goes(word, "risks").endswith("page=3#page-3")


def test_a_long_document_is_shown_in_stretches(as_officer, proposal, officer):
    document = add(proposal, officer)
    DocumentPage.objects.bulk_create(
        DocumentPage(document=document, number=number, text=f"Words {number}") for number in range(1, 121)
    )
    actions.finish_reading(document=document, page_count=120)

    response = as_officer.get(url("view", document), {"page": "60"})

    assert [response.context["pages"][index].number for index in (0, -1)] == [51, 100]
    assert "page=101#page-101" in response.content.decode()


def test_a_workbook_is_shown_as_tables(as_officer, proposal, officer):
    document = add_read(proposal, officer, xlsx_bytes(), "costs.xlsx")

    page = as_officer.get(url("view", document)).content.decode()

    assert '<td dir="auto">Shelter</td><td dir="auto">1200.5</td>' in page
    assert "1. Budget" in page


@pytest.mark.parametrize(
    ("media_type", "words"), [("application/pdf", "1 page"), ("x.spreadsheetml.sheet", "1 sheet"), ("x.docx", "1 part")]
)
def test_the_length_of_a_document_is_said_in_its_own_unit(media_type, words):
    assert Document(media_type=media_type, page_count=1).length_in_words == words
    assert Document(media_type=media_type, page_count=3).length_in_words == words.replace("1", "3") + "s"
    assert Document(media_type=media_type).length_in_words == ""


def test_while_pages_are_made_the_reader_says_so(as_officer, proposal, officer):
    document = add(proposal, officer, pdf_bytes(["a", "b"]))

    page = as_officer.get(url("view", document)).content.decode()
    state = json.loads(as_officer.get(url("state", document)).content)

    assert "The pages are being prepared" in page
    assert "Look again" in page
    assert state == {"reading": "waiting", "made": 0, "total": 2}


def test_a_document_without_text_is_an_empty_state(as_officer, proposal, officer):
    document = add(proposal, officer)
    actions.finish_reading(document=document, page_count=0)

    assert "There is no text in this document" in as_officer.get(url("view", document)).content.decode()


# -- Who may what ---------------------------------------------------------------------------


@pytest.fixture
def people(round_, proposal, officer):
    def opened(level):
        person = make.make_reviewer(round_)
        make.open_to(proposal, person, level)
        return person

    conflicted = make.make_officer(round_)
    make.open_to(proposal, conflicted, AccessLevel.CLOSED)
    return {
        "officer": officer,
        "chair": make.make_member(round_, "chair"),
        "observer": make.make_member(round_, "observer"),
        "auditor": make.make_auditor(),
        "reviewer after declaring": opened(AccessLevel.FULL),
        "reviewer before declaring": opened(AccessLevel.NAMED),
        "officer with a conflict": conflicted,
        "administrator": make.make_administrator(),
        "stranger": make.make_user(),
        "officer elsewhere": make.make_officer(make.make_round()),
    }


READERS = {"officer", "chair", "observer", "auditor", "reviewer after declaring"}


@pytest.mark.parametrize("address", ["view", "file", "page", "state"])
def test_who_may_read(client, people, proposal, officer, address):
    document = add_read(proposal, officer)
    target = url(address, document, 1) if address == "page" else url(address, document)

    answers = {}
    for who, person in people.items():
        client.force_login(person)
        response = client.get(target)
        body(response)
        answers[who] = response.status_code

    assert answers == {who: 200 if who in READERS else 404 for who in people}
    visible = {who for who, person in people.items() if Document.objects.visible_to(person).exists()}
    assert visible == READERS


@pytest.mark.parametrize("address", ["add", "remove", "read-again"])
def test_who_may_change(client, people, proposal, officer, address):
    document = add(proposal, officer)
    target = url(address, proposal if address == "add" else document)

    answers = {}
    for who, person in people.items():
        client.force_login(person)
        ask = client.post if address == "read-again" else client.get
        answers[who] = ask(target).status_code

    wanted = {who: 403 if who in READERS else 404 for who in people}
    wanted["officer"] = 302 if address == "read-again" else 200
    assert answers == wanted


def test_without_signing_in_everything_asks_for_it(client, proposal, officer):
    document = add_read(proposal, officer)

    for target in (url("view", document), url("file", document), url("page", document, 1), url("add", proposal)):
        assert client.get(target).url.startswith("/accounts/login/")


# -- The same number of queries at every size ------------------------------------------------


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_of_documents_takes_the_same_queries_for_one_and_three(as_officer, proposal, officer):
    address = reverse("proposals:document-add", args=[proposal.pk])
    counts = []
    for names in (["a.pdf"], ["b.pdf", "c.pdf"]):
        for name in names:
            add(proposal, officer, pdf_bytes([name]), name)
        counts.append(queries(as_officer, address))

    assert proposal.documents.count() == 3
    assert counts[0] == counts[1] <= 10


def test_the_reader_takes_the_same_queries_for_one_and_three_pages(as_officer, proposal, officer):
    short = add_read(proposal, officer, pdf_bytes(["a"]))
    longer = add_read(proposal, officer, pdf_bytes(["a", "b", "c"]))

    counts = [queries(as_officer, url("view", document)) for document in (short, longer)]

    assert counts[0] == counts[1] <= 10
