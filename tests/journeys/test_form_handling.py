"""The assessment form in a person's hands: keys, divider, a small screen, without scripts."""

import pytest

from checklist.actions import assessments as actions
from checklist.selectors.drafts import load_draft
from tests.factories import answer_all
from tests.journeys.one_form import choose, opened, path, place, section, stored, wait_until_saved, write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("reviewer_signed_in"),
]


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


def test_nothing_is_inaccessible_or_wider_than_the_screen(inspector, page, assessment):
    actions.save_response(
        assessment=assessment, criterion=place(assessment, "1").criterion, by=assessment.reviewer, answer="no"
    )
    opened(page, assessment)
    for fold in page.locator("#instrument summary").all():
        fold.click()

    inspector.inspect("the form, unfolded", widths=(1366, 320))
    inspector.look(path(assessment, "assessment-submit"), widths=(1366, 320))

    assert "\n".join(inspector.found) == ""


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
