"""The dossier: complete, with hashes, with names that do no harm, and without what one may not see."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checklist.actions.assignments import assign_reviewers
from checklist.actions.reports import keep_scorecard
from checklist.models import IssuedReport
from checklist.reporting import dossier
from checklist.reporting.dossier import round_dossier
from proposals.enums import AccessLevel
from proposals.models import Document
from screening.models import AuditEvent
from screening.pdf import MadePdf
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
)

from .written import submit


@pytest.fixture
def round_(instruments):
    return make_round("DOS")


@pytest.fixture
def officer(round_, client):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


def with_all(round_, **fields):
    """A proposal with a submitted assessment, its scorecard, and a document with a hostile name."""
    proposal = make_proposal(round_, **fields)
    assessment = make_assessment(proposal=proposal)
    answer_all(assessment, rationale="=1+1 secret words")
    assessment = submit(assessment)
    keep_scorecard(
        assessment=assessment, content_key=f"k{assessment.pk}", made=MadePdf(b"%PDF-1.7 card", 3), language="en"
    )
    Document.objects.create(
        proposal=proposal, name="../../../etc/passwd.pdf", file=ContentFile(b"%PDF-1.4 sent", name="x"),
        media_type="application/pdf", size=13, sha256=f"{proposal.pk:064d}",
    )  # fmt: skip
    return proposal


def taken(client, name, argument):
    response = client.get(reverse(f"checklist:{name}", args=[argument]))
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_it_holds_reports_documents_data_and_history_with_their_hashes(round_, officer, client):
    proposal = with_all(round_)
    (assessment,) = proposal.assessments.all()

    archive = taken(client, "proposal-dossier-zip", proposal.pk)

    assert archive.testzip() is None
    assert archive.namelist() == [
        "README.txt",
        f"reports/scorecard-a{assessment.pk}-en.pdf",
        "documents/_.._.._etc_passwd.pdf",
        "data/proposal.json",
        "data/assessments.csv",
        "data/assessments.json",
        "data/answers.csv",
        "data/answers.json",
        "data/codebook.csv",
        "history/history.csv",
        "history/history.json",
        "manifest.json",
    ]
    manifest = json.loads(archive.read("manifest.json"))
    assert [each["name"] for each in manifest["files"]] == archive.namelist()[:-1]
    for each in manifest["files"]:
        assert hashlib.sha256(archive.read(each["name"])).hexdigest() == each["sha256"], each["name"]
    assert archive.read("documents/_.._.._etc_passwd.pdf") == b"%PDF-1.4 sent"
    assert b"'=1+1 secret words" in archive.read("data/answers.csv")
    history = json.loads(archive.read("history/history.json"))["rows"]
    assert any("submitted" in row["what"] for row in history)
    event = AuditEvent.objects.get(event="dossier_exported")
    assert (event.actor_id, event.thread) == (officer.pk, proposal.thread)


def test_the_round_has_a_folder_for_each_proposal_that_is_open_to_her(round_, officer, client):
    first, closed = with_all(round_, reference="A-1"), with_all(round_, reference="B-2", title="Closed to her")
    open_to(closed, officer, AccessLevel.CLOSED)

    archive = taken(client, "round-dossier-zip", round_.reference)

    folders = {name.split("/")[0] for name in archive.namelist() if "/" in name}
    assert folders == {"round", first.reference}
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Closed to her" not in everything
    assert b"B-2" not in everything
    assert AuditEvent.objects.get(event="dossier_exported").round_id == round_.pk


def test_somebody_who_still_owes_an_assessment_gets_nothing_of_that_proposal(round_, client):
    proposal = with_all(round_, reference="A-1")
    owing = make_member(round_, "reviewer")
    owing.grants.create(round=round_, role="chair")
    assign_reviewers(round_=round_, proposals=[proposal], reviewers=[owing], due_on=None, by=make_officer(round_))
    client.force_login(owing)

    response = client.get(reverse("checklist:proposal-dossier-zip", args=[proposal.pk]))
    archive = taken(client, "round-dossier-zip", round_.reference)

    assert response.status_code == 403
    assert not any("A-1" in name for name in archive.namelist())
    assert b"secret words" not in b"".join(archive.read(name) for name in archive.namelist())


def test_removed_documents_and_drafts_are_left_out_and_lost_files_named(round_, officer, client):
    proposal = with_all(round_)
    draft = make_assessment(proposal=proposal, reviewer=make_reviewer(round_))
    answer_all(draft, rationale="Words of a draft")
    kept = IssuedReport.objects.get()
    kept.file.storage.delete(kept.file.name)
    document = Document.objects.get()
    document.removed_at, document.removed_by = proposal.created_at, officer
    document.save()

    archive = taken(client, "proposal-dossier-zip", proposal.pk)

    assert not [name for name in archive.namelist() if name.startswith(("documents/", "reports/"))]
    assert len(json.loads(archive.read("manifest.json"))["files_missing_from_the_store"]) == 1
    assert b"Words of a draft" not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_page_says_what_goes_in_and_what_is_missing(round_, officer, client):
    proposal = with_all(round_)
    IssuedReport.objects.all().delete()

    page = client.get(reverse("checklist:proposal-dossier", args=[proposal.pk])).content.decode()

    assert "1 scorecard is not made yet" in page
    assert reverse("checklist:proposal-dossier-zip", args=[proposal.pk]) in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_the_round_takes_the_same_queries(round_, officer, client, count, django_assert_num_queries):
    for _ in range(count):
        with_all(round_)
    client.get(reverse("checklist:round-dossier", args=[round_.reference]))

    with django_assert_num_queries(7):
        client.get(reverse("checklist:round-dossier", args=[round_.reference]))


def test_a_further_proposal_in_the_dossier_of_a_round_takes_a_few_queries(round_, officer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            b"".join(round_dossier(round_, officer))
        return len(captured)

    with_all(round_)
    queries()
    one = queries()
    for _number in range(2):
        with_all(round_)

    # Whether she may still take it (2), and its history (5).
    assert queries() - one <= 2 * 7


def test_more_proposals_than_are_read_at_once_are_all_taken(round_, officer, monkeypatch):
    monkeypatch.setattr(dossier, "TOGETHER", 2)
    proposals = [with_all(round_) for _number in range(3)]

    names = zipfile.ZipFile(io.BytesIO(b"".join(round_dossier(round_, officer)))).namelist()

    for proposal in proposals:
        assert sum(name.startswith(f"{proposal.reference}/reports/") for name in names) == 1
        assert f"{proposal.reference}/data/answers.csv" in names
