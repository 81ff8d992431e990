"""The page of a report: its form makes what it chooses, with and without scripts."""

import pytest
from django.urls import reverse

from screening.models import Job
from tests.factories import make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, instruments, round_, officer):
    client.force_login(officer)
    return reverse("checklist:report", args=["proposal", make_proposal(round_).pk])


def test_what_the_form_chooses_is_made_whatever_the_address_shows(client, page):
    chosen = {"lang": "fr", "paper": "letter", "names": "letters"}

    response = client.post(f"{page}?lang=en&paper=a4&names=named", chosen)

    assert response.headers["Location"] == f"{page}?lang=fr&paper=letter&names=letters"
    [job] = Job.objects.all()
    shown = client.get(response.headers["Location"])
    assert shown.context["options"].key in job.key
    assert shown.context["state"] == "waiting"


def test_what_the_form_does_not_offer_stays_as_the_address_has_it(client, page):
    response = client.post(f"{page}?lang=en&paper=letter&names=letters", {"lang": "en"})

    assert response.headers["Location"] == f"{page}?lang=en&paper=letter&names=letters"


def test_choice_and_button_stand_in_one_form(client, page):
    content = client.get(page).content.decode()

    form = content[content.index("data-report-choice") :].partition("</form>")[0]
    assert 'name="names"' in form
    assert "Make the PDF" in form
    assert content.count("Make the PDF") == 1
