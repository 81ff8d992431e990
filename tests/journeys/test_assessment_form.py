"""The assessment form in a real browser: what is typed is never lost, whatever happens."""

import re

import pytest
from django.urls import reverse

from checklist.actions import assessments as actions
from checklist.selectors.drafts import load_draft
from proposals.models import Document
from tests.factories import PASSWORD, answer_all, make_assessment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def assessment(live_server, instruments):
    return make_assessment()


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def stored(assessment, key):
    return place(assessment, key).stored.answer


def path(assessment, name="assessment-edit"):
    return reverse(f"checklist:{name}", args=[assessment.pk])


def sign_in(page, assessment):
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(assessment.reviewer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*login).*$"))


def opened(page, assessment):
    sign_in(page, assessment)
    page.goto(path(assessment))
    page.locator(".has-script").wait_for()
    return page


def section(page, assessment, key):
    return page.locator(f"#c-{place(assessment, key).criterion.pk}")


def choose(page, assessment, key, code):
    # The first frame of choices is the criterion's own; the parts come after it.
    section(page, assessment, key).locator(f".choices input[value='{code}']").check()


def write(page, assessment, key, text):
    section(page, assessment, key).locator(".rationale textarea").fill(text)


def wait_until_saved(page):
    page.locator("[data-save-state]", has_text="All saved").wait_for()


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


def test_the_whole_form_by_keyboard(page, assessment):
    opened(page, assessment)
    page.locator("body").press("j")
    page.keyboard.press("k")
    for at in list(load_draft(assessment).places()):
        current = page.locator("[data-current]")
        assert current.get_attribute("data-criterion") == str(at.criterion.pk)
        page.keyboard.press("2")
        page.keyboard.press("r")
        # Digits and letters are only text here.
        page.keyboard.type("see j2")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
    wait_until_saved(page)

    codes = [stored(assessment, at.criterion.key).answer for at in load_draft(assessment).places()]
    assert codes == ["partly"] * 11 + ["2"] * 6
    assert stored(assessment, "5").rationale == "see j2"
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1


def test_the_keys_can_be_switched_off(page, assessment):
    opened(page, assessment)
    page.locator("[data-open-keys]").click()
    with page.expect_response("**/shortcuts/"):
        page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")

    page.locator("#instrument").press("1")
    page.reload()
    page.locator(".has-script").wait_for()
    page.locator("#instrument").press("1")

    assert page.locator(".choices input:checked:not([value=''])").count() == 0


def test_the_divider_moves_by_keyboard_and_is_remembered(page, assessment):
    opened(page, assessment)
    divider = page.locator("[role=separator]")
    before = page.locator("#proposal").bounding_box()["width"]

    for _ in range(5):
        divider.press("ArrowLeft")

    assert divider.get_attribute("aria-valuenow") == "35"
    assert page.locator("#proposal").bounding_box()["width"] < before
    page.reload()
    page.locator(".has-script").wait_for()
    assert divider.get_attribute("aria-valuenow") == "35"


def test_the_divider_moves_by_mouse(page, assessment):
    opened(page, assessment)
    box = page.locator("[role=separator]").bounding_box()

    page.mouse.move(box["x"] + box["width"] / 2, 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, 400, steps=4)
    page.mouse.up()

    assert page.locator("[role=separator]").bounding_box()["x"] > box["x"] + 100


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390, 320])
def test_nothing_is_inaccessible_or_wider_than_the_screen(page, axe, assessment, scheme, width):
    actions.save_response(
        assessment=assessment, criterion=place(assessment, "1").criterion, by=assessment.reviewer, answer="no"
    )
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, assessment)
    for fold in page.locator("#instrument summary").all():
        fold.click()
    # What lies half under the bar that stays in view can be scrolled out from under it.
    page.evaluate("scrollTo(0, 0)")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(path(assessment, "assessment-submit"))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_phone_switches_between_proposal_and_assessment(page, assessment):
    page.set_viewport_size({"width": 390, "height": 800})
    opened(page, assessment)
    assert page.locator("#proposal").is_hidden()

    page.get_by_role("link", name="Proposal", exact=True).click()

    assert page.locator("#proposal").is_visible()
    assert page.locator("#instrument").is_hidden()


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False, "viewport": {"width": 320, "height": 800}}

    def test_the_form_is_filled_in_and_submitted(self, page, assessment):
        answer_all(assessment)
        sign_in(page, assessment)
        page.goto(path(assessment))

        choose(page, assessment, "5", "no")
        write(page, assessment, "1", "Saved along with the other.")
        section(page, assessment, "5").get_by_role("button", name="Save 5").click()
        write(page, assessment, "5", "Too short.")
        page.get_by_role("button", name="Check and submit").click()
        page.get_by_role("button", name="Submit and lock").click()

        assessment.refresh_from_db()
        assert assessment.is_submitted
        assert (stored(assessment, "5").answer, stored(assessment, "5").rationale) == ("no", "Too short.")
        assert stored(assessment, "1").rationale == "Saved along with the other."

    def test_two_windows_are_laid_side_by_side(self, page, assessment):
        sign_in(page, assessment)
        page.goto(path(assessment))
        actions.save_response(
            assessment=assessment,
            criterion=place(assessment, "1").criterion,
            by=assessment.reviewer,
            rationale="From the other window.",
        )

        write(page, assessment, "1", "Mine.")
        section(page, assessment, "1").get_by_role("button", name="Save 1").click()
        page.get_by_label("Join both").check()
        page.get_by_role("button", name="Save my choice").click()

        assert stored(assessment, "1").rationale == "From the other window.\n\nMine."
