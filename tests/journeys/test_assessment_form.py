"""The assessment form in a real browser: what is typed is never lost, whatever happens."""

import re

import pytest

from checklist.actions import assessments as actions
from proposals.models import Document
from tests.factories import PASSWORD, answer_all
from tests.journeys.one_form import choose, opened, path, place, section, stored, wait_until_saved, write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("reviewer_signed_in"),
]


def test_an_answer_is_saved_as_it_is_given(page, assessment):
    opened(page, assessment)

    choose(page, assessment, "1", "partly")
    section(page, assessment, "1").locator("[data-saved] time").wait_for()

    assert stored(assessment, "1").answer == "partly"
    assert "1 of 17 answered, 1 needs a reason" in page.locator("[data-progress-text]").inner_text()
    hint = section(page, assessment, "1").locator("[data-problem=rationale]").inner_text()
    assert hint == "Give a reason for this answer, with the place in the proposal."
    write(page, assessment, "1", "Dated sources on page 3.")
    page.locator("[data-progress-text]", has_text=re.compile("^1 of 17 answered$")).wait_for()
    assert stored(assessment, "1").rationale == "Dated sources on page 3."


def test_principles_show_what_the_checklist_said(page, assessment):
    opened(page, assessment)

    choose(page, assessment, "9", "no")

    beside = section(page, assessment, "P4").locator("[data-bearing]")
    beside.locator(".mk-adverse", has_text="No").wait_for()
    choose(page, assessment, "P4", "4")
    beside.locator(".bearing-notice").wait_for()


def test_evidence_is_added_and_removed(page, assessment):
    Document.objects.create(
        proposal=assessment.proposal, name="Narrative.pdf", file="x", media_type="application/pdf", size=1, sha256="x"
    )
    opened(page, assessment)
    one = section(page, assessment, "1")
    one.locator(".evidence summary").click()

    one.locator("[data-row] select").first.select_option(label="Narrative.pdf")
    one.locator("[data-row] input").first.fill("12")
    one.locator("[data-add-evidence]").click()
    one.locator("[data-row] textarea").last.fill("in their own words")
    wait_until_saved(page)
    assert [(each.document_name, each.page, each.quote) for each in place(assessment, "1").stored.evidence] == [
        ("Narrative.pdf", "12", ""),
        ("", "", "in their own words"),
    ]

    one.locator("[data-remove-evidence]").first.click()
    wait_until_saved(page)
    assert [each.quote for each in place(assessment, "1").stored.evidence] == ["in their own words"]


def test_a_page_cited_in_the_document_becomes_evidence(page, assessment):
    document = Document.objects.create(
        proposal=assessment.proposal, name="Narrative.pdf", file="x", media_type="application/pdf", size=1, sha256="x"
    )
    opened(page, assessment)
    section(page, assessment, "4").locator(".rationale textarea").focus()

    # What the reader in the frame says when "Cite page 7" is pressed there.
    page.locator("[data-reader]", has_text="Narrative.pdf").click()
    said = {"type": "screening:cite", "document": document.pk, "page": "7", "quote": "the words marked"}
    page.frame(name="reader").evaluate("said => window.parent.postMessage(said, location.origin)", said)
    section(page, assessment, "4").locator("[data-saved] time").wait_for()

    assert [(each.document_pk, each.page, each.quote) for each in place(assessment, "4").stored.evidence] == [
        (document.pk, "7", "the words marked")
    ]


def test_without_a_connection_the_text_waits_and_is_sent(page, context, assessment):
    opened(page, assessment)
    context.set_offline(True)

    write(page, assessment, "1", "Written in a tunnel.")
    page.locator("[data-banner]", has_text="No connection").wait_for()
    assert stored(assessment, "1").rationale == ""
    context.set_offline(False)
    wait_until_saved(page)

    assert stored(assessment, "1").rationale == "Written in a tunnel."
    assert page.locator("[data-banner]").is_hidden()


def test_a_browser_closed_in_mid_sentence_loses_nothing(page, context, assessment):
    opened(page, assessment)
    context.route("**/criteria/**", lambda route: route.abort())
    write(page, assessment, "4", "The most vulnerable group is named, but")
    page.close()

    context.unroute("**/criteria/**")
    later = context.new_page()
    later.goto(path(assessment))
    wait_until_saved(later)

    assert section(later, assessment, "4").locator(".rationale textarea").input_value() == (
        "The most vulnerable group is named, but"
    )
    assert stored(assessment, "4").rationale == "The most vulnerable group is named, but"


