"""A page of a list on which no row can be ticked still offers what is done with all rows of the list."""

from functools import partial

import pytest
from django.urls import reverse

from checklist.actions.decisions import record_decision
from checklist.views import assignments, decisions
from screening.listing import build_listing
from tests.checklist.asked import asked, handed_in
from tests.factories import make_proposal, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_row_on_a_page(monkeypatch):
    for views in (assignments, decisions):
        monkeypatch.setattr(views, "build_listing", partial(build_listing, page_size=1))


def pages(client, officer, name, round_, **query):
    client.force_login(officer)
    address = reverse(f"checklist:{name}", args=[round_.reference])
    return [client.get(address, {**query, "page": number}).content.decode() for number in (1, 2)]


def test_the_scorecards_of_all_reviews(client, instruments, round_, officer):
    asked(make_proposal(round_), make_reviewer(round_))
    handed_in(asked(make_proposal(round_), make_reviewer(round_)))

    found = pages(client, officer, "assignment-list", round_)

    assert ["all=reviews" in page for page in found] == [True, True]
    assert ["Make scorecards of the selected" in page for page in found] == [False, True]


def test_deciding_on_all_proposals(client, round_, officer):
    decided = make_proposal(round_, title="First")
    make_proposal(round_, title="Second")
    record_decision(proposal=decided, outcome="decline", reasons="As the panel says.", by=officer)

    found = pages(client, officer, "decision-list", round_, sort="title")

    assert ["?all=1" in page for page in found] == [True, True]
    assert ["Decide on the selected" in page for page in found] == [False, True]
