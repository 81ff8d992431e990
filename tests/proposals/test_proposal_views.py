"""Registering and changing one proposal by the form."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from proposals.enums import AccessLevel
from proposals.models import Organisation, Proposal
from proposals.selectors import facts_of
from tests.factories import make_member, make_officer, make_proposal, make_round, open_to

pytestmark = pytest.mark.django_db

FILLED = {
    "title": "Safe  harbours",
    "summary": "Fishers on trawlers.",
    "applicant": "Blue Boat",
    "partners": "Port Watch\nMekong Law Centre",
    "countries": "Cambodia, Lao PDR",
    "areas": "Sihanoukville, Cambodia\nGulf of Thailand",
    "starts_on": "2026-01-01",
    "ends_on": "2027-12-31",
    "amount": "250,000.50",
    "currency": "usd",
    "exploitation": ["fishing", "forced_labour"],
    "populations": ["men", "migrant_workers"],
    "four_p": ["protection"],
    "victim_contact": "yes",
    "language": "en",
}


@pytest.fixture
def round_():
    return make_round("GMS", currency="EUR")


@pytest.fixture
def officer(round_, client):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


def add_url(round_):
    return reverse("proposals:proposal-add", args=[round_.reference])


def edit_url(proposal):
    return reverse("proposals:proposal-edit", args=[proposal.pk])


def typed(form):
    """What the browser would post for this form as it is shown."""
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_a_filled_form_registers_a_proposal(client, officer, round_):
    response = client.post(add_url(round_), FILLED)

    proposal = Proposal.objects.get()
    assert response.status_code == 302
    assert response["Location"] == proposal.get_absolute_url()
    facts = facts_of(proposal)
    assert (facts.title, facts.reference, facts.applicant) == ("Safe harbours", "GMS-001", "Blue Boat")
    assert facts.partners == ("Port Watch", "Mekong Law Centre")
    assert facts.places == (("LA", ""), ("KH", "Sihanoukville"), ("", "Gulf of Thailand"))
    assert (facts.starts_on, facts.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))
    assert (facts.amount, facts.currency) == (Decimal("250000.50"), "USD")
    assert (facts.exploitation, facts.populations) == (("fishing", "forced_labour"), ("men", "migrant_workers"))
    assert (facts.four_p, facts.victim_contact, facts.language) == (("protection",), "yes", "en")


def test_the_empty_form_proposes_the_currency_of_the_round_and_needs_only_a_title(client, officer, round_):
    page = client.get(add_url(round_))
    assert page.context["form"]["currency"].value() == "EUR"

    client.post(add_url(round_), {"title": "A note", "victim_contact": "unknown", "currency": "EUR"})

    proposal = Proposal.objects.get()
    assert (proposal.title, proposal.applicant, proposal.amount, proposal.currency) == ("A note", None, None, "")


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("title", "", "Give the proposal a title."),
        ("title", "x" * 501, "longer than 500"),
        ("countries", "Thialand", "Is it Thailand?"),
        ("amount", "about 5000", "is not understood beside an amount"),
        ("amount", "-5", "negative"),
        ("currency", "DOLLARS", "Use three letters"),
        ("currency", "XYZ", "not a currency code"),
        ("currency", "", "in which currency"),
        ("ends_on", "2025-01-01", "ends before it starts"),
        ("areas", "x" * 201, "at most 200"),
        ("partners", "x" * 301, "at most 300"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(client, officer, round_, field, value, words):
    response = client.post(add_url(round_), {**FILLED, field: value})

    form = response.context["form"]
    assert response.status_code == 200
    assert words in " ".join(form.errors[field])
    assert form["summary"].value() == "Fishers on trawlers."
    assert not Proposal.objects.exists()


def test_a_reference_that_is_taken_is_refused_at_its_field(client, officer, round_):
    make_proposal(round_, reference="GMS-007")

    response = client.post(add_url(round_), {**FILLED, "reference": "GMS-007"})

    assert "already has a proposal" in response.context["form"].errors["reference"][0]


def test_saving_the_form_as_it_was_shown_changes_nothing(client, officer, round_):
    client.post(add_url(round_), FILLED)
    proposal = Proposal.objects.get()
    before = facts_of(proposal)

    response = client.post(edit_url(proposal), typed(client.get(edit_url(proposal)).context["form"]))

    proposal.refresh_from_db()
    assert response.status_code == 302
    assert facts_of(proposal) == before
    assert proposal.revision == 1


def test_a_changed_form_changes_the_proposal(client, officer, round_):
    proposal = make_proposal(round_)
    data = typed(client.get(edit_url(proposal)).context["form"])

    client.post(edit_url(proposal), {**data, "title": "Safer harbours", "applicant": "Red Boat", "areas": "Regional"})

    proposal.refresh_from_db()
    assert (proposal.title, str(proposal.applicant), proposal.revision) == ("Safer harbours", "Red Boat", 2)
    assert facts_of(proposal).places == (("", "Regional"),)


def test_what_somebody_else_saved_meanwhile_is_shown_and_not_overwritten(client, officer, round_):
    proposal = make_proposal(round_)
    data = typed(client.get(edit_url(proposal)).context["form"])
    client.post(edit_url(proposal), {**data, "title": "The first to save"})

    response = client.post(edit_url(proposal), {**data, "title": "The second to save"})

    proposal.refresh_from_db()
    assert proposal.title == "The first to save"
    assert response.context["conflicts"] == [("Title", "The first to save", "The second to save")]
    assert "Somebody else changed this proposal" in response.content.decode()

    client.post(edit_url(proposal), typed(response.context["form"]))

    proposal.refresh_from_db()
    assert proposal.title == "The second to save"


def test_names_of_known_organisations_are_offered(client, officer, round_):
    Organisation.objects.create(name="O'Neill & <Co>", name_key="oneill co")

    page = client.get(add_url(round_)).content.decode()

    assert '<option value="O&#x27;Neill &amp; &lt;Co&gt;"></option>' in page


@pytest.mark.parametrize("role, status", [("chair", 403), ("observer", 403), ("reviewer", 403)])
def test_others_in_the_round_may_not_register(client, round_, role, status):
    client.force_login(make_member(round_, role))

    assert client.get(add_url(round_)).status_code == status
    assert client.post(add_url(round_), FILLED).status_code == status
    assert not Proposal.objects.exists()


def test_who_does_not_know_the_round_finds_nothing(client, round_):
    client.force_login(make_officer(make_round()))

    assert client.get(add_url(round_)).status_code == 404
    assert client.get(edit_url(make_proposal(round_))).status_code == 404


def test_a_conflict_of_interest_closes_the_form_to_the_officer_too(client, officer, round_):
    proposal = make_proposal(round_)
    open_to(proposal, officer, AccessLevel.CLOSED)

    assert client.get(edit_url(proposal)).status_code == 404


def test_signing_in_comes_first(client, round_):
    assert client.get(add_url(round_)).status_code == 302
    assert client.get(edit_url(make_proposal(round_))).status_code == 302
