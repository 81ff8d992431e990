"""Two people write one draft, by mouse and by keyboard: nothing is lost, nothing overwritten."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from checklist.actions import studio
from checklist.selectors.draft_content import value_at
from tests.factories import make_instrument_editor, make_user
from tests.journeys.helpers import give_session, watch


def all_saved(page, timeout=15_000):
    page.locator("[data-save-state]", has_text="All saved").wait_for(timeout=timeout)


def opened(page, url):
    page.goto(url)
    page.locator("[data-studio].has-script").wait_for()
    return page


class TestTwoBrowsers:
    pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

    @pytest.fixture
    def draft(self, live_server, instruments):
        return studio.start_next_version(version=instruments[0], by=make_instrument_editor())

    @pytest.fixture
    def anna(self, new_context, live_server, draft, problems):
        return self._page(new_context, live_server, problems, make_instrument_editor())

    @pytest.fixture
    def ben(self, new_context, live_server, draft, problems):
        editor = make_user("Ben Editor", is_instrument_editor=True)
        return self._page(new_context, live_server, problems, editor)

    def _page(self, new_context, live_server, problems, editor):
        context = new_context()
        # A client each: signing somebody else in with one would end the first one's session.
        give_session(context, Client(), editor, live_server)
        return watch(context.new_page(), problems)

    def test_never_over_each_others_words(self, anna, ben, draft):
        url = f"{draft.get_absolute_url()}edit/criteria/5/"
        opened(anna, url)
        opened(ben, url)

        ben.locator("#criteria-5-wording").fill("Ben's words")
        all_saved(ben)
        anna.locator("#criteria-5-guidance").fill("Anna's guidance")
        anna.locator("#criteria-5-wording").fill("Anna's words")
        conflict = anna.locator("[data-field='criteria/5/wording'] .conflict")
        expect(conflict).to_contain_text("Ben Editor changed this meanwhile.")
        assert value_at(draft, "criteria/5/wording") == "Ben's words"
        assert value_at(draft, "criteria/5/guidance") == "Anna's guidance"

        # Closed without choosing: her words are still there, and so is the question.
        opened(anna, url)
        expect(conflict).to_contain_text("Anna's words")
        conflict.get_by_role("button", name="Keep mine").click()
        all_saved(anna)
        assert value_at(draft, "criteria/5/wording") == "Anna's words"
        expect(anna.locator("[data-preview] h3")).to_have_text("Anna's words")

        ben.locator("#criteria-5-wording").fill("Ben again")
        ben.get_by_role("button", name="Take the other").click()
        expect(ben.locator("#criteria-5-wording")).to_have_value("Anna's words")
        all_saved(ben)
        ben.reload()
        ben.get_by_role("button", name="Undo: wording of item 5").click()
        expect(ben.locator("#criteria-5-wording")).to_have_value("Ben's words")

    def test_the_order_by_keyboard_by_mouse_and_by_somebody_else(self, anna, ben, draft):
        url = f"{draft.get_absolute_url()}edit/"
        opened(ben, url)
        opened(anna, url)

        name = anna.locator("#criteria-5 [data-name]")
        name.focus()
        anna.keyboard.press("Alt+ArrowUp")
        anna.keyboard.press("Alt+ArrowUp")
        expect(anna.locator("[data-announce]")).to_have_text("Time and funding is now 3 of 11")
        expect(name).to_be_focused()
        all_saved(anna)
        assert value_at(draft, "criteria")[:5] == ["1", "2", "5", "3", "4"]

        handle, target = anna.locator("#criteria-11 [data-handle]"), anna.locator("#criteria-8")
        handle.scroll_into_view_if_needed()
        start, end = handle.bounding_box(), target.bounding_box()
        anna.mouse.move(start["x"] + 10, start["y"] + 10)
        anna.mouse.down()
        anna.mouse.move(start["x"] + 10, end["y"] + 4, steps=8)
        anna.mouse.up()
        all_saved(anna)
        moved = ["1", "2", "5", "3", "4", "6", "7", "11", "8", "9", "10"]
        assert value_at(draft, "criteria") == moved

        ben.locator("#criteria-1 [data-step='1']").click()
        expect(ben.locator("[data-banner]")).to_contain_text("Edna Editor changed this meanwhile.")
        expect(ben.locator("#criteria > li").nth(2)).to_have_attribute("data-key", "5")
        assert value_at(draft, "criteria") == moved

    def test_everything_about_an_item(self, anna, draft):
        opened(anna, f"{draft.get_absolute_url()}edit/")

        anna.get_by_role("button", name="Add an item").click()
        anna.wait_for_url("**/criteria/12/**")
        anna.locator("#criteria-12-wording").fill("Are survivors consulted and paid?")
        anna.get_by_role("button", name="Add a sub-question").click()
        anna.locator("#criteria-12-sub-a-wording").fill("Are survivors consulted?")
        anna.get_by_role("button", name="Add a sub-question").click()
        anna.locator("#criteria-12-sub-b-wording").fill("Are they paid?")
        with anna.expect_navigation():
            anna.get_by_label("Blocks a recommendation").check()
        anna.locator("[data-studio].has-script").wait_for()
        anna.get_by_label("Where the project has direct contact with victims").check()
        anna.locator("#criteria-12-critical_scope").get_by_label("12b: Are they paid?").check()
        all_saved(anna)
        expect(anna.get_by_text("An example: with 12a “Yes”, 12b “No”, the item is “No”.")).to_be_visible()

        fields = value_at(draft, "criteria/12")["fields"]
        assert fields["wording"] == "Are survivors consulted and paid?"
        assert (fields["critical_rule"], fields["critical_scope"]) == ("block", "b")
        assert fields["critical_condition"] == "direct_contact_with_victims"
        assert value_at(draft, "criteria/12/sub/b/wording") == "Are they paid?"
