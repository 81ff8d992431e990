"""Adding, reading, downloading and removing documents, over HTTP."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals import jobs
from proposals.actions import documents as actions
from proposals.enums import AccessLevel, ReadingState
from proposals.models import Document, DocumentPage
from screening.jobs import MAX_ATTEMPTS, JobRefused
from screening.models import AuditEvent, Job
from tests import factories as make

from .files import checked, docx_bytes, pdf_bytes, upload, xlsx_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make.make_round()


@pytest.fixture
def officer(round_):
    return make.make_officer(round_)


@pytest.fixture
def proposal(round_):
    return make.make_proposal(round_)


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


def add(proposal, by, content=None, name="narrative.pdf", kind="narrative"):
    return actions.add_document(proposal=proposal, upload=checked(content, name), kind=kind, by=by)


def add_read(proposal, by, content=None, name="narrative.pdf"):
    """A document whose pages are made, by the real job."""
    document = add(proposal, by, content, name)
    jobs.handle_read_document(Job.objects.get(subject_type="document", subject_id=str(document.pk)))
    document.refresh_from_db()
    return document


def url(name, document, *more):
    return reverse(f"proposals:document-{name}", args=[document.pk, *more])


def body(response):
    """The whole answer; reading to the end closes the file behind it."""
    return b"".join(response)


# -- Adding ---------------------------------------------------------------------------------


def test_several_files_are_added_at_once(as_officer, proposal, officer):
    files = [upload(pdf_bytes(["One", "Two"]), "plan.pdf"), upload(xlsx_bytes(), "costs.xlsx")]

    response = as_officer.post(
        reverse("proposals:document-add", args=[proposal.pk]), {"kind": "budget", "files": files}
    )

    assert (response.status_code, response.url) == (302, proposal.get_absolute_url())
    shown = proposal.documents.order_by("pk").values_list("name", "kind", "page_count", "reading", "added_by")
    assert list(shown) == [
        ("plan.pdf", "budget", 2, "waiting", officer.pk),
        ("costs.xlsx", "budget", None, "waiting", officer.pk),
    ]


def test_the_good_files_are_kept_and_each_bad_one_has_its_reason(as_officer, proposal):
    files = [
        upload(pdf_bytes(), "plan.pdf"),
        upload(b"MZ", "virus.pdf"),
        upload(b"", "empty.docx"),
        upload(pdf_bytes(), "again.pdf"),
    ]

    response = as_officer.post(
        reverse("proposals:document-add", args=[proposal.pk]), {"kind": "narrative", "files": files}
    )

    assert response.context["form"].errors["files"] == [
        "virus.pdf: The name ends in .pdf, but the file is not a PDF.",
        "empty.docx: The file is empty.",
        "again.pdf: This file is already here, as “plan.pdf”.",
    ]
    assert [document.name for document in proposal.documents.all()] == ["plan.pdf"]
    assert "Added: plan.pdf." in response.content.decode()


def test_without_a_file_nothing_happens(as_officer, proposal):
    response = as_officer.post(reverse("proposals:document-add", args=[proposal.pk]), {"kind": "narrative"})

    assert response.context["form"].errors["files"] == ["Choose at least one file."]
    assert not Document.objects.exists()


def test_adding_is_on_record_and_asks_for_the_pages(proposal, officer):
    document = add(proposal, officer)

    event = AuditEvent.objects.get(event="document_added")
    assert (event.actor_id, event.thread, event.round_id) == (officer.pk, proposal.thread, proposal.round_id)
    assert event.after == {
        "name": "narrative.pdf",
        "kind": "narrative",
        "size": document.size,
        "sha256": document.sha256,
    }
    assert Job.objects.get().kind == "proposals.read_document"


def test_the_file_lies_under_a_random_name(proposal, officer):
    document = add(proposal, officer)

    assert re.fullmatch(r"documents/[0-9a-f]{4}/[0-9a-f]{40}", document.file.name)
    with document.file.open("rb") as file:
        assert file.read() == pdf_bytes()


def test_the_same_file_twice_is_refused_and_leaves_no_file(proposal, officer, settings):
    add(proposal, officer)
    before = {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}

    with pytest.raises(actions.AlreadyReceived):
        add(proposal, officer, name="copy.pdf")

    assert {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()} == before


def test_a_removed_file_may_be_added_again(proposal, officer):
    actions.remove_document(document=add(proposal, officer), reason="Wrong version", by=officer)

    assert add(proposal, officer).pk


def test_who_may_not_change_the_proposal_may_not_add(proposal, round_):
    for person in (make.make_member(round_, "chair"), make.make_auditor(), make.make_reviewer(round_)):
        with pytest.raises(actions.CannotChangeDocuments):
            add(proposal, person)


# -- Making the pages -----------------------------------------------------------------------


def test_the_job_makes_text_and_pictures(proposal, officer):
    document = add_read(proposal, officer, pdf_bytes(["Hello", "Harbour"]))

    assert (document.reading, document.page_count) == (ReadingState.READY, 2)
    assert [page.text for page in document.pages.order_by("number")] == ["Hello", "Harbour"]
    assert AuditEvent.objects.get(event="document_read").thread == proposal.thread


def test_a_second_run_after_a_broken_one_makes_no_doubles_and_leaves_no_pictures(proposal, officer, settings):
    document = add(proposal, officer, pdf_bytes(["Hello", "Harbour"]))
    job = Job.objects.get()
    jobs._read(document)
    Document.objects.update(reading=ReadingState.WAITING)

    jobs.handle_read_document(job)

    assert DocumentPage.objects.count() == 2
    kept = {page.picture.path for page in DocumentPage.objects.all()}
    assert all(settings.MEDIA_ROOT.joinpath(path).exists() for path in kept)
    stored = {
        str(path) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file() and path.read_bytes()[:4] == b"RIFF"
    }
    assert kept <= stored


def test_a_file_that_cannot_be_read_ends_as_failed_and_can_be_downloaded(proposal, officer, client):
    document = add(proposal, officer)
    with open(document.file.path, "wb") as file:
        file.write(b"%PDF-1.4\nrotten")

    with pytest.raises(JobRefused):
        jobs.handle_read_document(Job.objects.get())

    document.refresh_from_db()
    assert (document.reading, document.reading_error[:19]) == (ReadingState.FAILED, "The file is damaged")
    client.force_login(officer)
    page = client.get(url("view", document)).content.decode()
    assert "The pages could not be prepared" in page
    assert "The file is damaged" in page
    assert body(client.get(url("file", document))) == b"%PDF-1.4\nrotten"


def test_a_document_whose_worker_dies_every_time_does_not_wait_for_ever(proposal, officer, monkeypatch):
    document = add(proposal, officer)
    job = Job.objects.get()
    job.attempts = MAX_ATTEMPTS - 1

    def die(document):
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "_read", die)
    with pytest.raises(KeyboardInterrupt):
        jobs.handle_read_document(job)

    document.refresh_from_db()
    assert document.reading == ReadingState.FAILED


def test_reading_can_be_tried_once_more(as_officer, proposal, officer):
    document = add(proposal, officer)
    Job.objects.all().delete()
    actions.fail_reading(document=document, reason="The file is damaged")

    response = as_officer.post(url("read-again", document))

    document.refresh_from_db()
    assert response.url == url("view", document)
    assert (document.reading, document.reading_error) == (ReadingState.WAITING, "")
    assert Job.objects.count() == 1


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


# -- Files and pictures ---------------------------------------------------------------------


def test_the_original_is_only_ever_saved_never_shown(as_officer, proposal, officer):
    document = add(proposal, officer, name="Amélie ข้อเสนอ.pdf")

    response = as_officer.get(url("file", document))

    assert body(response) == pdf_bytes()
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Am%C3%A9lie%20")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_download_is_on_record(as_officer, proposal, officer):
    document = add(proposal, officer)

    asked = as_officer.head(url("file", document))
    for close in asked._resource_closers:  # what a web server does in the end
        close()
    body(as_officer.get(url("file", document)))

    event = AuditEvent.objects.get(event="document_downloaded")
    assert (event.actor_id, event.subject_label, event.thread) == (officer.pk, "narrative.pdf", proposal.thread)


def test_a_picture_is_asked_for_again_each_time(as_officer, proposal, officer, django_assert_max_num_queries):
    document = add_read(proposal, officer)

    with django_assert_max_num_queries(6):
        response = as_officer.get(url("page", document, 1))

    assert body(response)[:4] == b"RIFF"
    assert response["Cache-Control"] == "private, no-cache"
    again = as_officer.get(url("page", document, 1), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert as_officer.get(url("page", document, 2)).status_code == 404


# -- Removing -------------------------------------------------------------------------------


def test_removing_needs_a_reason_and_hides(as_officer, proposal, officer):
    document = add_read(proposal, officer)

    assert as_officer.post(url("remove", document), {"reason": " "}).context["form"].errors
    response = as_officer.post(url("remove", document), {"reason": "Wrong version"})

    assert response.url == proposal.get_absolute_url()
    event = AuditEvent.objects.get(event="document_removed")
    assert (event.note, event.actor_id) == ("Wrong version", officer.pk)
    assert not Document.objects.visible_to(officer).exists()
    for address in (url("file", document), url("page", document, 1), url("state", document), url("remove", document)):
        assert as_officer.get(address).status_code == 404
    for query in ({}, {"embed": "1"}):
        page = as_officer.get(url("view", document), query)
        assert page.status_code == 410
        assert "removed" in page.content.decode()


def test_an_action_refuses_an_empty_reason(proposal, officer):
    with pytest.raises(actions.ReasonMissing):
        actions.remove_document(document=add(proposal, officer), reason="  ", by=officer)


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
