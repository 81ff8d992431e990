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

EN = Options("en")


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """What is tested here is what is kept, not the drawing."""
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))


def test_a_letter_that_was_sent_is_kept_in_its_own_language(round_, officer):
    proposal = make_proposal(round_, language="fr")
    letter = QuestionLetter.objects.create(
        proposal=proposal, channel="letter", subject="Questions", body="Bonjour", sent_by=officer
    )

    made = make_report(ReportKind.QUESTIONS, letter.pk, EN, by=officer)
    decide_on_words(text=officer.email, kind="email", is_hidden=False, by=officer, proposal=proposal)
    issued = issue(ReportKind.QUESTIONS, letter.pk, EN, by=officer)

    assert (made.language, issued.language) == ("fr", "fr")


def test_a_file_that_the_store_has_lost_is_not_found(client, round_, officer):
    proposal = make_proposal(round_)
    Decision.objects.create(
        proposal=proposal, state="applied", by=officer, outcome="decline", reasons="No.", applied_at=proposal.created_at
    )
    issued = issue(ReportKind.DECISION, proposal.pk, EN, by=officer)
    client.force_login(officer)
    address = reverse("checklist:issued-file", args=[issued.pk])
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")

    issued.file.storage.delete(issued.file.name)

    assert client.get(address).status_code == 404


def test_a_report_whose_file_is_lost_can_be_made_again(client, round_, officer):
    proposal = make_proposal(round_)
    made = make_report(ReportKind.FEEDBACK, proposal.pk, EN, by=officer)
    with made.file.open() as file:
        data = file.read()
    made.file.storage.delete(made.file.name)
    client.force_login(officer)
    address = reverse("checklist:report", args=["feedback", proposal.pk], query={"lang": "en"})
    assert client.get(address).context["state"] == "missing"

    again = make_report(ReportKind.FEEDBACK, proposal.pk, EN, by=officer)

    with again.file.open() as file:
        assert (again.pk, file.read()) == (made.pk, data)
    assert client.get(address).context["state"] == "ready"
