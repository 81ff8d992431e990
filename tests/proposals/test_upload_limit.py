"""A form that brings too much is shown again with the reason, and nothing happens."""

import pytest
from django.urls import reverse

from proposals.models import Document, ImportFile
from tests.factories import make_officer, make_proposal, make_round

from .files import pdf_bytes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(client):
    round_ = make_round("MEKONG")
    client.force_login(make_officer(round_))
    return make_proposal(round_)


def sent(client, proposal, count=1):
    files = [upload(pdf_bytes(), f"{number}.pdf") for number in range(count)]
    return client.post(reverse("proposals:document-add", args=[proposal.pk]), {"kind": "annex", "files": files})


def test_too_many_files_are_refused_at_the_field(client, proposal, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2

    response = sent(client, proposal, count=3)

    assert response.context["form"].errors == {"files": ["These are more than 2 files. Send fewer at a time."]}
    assert not Document.objects.exists()


def test_files_that_are_too_much_together_are_refused_at_the_field(client, proposal, settings):
    settings.SCREENING_MAX_UPLOAD_MB = 0

    response = sent(client, proposal)

    said = "The files are more than 0 MB together. Send fewer at a time."
    assert response.context["form"].errors == {"files": [said]}
    assert said in response.content.decode()
    assert not Document.objects.exists()


def test_a_spreadsheet_that_is_too_much_is_refused_at_the_field(client, proposal, settings):
    settings.SCREENING_MAX_UPLOAD_MB = 0

    response = client.post(reverse("proposals:import-add", args=["MEKONG"]), {"file": upload(b"title\nA\n", "a.csv")})

    assert list(response.context["form"].errors) == ["file"]
    assert not ImportFile.objects.exists()


def test_a_page_that_takes_no_files_says_so_and_does_nothing(client, proposal, settings):
    settings.SCREENING_MAX_UPLOAD_MB = 0
    title = proposal.title

    response = client.post(reverse("proposals:proposal-edit", args=[proposal.pk]), {"title": "Another"})

    assert response.status_code == 413
    assert "more than 0 MB together" in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.title == title


def test_what_is_within_the_limits_is_taken(client, proposal):
    assert sent(client, proposal).status_code == 302
    assert Document.objects.count() == 1
