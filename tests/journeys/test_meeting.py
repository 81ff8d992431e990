"""A meeting of the panel in three browsers: the chair leads, a reviewer follows, one in conflict is shut out."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from checklist.actions.assessments import submit_assessment
from checklist.models import PanelMeeting
from checklist.selectors.assessments import assessment_with_round
from proposals.enums import AccessLevel
from tests.factories import answer_all, make_assessment, make_member, make_proposal, make_reviewer, make_round, open_to
from tests.journeys.helpers import give_session, watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def panel(live_server, instruments):
    """Two proposals with two assessments each; one reviewer is in conflict with the first."""
    round_ = make_round("MEET")
    people = {"chair": make_member(round_, "chair", name="Clara Chair")}
    people["one"] = make_reviewer(round_, name="Rita One")
    people["torn"] = make_reviewer(round_, name="Torn Reviewer")
    proposals = [make_proposal(round_, title=title) for title in ("Safe harbours", "Open doors")]
    for proposal, pair in zip(proposals, (("one", "yes"), ("torn", "yes")), strict=True):
        for reviewer, answer in ((people[pair[0]], pair[1]), (make_reviewer(round_, name="Rita Two"), "no")):
            assessment = make_assessment(proposal=proposal, reviewer=reviewer)
            answer_all(assessment, answer=answer)
            submit_assessment(assessment=assessment_with_round(assessment.pk), by=reviewer)
    open_to(proposals[0], people["torn"], AccessLevel.CLOSED)
    open_to(proposals[1], people["one"], AccessLevel.FULL)
    return round_, people


@pytest.fixture
def screen(new_context, live_server, problems):
    def opened(person):
        context = new_context()
        # A client of her own: the next sign-in would end the session of this one.
        give_session(context, Client(), person, live_server)
        return watch(context.new_page(), problems)

    return opened


def test_every_screen_follows_the_chair(screen, panel, axe):
    round_, people = panel
    address = reverse("checklist:meeting", args=[round_.reference])
    chair, one, torn = (screen(people[who]) for who in ("chair", "one", "torn"))

    chair.goto(address)
    chair.get_by_role("button", name="Open the meeting").focus()
    chair.keyboard.press("Enter")
    # The order is changed by keyboard until the first proposal is "Safe harbours".
    first = chair.locator(".agenda > li").first
    if "Safe harbours" not in first.inner_text():
        chair.get_by_role("button", name="Up: Safe harbours").focus()
        chair.keyboard.press("Enter")
    expect(chair.locator(".agenda > li").first).to_contain_text("Safe harbours")
    for page in (one, torn):
        page.goto(address)
        expect(page.locator("#now")).to_have_text("The meeting has begun")

    chair.get_by_role("button", name="Call the first proposal").click()
    expect(chair.locator("#now")).to_have_text("Safe harbours")
    expect(one.locator("#now")).to_have_text("Safe harbours", timeout=20_000)
    expect(one.locator("table caption").first).to_contain_text("2 reviewers")
    expect(torn.locator("#now")).to_have_text("You are shut out while this proposal is on", timeout=20_000)
    expect(torn.locator("[data-meeting-state]")).to_contain_text("The meeting has moved on")
    assert "Safe harbours" not in torn.content()
    assert (axe(chair), axe(one), axe(torn)) == ([], [], [])

    chair.get_by_role("button", name="Next proposal").click()
    expect(torn.locator("#now")).to_have_text("Open doors", timeout=20_000)
    chair.get_by_role("button", name="Close the meeting").click()
    chair.get_by_role("heading", name="Minutes of").wait_for()
    expect(chair.locator("main")).to_contain_text("Torn Reviewer")
    expect(torn.get_by_role("heading", name="No meeting is running")).to_be_visible(timeout=20_000)
    assert PanelMeeting.objects.get().items.order_by("position").first().shut_out == ["Torn Reviewer"]


def test_what_is_typed_in_the_discussion_is_kept_and_a_name_is_offered(screen, panel):
    round_, people = panel
    proposal = round_.proposals.get(title="Safe harbours")
    page = screen(people["chair"])
    page.goto(reverse("checklist:proposal-panel", args=[proposal.pk]))
    field = page.get_by_label("What you want to say")
    field.fill("")
    field.press_sequentially("What do you think, @rit")
    page.get_by_role("option", name="Rita One").wait_for()
    page.keyboard.press("Enter")
    expect(field).to_have_value("What do you think, @Rita One ")
    expect(page.get_by_role("checkbox", name="Rita One")).to_be_checked()

    page.reload()
    expect(field).to_have_value("What do you think, @Rita One ")
    page.get_by_role("button", name="Add to the discussion").click()
    expect(page.locator(".entries")).to_contain_text("told: Rita One")
    expect(page.get_by_label("What you want to say")).to_have_value("")
