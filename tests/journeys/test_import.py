"""The way of an officer from a spreadsheet on her disk to proposals in the round, in a real browser."""

from pathlib import Path

import pytest

from proposals.models import Proposal
from tests.factories import make_officer, make_round
from tests.journeys.helpers import give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FY2002 = Path(__file__).resolve().parents[3] / "shared" / "data" / "ct_projects" / "us_gov_anti_tip_projects_fy2002.csv"
PILE = "Identifier,Title,Applicant,Amount,Currency\nA-1,Safe harbours,Blue Boat,100,USD\nA-2,Open doors,,200,EUR\n"


@pytest.fixture
def officer(page, context, client, live_server):
    officer = make_officer(make_round("GMS"))
    give_session(context, client, officer, live_server)
    return officer


def pile(tmp_path, text, name="pile.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def upload(page, path):
    page.goto("/rounds/GMS/imports/")
    page.get_by_role("link", name="Upload a file").click()
    page.get_by_label("Spreadsheet").set_input_files(path)
    page.get_by_role("button", name="Upload and match the columns").click()
    page.wait_for_url("**/columns/")


def test_the_projects_of_2002_are_imported_through_the_browser(page, officer):
    if not FY2002.exists():
        pytest.skip("the real file of 2002 is not on this machine")

    upload(page, FY2002)
    assert page.get_by_label("recipient", exact=True).input_value() == "applicant"
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("link", name="Remarks").click()
    assert page.get_by_text("No title in the file; made from the summary.").first.is_visible()
    page.get_by_role("button", name="Import all 201").click()

    page.get_by_role("heading", name="is imported").wait_for()
    assert Proposal.objects.count() == 201

    upload(page, FY2002)
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_text("All rows are here already").wait_for()
    assert page.get_by_role("button", name="Nothing to import").is_disabled()


def test_an_error_is_mended_by_matching_differently_or_by_another_file(page, officer, tmp_path):
    upload(page, pile(tmp_path, PILE.replace("200", "two hundred")))
    page.get_by_role("button", name="Check all rows").click()

    page.get_by_text("Line 3, “Amount”:").wait_for()
    assert page.get_by_role("button", name="Cannot import yet").is_disabled()
    page.get_by_role("link", name="Match the columns differently").click()
    page.get_by_label("Amount", exact=True).select_option("notes")
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name="Import all 2").click()

    page.get_by_role("heading", name="is imported").wait_for()
    assert Proposal.objects.get(external_id="A-2").notes == "Amount: two hundred"


def test_changed_rows_are_updated_when_chosen(page, officer, tmp_path):
    upload(page, pile(tmp_path, PILE))
    page.get_by_role("button", name="Check all rows").click()
    page.get_by_role("button", name="Import all 2").click()
    upload(page, pile(tmp_path, PILE.replace("Open doors", "Wide open doors"), "again.csv"))
    page.get_by_role("button", name="Check all rows").click()

    page.get_by_label("Update them from the file").check()
    page.get_by_role("button", name="Import", exact=True).click()

    page.get_by_role("heading", name="is imported").wait_for()
    assert Proposal.objects.get(external_id="A-2").title == "Wide open doors"


def test_a_form_that_takes_a_while_says_so(page, officer, tmp_path):
    upload(page, pile(tmp_path, PILE))
    # Sent without leaving the page, so that what is said while waiting stays to be seen.
    page.evaluate("document.querySelector('form[data-busy]').dispatchEvent(new Event('submit', {cancelable: true}))")

    page.get_by_role("status").filter(has_text="Checking 2 rows").wait_for()


def test_axe_finds_nothing_and_a_phone_never_scrolls_sideways(inspector, page, officer, tmp_path):
    """With remarks on a row; without any, every page is looked at in test_accessibility."""
    upload(page, pile(tmp_path, PILE.replace("100", "1.234")))
    page.get_by_role("button", name="Check all rows").click()
    page.wait_for_url("**/preview/")
    preview = page.url

    inspector.inspect(preview)
    inspector.look(preview.replace("preview", "columns"))

    assert "\n".join(inspector.found) == ""


def test_a_proposal_is_registered_and_changed_by_the_form(page, officer):
    page.goto("/rounds/GMS/proposals/new/")
    page.get_by_label("Title").fill("Safe harbours")
    page.get_by_label("Countries").fill("Cambodja")
    page.get_by_label("Forced labour at sea").check()
    page.get_by_role("button", name="Register the proposal").click()
    page.get_by_text("“Cambodja” is no country we know. Is it Cambodia?").first.wait_for()
    assert page.get_by_label("Forced labour at sea").is_checked()

    page.get_by_label("Countries").fill("Cambodia")
    page.get_by_role("button", name="Register the proposal").click()
    page.wait_for_url("**/proposals/*/")

    proposal = Proposal.objects.get()
    assert [str(place) for place in proposal.places.all()] == ["KH"]
    assert [tag.code for tag in proposal.tags.all()] == ["fishing"]
