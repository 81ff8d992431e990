"""What is kept of a finished report: its language, and what happens where its file is lost."""

import pytest
from django.urls import reverse

from checklist.actions.redactions import decide_on_words
from checklist.enums import ReportKind
from checklist.jobs import make_report
from checklist.models import Decision, QuestionLetter
from checklist.reporting.issuing import issue
from checklist.reporting.making import Options
from screening.pdf import MadePdf, PdfDocument
from tests.factories import make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """What is tested here is what is kept, not the drawing."""
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))


def test_a_letter_that_was_sent_is_kept_in_its_own_language(round_, officer):
    proposal = make_proposal(round_, language="fr")
    letter = QuestionLetter.objects.create(
        proposal=proposal, channel="letter", subject="Questions", body="Bonjour", sent_by=officer
    )

    made = make_report(ReportKind.QUESTIONS, letter.pk, Options("en"), by=officer)
    decide_on_words(text=officer.email, kind="email", is_hidden=False, by=officer, proposal=proposal)
    issued = issue(ReportKind.QUESTIONS, letter.pk, Options("en"), by=officer)

    assert (made.language, issued.language) == ("fr", "fr")


def test_a_file_that_the_store_has_lost_is_not_found(client, round_, officer):
    proposal = make_proposal(round_)
    Decision.objects.create(
        proposal=proposal, state="applied", by=officer, outcome="decline", reasons="No.", applied_at=proposal.created_at
    )
    issued = issue(ReportKind.DECISION, proposal.pk, Options("en"), by=officer)
    client.force_login(officer)
    address = reverse("checklist:issued-file", args=[issued.pk])
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")

    issued.file.storage.delete(issued.file.name)

    assert client.get(address).status_code == 404
