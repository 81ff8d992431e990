"""What a form says of the proposal itself, for those who read it where its page cannot be reached."""

import io

import openpyxl
import pytest
from django.urls import reverse

from proposals.models import Document
from tests.factories import make_assessment, make_reviewer

from .filling import take_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(instruments, round_):
    assessment = make_assessment(round_, make_reviewer(round_))
    proposal = assessment.proposal
    proposal.summary = "A bridge for everybody."
    proposal.save(update_fields=["summary"])
    Document.objects.create(proposal=proposal, name="Budget.xlsx", size=1, sha256="0" * 64)
    return assessment


def test_a_workbook_says_what_the_proposal_is_and_which_documents_to_take_along(begun):
    sheet = openpyxl.load_workbook(io.BytesIO(take_form(begun)))["Proposal"]

    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert (said["Title"], said["Summary"]) == (begun.proposal.title, "A bridge for everybody.")
    assert said["Documents to take along"].startswith("Budget.xlsx\nThey are not in this file.")
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)


def test_the_page_shows_the_summary_and_leads_to_the_documents(client, begun):
    client.force_login(begun.reviewer)

    page = client.get(reverse("checklist:offline")).content.decode()

    assert "A bridge for everybody." in page
    assert f'href="{reverse("proposals:document-view", args=[Document.objects.get().pk])}">Budget.xlsx</a>' in page
