"""Adding, downloading and removing documents, and making their pages."""

import re

import pytest
from django.urls import reverse

from proposals import jobs
from proposals.actions import documents as actions
from proposals.enums import ReadingState
from proposals.models import Document, DocumentPage
from screening.jobs import MAX_ATTEMPTS, JobRefused
from screening.models import AuditEvent, Job
from tests import factories as make

from .files import pdf_bytes, upload, xlsx_bytes
from .received import add, add_read, body, url

pytestmark = pytest.mark.django_db


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
