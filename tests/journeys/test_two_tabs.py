"""Two tabs of one person: neither overwrites the other in silence."""

import pytest
from playwright.sync_api import expect

from checklist.actions.assessments import save_response
from tests.factories import make_assessment
from tests.journeys.helpers import AssessmentForm, give_session, watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_tabs(page, context, client, live_server, instruments, problems):
    assessment = make_assessment()
    give_session(context, client, assessment.reviewer, live_server)
    first = AssessmentForm.open(page, assessment)
    second = AssessmentForm.open(watch(context.new_page(), problems), assessment)
    return assessment, first, second


def stored(assessment, key):
    return assessment.responses.get(criterion__key=key).rationale


def test_two_tabs_that_write_the_same_answer_are_asked_and_both_texts_live(two_tabs):
    assessment, first, second = two_tabs
    first.reason("1").fill("From the first tab.")
    first.wait_until_saved()

    second.reason("1").fill("From the second tab.")
    panel = second.section("1").locator(".conflict")
    panel.wait_for()

    assert stored(assessment, "1") == "From the first tab."
    assert "From the second tab." in panel.inner_text()
    panel.get_by_role("button", name="Join both").click()
    second.wait_until_saved()
    assert stored(assessment, "1") == "From the first tab.\n\nFrom the second tab."


def test_a_text_that_waits_for_a_choice_outlives_what_the_other_tab_saves(two_tabs, context):
    assessment, first, second = two_tabs
    first.reason("1").fill("From the first tab.")
    first.wait_until_saved()
    second.reason("1").fill("From the second tab.")
    second.section("1").locator(".conflict").wait_for()

    first.reason("1").fill("From the first tab, and more.")
    first.wait_until_saved()
    first.page.close()
    second.page.close()

    later = AssessmentForm.open(context.new_page(), assessment)
    panel = later.section("1").locator(".conflict")
    panel.wait_for()
    assert "From the second tab." in panel.inner_text()
    assert "From the first tab, and more." in panel.inner_text()


def test_a_tab_that_is_behind_in_one_answer_goes_on_with_the_others(two_tabs):
    assessment, _first, second = two_tabs
    criterion = assessment.versions.first().criteria.get(key="1")
    save_response(assessment=assessment, criterion=criterion, by=assessment.reviewer, rationale="Elsewhere.")

    second.reason("1").fill("Mine.")
    second.section("1").locator(".conflict").wait_for()
    second.choose("3", "no")
    second.reason("3").fill("Searched the registry.")

    second.section("3").locator("[data-saved] time").wait_for()
    expect(second.section("3").locator("[data-problem=rationale]")).to_be_empty()
    assert stored(assessment, "3") == "Searched the registry."
    assert stored(assessment, "1") == "Elsewhere."
