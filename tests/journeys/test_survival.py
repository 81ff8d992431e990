"""The site as it really runs, killed in the middle of the work: nothing that was shown as saved is gone.

One site for all of it, in this order; the last test ends it.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.helpers import AssessmentForm, sign_in, watch
from tests.screening.test_serve import Site, environment

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
    pytest.mark.skipif("sqlite3" not in settings.DATABASES["default"]["ENGINE"], reason="brings its own SQLite"),
]

SEED = """
import json, django
django.setup()
from tests.journeys.helpers import seed_draft, seed_round
print(json.dumps({**seed_round(), "studio": seed_draft()}))
"""


class SeededSite(Site):
    """A running site with one reviewer and her two assessments, and a draft of an instrument with its two editors.

    It begins with a copy of `prepared`; tests/screening/test_serve.py starts on an empty directory.
    """

    beginning = ()

    def __init__(self, data: Path, prepared: Path) -> None:
        shutil.copytree(prepared, data)
        super().__init__(data, SCREENING_JOB_STALE_SECONDS="3")
        self.database = data / "db.sqlite3"
        seeded = subprocess.run(
            [sys.executable, "-c", SEED], cwd=settings.BASE_DIR, env=environment(data),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        if seeded.returncode:
            self.stop()
            raise AssertionError(seeded.stderr)
        self.people = json.loads(seeded.stdout)

    def query(self, sql, *values):
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()

    def stored(self, key):
        """(answer, rationale) of the draft, as they lie in the database."""
        rows = self.query(
            "SELECT answer, rationale FROM checklist_response JOIN checklist_criterion c ON c.id = criterion_id"
            " WHERE assessment_id = ? AND c.key = ?",
            self.people["draft"],
            key,
        )
        return rows[0] if rows else ("", "")

    def kill(self, part):
        """KILL to the service and all that it started in its session."""
        pid = self.wait_for(lambda: self.child(part))
        os.killpg(pid, signal.SIGKILL)
        return pid

    def descendants(self):
        found, left = [], [self.process.pid]
        while left:
            for task in Path(f"/proc/{left.pop()}/task").glob("*"):
                with suppress(FileNotFoundError, ProcessLookupError):
                    children = [int(pid) for pid in (task / "children").read_text().split()]
                    found += children
                    left += children
        return found

    def is_running(self, part):
        """Whether a process below the supervisor has `part` in its command line."""
        for pid in self.descendants():
            with suppress(FileNotFoundError, ProcessLookupError):
                if part in Path(f"/proc/{pid}/cmdline").read_text():
                    return True
        return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture(scope="module")
def site(tmp_path_factory, prepared_data):
    running = SeededSite(tmp_path_factory.mktemp("survival") / "data", prepared_data)
    yield running
    running.stop()


@pytest.fixture
def reviewer(browser, site):
    """Her page, signed in."""
    problems = []
    context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id="UTC")
    page = watch(context.new_page(), problems)
    sign_in(page, site.people["email"])
    yield page
    context.close()
    assert problems == []


def test_the_web_process_killed_while_somebody_types(site, reviewer):
    reviewer.goto(f"/assessments/{site.people['draft']}/")
    form = AssessmentForm(reviewer, site.people["sections"]).ready()
    form.choose("1", "partly")
    form.reason("1").fill("Dated sources on page 3.")
    form.wait_until_saved()
    expect(form.section("1").locator("[data-saved]")).to_contain_text("Saved")

    form.reason("4").press_sequentially("The most vulnerable group ", delay=15)
    site.kill("gunicorn")
    form.reason("4").press_sequentially("is named.", delay=15)
    assert site.stored("1") == ("partly", "Dated sources on page 3.")
    form.wait_until_saved(timeout=60_000)

    # This time while the save itself is on its way.
    form.reason("9").fill("Asked before the visit.")
    form.choose("9", "yes")
    site.kill("gunicorn")
    assert site.stored("4")[1] == "The most vulnerable group is named."
    form.wait_until_saved(timeout=60_000)

    assert reviewer.locator(".conflict").count() == 0
    assert site.stored("9") == ("yes", "Asked before the visit.")
    expect(reviewer.locator("[data-banner]")).to_be_hidden()
    reviewer.reload()
    form.ready()
    expect(form.reason("1")).to_have_value("Dated sources on page 3.")
    expect(form.reason("4")).to_have_value("The most vulnerable group is named.")
    expect(form.section("9").locator("input[value=yes]").first).to_be_checked()


def test_the_worker_killed_in_the_middle_of_a_pdf(site, reviewer, tmp_path):
    reviewer.goto(f"/assessments/{site.people['done']}/result/")
    reviewer.get_by_role("link", name="Scorecard as PDF").click(no_wait_after=True)
    site.wait_for(lambda: site.is_running("screening.pdf_child"), pause=0.01)
    site.kill("run_worker")
    assert site.query("SELECT state, attempts FROM screening_job") == [("running", 1)]
    assert site.query("SELECT COUNT(*) FROM checklist_issuedreport") == [(0,)]

    # The page looks again by itself.
    download = reviewer.get_by_role("link", name="Download the PDF")
    download.wait_for(timeout=60_000)

    assert site.query("SELECT COUNT(*) FROM checklist_issuedreport") == [(1,)]
    assert site.query("SELECT state, attempts FROM screening_job") == [("done", 2)]
    assert site.query("SELECT COUNT(*) FROM screening_auditevent WHERE event = 'report_made'") == [(1,)]
    with reviewer.expect_download() as downloading:
        download.click()
    downloading.value.save_as(tmp_path / "scorecard.pdf")
    assert "Rita Reviewer" in PdfReader(tmp_path / "scorecard.pdf").pages[0].extract_text()


# -- The studio ---------------------------------------------------------------------------------


def all_saved(page, timeout=15_000):
    page.locator("[data-save-state]", has_text="All saved").wait_for(timeout=timeout)


def studio_opened(page, url):
    page.goto(url)
    page.locator("[data-studio].has-script").wait_for()
    return page


def wording_of_5(site):
    draft = site.people["studio"]["draft"]
    return site.query("SELECT wording FROM checklist_criterion WHERE version_id = ? AND key = '5'", draft)[0][0]


def test_the_web_process_killed_while_two_people_type(site, browser, problems):
    pages = []
    studio = site.people["studio"]
    for who in ("anna", "ben"):
        context = browser.new_context(base_url=site.url, locale="en-GB", timezone_id="UTC")
        page = watch(context.new_page(), problems)
        sign_in(page, studio[who])
        pages.append(studio_opened(page, f"{studio['url']}criteria/5/"))
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
    assert wording_of_5(site) == "Is there enough time and enough money?"

    # This time while the save itself is on its way, and the page is left before it arrives.
    wording.fill("Is there enough of both?")
    site.kill("gunicorn")
    anna.close()
    again = pages[0].context.new_page()
    site.wait_for(lambda: site.child("gunicorn"))
    studio_opened(again, f"{studio['url']}criteria/5/")
    expect(again.locator("#criteria-5-wording")).to_have_value("Is there enough of both?", timeout=30_000)
    all_saved(again, timeout=60_000)

    assert wording_of_5(site) == "Is there enough of both?"
    assert again.locator(".conflict").count() == 0
    assert ben.locator(".conflict").count() == 0
    again.reload()
    expect(again.locator("#criteria-5-guidance")).to_have_value("Look at the plan and at the budget.")
    for page in pages:
        page.context.close()


# -- The end --------------------------------------------------------------------------------------


# With the browser only to run after the tests above, while their site is there.
def test_term_leaves_nothing_behind(site, browser):
    site.wait_for(lambda: site.child("gunicorn") and site.child("run_worker"))
    running = site.descendants()
    assert len(running) >= 3  # the web server with its process, and the worker

    site.process.terminate()

    assert site.process.wait(timeout=30) == 0
    site.wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in running), seconds=5)
    assert site.log.read_text().rstrip().endswith("Stopped.")
