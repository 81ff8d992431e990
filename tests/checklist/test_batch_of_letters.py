"""Letters with questions many at once: the newest of each proposal that was asked something."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from checklist import jobs
from checklist.actions.batches import request_batch
from checklist.models import BatchItem, FeedbackText, IssuedReport, QuestionLetter
from checklist.reporting.many import subjects_of
from proposals.enums import AccessLevel
from proposals.models import Proposal
from screening.models import Job
from screening.pdf import MadePdf, PdfDocument
from tests.factories import make_officer, make_proposal, make_reviewer, make_round, open_to

from .asked import asked, handed_in

pytestmark = pytest.mark.django_db

LOOK = {"language": "en", "paper": "letter", "names": "named"}


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """PDFs that hold their HTML, without the engine."""
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(self.html.encode(), 1))


@pytest.fixture
def round_(db):
    return make_round("MANY", donor_name="Lantern Fund")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


def letter(proposal, by, words="Who runs the house?", **fields):
    fields = {"channel": "paper", "subject": words, "body": "Dear all,\n\n{questions}"} | fields
    made = QuestionLetter.objects.create(proposal=proposal, sent_by=by, **fields)
    proposal.questions.create(text=words, state="sent", letter=made)
    return made


def work():
    while job := Job.objects.filter(kind="checklist.make_batch", state="queued").order_by("pk").first():
        jobs.handle_make_batch(job)
        Job.objects.filter(pk=job.pk).update(state="done")


def test_only_proposals_with_a_letter_are_offered(client, round_, officer):
    questioned = make_proposal(round_)
    make_proposal(round_, title="Nothing asked")
    letter(questioned, officer)
    letter(questioned, officer)

    assert list(subjects_of("questions", officer, round_, Proposal.objects.filter(round=round_))) == [questioned]
    client.force_login(officer)
    shown = client.get(reverse("checklist:batch-add", args=[round_.reference]), {"all": 1}).content.decode()
    assert "Questions letter: 1 file" in shown


def test_feedback_is_offered_only_on_what_somebody_judged_or_worded(client, instruments, round_, officer):
    judged, worded, bare = (make_proposal(round_, title=f"Number {n}") for n in (1, 2, 3))
    handed_in(asked(judged, make_reviewer(round_)))
    FeedbackText.objects.create(proposal=worded, strengths="Runs since 2019.")
    client.force_login(officer)

    found = subjects_of("feedback", officer, round_, Proposal.objects.filter(round=round_))
    page = client.get(reverse("checklist:batch-add", args=[round_.reference]), {"all": 1})
    words = client.get(reverse("checklist:proposal-reports", args=[bare.pk])).content.decode()

    assert list(found) == [judged, worded]
    assert page.context["not_judged"] == [bare.reference]
    assert "No feedback is offered on 1 proposal yet" in page.content.decode()
    assert reverse("checklist:report", args=["feedback", bare.pk]) not in words
    assert "Once an assessment is submitted." in words


def test_the_newest_letter_of_each_is_made_and_taken_as_one_file(client, round_, officer):
    first, second, shut = (make_proposal(round_, title=f"Number {n}") for n in (1, 2, 3))
    old = letter(first, officer, "An old question?")
    QuestionLetter.objects.filter(pk=old.pk).update(sent_at=old.sent_at - timedelta(days=9))
    letter(first, officer, "The newest question?")
    for proposal in (second, shut):
        letter(proposal, officer)
    found = subjects_of("questions", officer, round_, Proposal.objects.filter(round=round_))
    batch = request_batch(round_=round_, kind="questions", subjects=found, options=LOOK, by=officer)

    work()

    assert list(batch.items.values_list("state", flat=True)) == ["done"] * 3
    report = BatchItem.objects.get(batch=batch, proposal=first).report
    with report.file.open("rb") as file:
        words = file.read().decode()
    assert "The newest question?" in words
    assert "An old question?" not in words
    assert (report.kind, report.proposal, report.paper) == ("questions", first, "letter")
    open_to(shut, officer, AccessLevel.CLOSED)
    client.force_login(officer)
    taken = client.get(reverse("checklist:batch-zip", args=[batch.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))) as file:
        names = [name for name in file.namelist() if name.endswith(".pdf")]
        told = json.loads(file.read("manifest.json"))
    assert names == [f"questions-{each.reference.lower()}.pdf" for each in (first, second)]
    assert told["not_open_to_you_any_more"] == 1
    assert IssuedReport.objects.count() == 3


def test_a_letter_that_is_gone_is_named_with_the_way_to_its_questions(client, round_, officer):
    proposal = make_proposal(round_)
    letter(proposal, officer)
    batch = request_batch(round_=round_, kind="questions", subjects=[proposal], options=LOOK, by=officer)
    proposal.questions.all().delete()
    QuestionLetter.objects.all().delete()

    work()

    client.force_login(officer)
    shown = client.get(reverse("checklist:batch", args=[batch.pk])).content.decode()
    assert "This report is not open to you any more." in shown
    assert reverse("checklist:proposal-questions", args=[proposal.pk]) in shown


def test_the_dossier_is_reached_from_the_proposal_by_those_who_take_reports(client, round_, officer):
    proposal = make_proposal(round_)
    dossier = reverse("checklist:proposal-dossier", args=[proposal.pk])
    client.force_login(officer)

    for name in ("proposal-detail", "proposal-reports"):
        assert dossier in client.get(reverse(f"checklist:{name}", args=[proposal.pk])).content.decode()