@pytest.mark.parametrize(
    ("button", "kept"),
    [("keep", "Mine."), ("take", "From the other window."), ("join", "From the other window.\n\nMine.")],
)
def test_two_windows_never_overwrite_each_other(page, assessment, button, kept):
    opened(page, assessment)
    actions.save_response(
        assessment=assessment,
        criterion=place(assessment, "1").criterion,
        by=assessment.reviewer,
        answer="no",
        rationale="From the other window.",
    )

    write(page, assessment, "1", "Mine.")
    panel = section(page, assessment, "1").locator(".conflict")
    panel.wait_for()
    assert stored(assessment, "1").rationale == "From the other window."
    assert "From the other window." in panel.inner_text()
    assert "Mine." in panel.inner_text()
    panel.locator(f"[data-choice={button}]").click()
    wait_until_saved(page)

    assert stored(assessment, "1").rationale == kept
    assert section(page, assessment, "1").locator(".rationale textarea").input_value() == kept


def test_what_was_left_behind_is_laid_beside_what_came_since(page, context, assessment):
    opened(page, assessment)
    context.route("**/criteria/**", lambda route: route.abort())
    actions.save_response(
        assessment=assessment,
        criterion=place(assessment, "1").criterion,
        by=assessment.reviewer,
        rationale="From my phone.",
    )
    write(page, assessment, "1", "Left behind.")
    page.locator("[data-banner]").wait_for()
    page.close()
    context.unroute("**/criteria/**")

    later = context.new_page()
    later.goto(path(assessment))
    later.locator(".conflict").wait_for()
    assert "Left behind." in later.locator(".conflict").inner_text()
    later.locator("[data-choice=join]").click()
    wait_until_saved(later)

    assert stored(assessment, "1").rationale == "From my phone.\n\nLeft behind."


def test_an_answer_lost_on_the_way_back_asks_nobody(page, context, assessment):
    opened(page, assessment)
    lost = []

    def lose_the_first_answer(route):
        response = route.fetch()
        lost.append(response.status)
        route.abort() if len(lost) == 1 else route.fulfill(response=response)

    context.route("**/criteria/**", lose_the_first_answer)
    write(page, assessment, "1", "First words")
    page.locator("[data-banner]").wait_for()
    write(page, assessment, "1", "First words and more")
    wait_until_saved(page)

    assert stored(assessment, "1").rationale == "First words and more"
    assert page.locator(".conflict").count() == 0


def test_an_expired_session_comes_back_to_the_same_text(page, context, assessment):
    opened(page, assessment)
    context.clear_cookies(name="sessionid")
    write(page, assessment, "1", "Typed after the session ended.")
    banner = page.locator("[data-banner]", has_text="You have been signed out")
    banner.wait_for()

    with context.expect_page() as opening:
        banner.locator("a").click()
    tab = opening.value
    tab.locator("input[name=login]").fill(assessment.reviewer.email)
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("input[name=password]").press("Enter")
    tab.wait_for_url(re.compile(f"{path(assessment)}$"))
    tab.close()
    page.bring_to_front()
    wait_until_saved(page)

    assert stored(assessment, "1").rationale == "Typed after the session ended."
    assert page.locator("[data-banner]").is_hidden()


def test_signing_out_takes_unsaved_text_along(page, context, assessment):
    opened(page, assessment)
    context.route("**/criteria/**", lambda route: route.abort())
    write(page, assessment, "1", "For nobody else.")
    page.locator("[data-banner]").wait_for()
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('screening:draft:')).length"
    assert page.evaluate(kept) == 1

    page.goto("/accounts/logout/")
    page.locator("main form[action*=logout] button").first.click()
    page.locator("input[name=login]").wait_for()

    assert page.evaluate(kept) == 0


def test_a_locked_assessment_says_so(page, assessment):
    opened(page, assessment)
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    choose(page, assessment, "1", "no")

    page.locator("[data-banner]", has_text="submitted and locked").wait_for()
    assert stored(assessment, "1").answer == "yes"


def test_submitting_sends_what_was_typed_last(page, assessment):
    answer_all(assessment)
    opened(page, assessment)

    write(page, assessment, "1", "The very last word.")
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Submit and lock").click()
    page.wait_for_url(re.compile("(?!.*submit)"))

    assessment.refresh_from_db()
    assert assessment.is_submitted
    assert stored(assessment, "1").rationale == "The very last word."
