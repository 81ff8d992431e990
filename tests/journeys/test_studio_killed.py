"""Two people write one draft while the server is killed: nothing that was shown as saved is gone."""

import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys.helpers import sign_in, watch
from tests.journeys.test_survival import SeededSite

SEED = """
import json, django
django.setup()
from tests.journeys.helpers import seed_draft
print(json.dumps(seed_draft()))
"""


def all_saved(page, timeout=15_000):
    page.locator("[data-save-state]", has_text="All saved").wait_for(timeout=timeout)


def opened(page, url):
    page.goto(url)
    page.locator("[data-studio].has-script").wait_for()
    return page


class DraftSite(SeededSite):
    """A running site with a draft and its two editors."""

    seed = SEED

    def text(self):
        return self.query(
            "SELECT wording FROM checklist_criterion WHERE version_id = ? AND key = '5'", self.people["draft"]
        )[0][0]


class TestKilled:
    pytestmark = [
        pytest.mark.browser,
        pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
        pytest.mark.skipif("sqlite3" not in settings.DATABASES["default"]["ENGINE"], reason="brings its own SQLite"),
    ]

    @pytest.fixture
    def site(self, tmp_path, prepared_data):
        running = DraftSite(tmp_path / "data", prepared_data)
        yield running
        running.stop()

    def test_the_web_process_killed_while_two_people_type(self, site, browser, problems):
        pages = []
        for who in ("anna", "ben"):
            context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id="UTC")
            page = watch(context.new_page(), problems)
            sign_in(page, site.people[who])
            pages.append(opened(page, f"{site.people['url']}criteria/5/"))
        anna, ben = pages
        wording, guidance = anna.locator("#criteria-5-wording"), ben.locator("#criteria-5-guidance")

        wording.fill("")
        wording.press_sequentially("Is there enough time ", delay=15)
        ben_typed = "Look at the plan and "
        guidance.fill(ben_typed)
        site.kill("gunicorn")
        wording.press_sequentially("and enough money?", delay=15)
        guidance.press_sequentially("at the budget.", delay=15)
        all_saved(anna, timeout=60_000)
        all_saved(ben, timeout=60_000)
        assert site.text() == "Is there enough time and enough money?"

        # This time while the save itself is on its way, and the page is left before it arrives.
        wording.fill("Is there enough of both?")
        site.kill("gunicorn")
        anna.close()
        again = pages[0].context.new_page()
        site.wait_for(lambda: site.child("gunicorn"))
        opened(again, f"{site.people['url']}criteria/5/")
        expect(again.locator("#criteria-5-wording")).to_have_value("Is there enough of both?", timeout=30_000)
        all_saved(again, timeout=60_000)

        assert site.text() == "Is there enough of both?"
        assert again.locator(".conflict").count() == 0
        assert ben.locator(".conflict").count() == 0
        again.reload()
        expect(again.locator("#criteria-5-guidance")).to_have_value("Look at the plan and at the budget.")
