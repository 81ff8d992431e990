"""What every test can count on: own directories, no network, a browser when there is one."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import TransactionTestCase
from django.utils import translation

from screening import guards, installation
from tests import databases

# Without windows first: the same engine for half of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("SCREENING_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSER_FIXTURES = {"page", "context", "new_context", "browser"}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright's synchronous API keeps an event loop in the thread of the tests, which Django
# would take for asynchronous code and refuse to query from.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A machine that does other things at the same time is no fault of the code. For a long look:
# --hypothesis-profile thorough
hypothesis.settings.register_profile(
    "screening", max_examples=40, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
# Each with a database takes many statements there, and what is tried has been tried on SQLite.
hypothesis.settings.register_profile("postgresql", hypothesis.settings.get_profile("screening"), max_examples=10)
hypothesis.settings.register_profile("thorough", hypothesis.settings.get_profile("screening"), max_examples=1_000)
IS_SQLITE = "sqlite3" in django_settings.DATABASES["default"]["ENGINE"]
hypothesis.settings.load_profile("screening" if IS_SQLITE else "postgresql")


# -- Which tests run ------------------------------------------------------------------------


def pytest_collection_finish() -> None:
    """What was imported and collected stays; to look through it for garbage again and again takes time.

    So does looking after every few hundred objects: a page or a report makes many more, of which most are needed.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that use a browser, and skip what this machine cannot run, saying why.

    On PostgreSQL only what can differ from SQLite is run: what uses the database. Of the tests that look at
    a page those are enough that open every address (as every role) and that count queries; what the words on
    a page are does not depend on the database.
    """
    is_postgresql = "postgresql" in django_settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))
        if item.get_closest_marker("postgres") and not is_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
    if is_postgresql:
        same_everywhere = [item for item in items if not _can_differ(item)]
        config.hook.pytest_deselected(items=same_everywhere)
        items[:] = [item for item in items if _can_differ(item)]
    items.sort(key=lambda item: item.path.name not in LONG)


OPENS_EVERY_PAGE = {"test_permissions.py", "test_same_numbers.py"}
# What is printed, and in which words, is no matter of the database; nor is how long something takes.
ABOUT_PAPER = {
    "test_aims.py", "test_letterhead_on_reports.py", "test_library.py", "test_offline_letters.py",
    "test_offline_spoiled.py", "test_outside_reports.py", "test_proposal_report.py", "test_reports.py",
    "test_round_report.py", "test_scorecard_keys.py",
}  # fmt: skip
# The same steps with more of the same data; the tests beside them take a part of it through every stage.
MORE_OF_THE_SAME = {
    "test_alone_makes_no_people", "test_an_empty_system_never_gets_the_demo_later",
    "test_every_assessment_can_be_submitted", "test_every_surface_says_what_the_answers_come_to[1]",
    "test_every_surface_says_what_the_answers_come_to[2]", "test_in_review", "test_intake_has_proposals_only",
    "test_makes_the_first_administrator_once", "test_obeys_the_rules_of_the_form",
    "test_only_whole_things_are_removed_and_copied", "test_panel_has_everything_submitted",
    "test_the_command_writes_the_same_pdf_as_the_application", "test_the_demo_is_made_and_its_accounts_are_shown",
    "test_the_demo_is_not_mistaken_for_an_empty_system", "test_the_same_seed_gives_the_same_set_but_not_twice",
    "test_what_does_not_fit_is_refused",
}  # fmt: skip
# Forms that go out and come back, by library alone; what is taken over of them is written to the database.
MORE_PAPER = {
    "test_a_form_that_nobody_touched_says_what_is_saved", "test_random_answers_survive_the_way_out_and_back",
    "test_a_page_form_comes_back_untouched_and_filled_in_with_an_ordinary_library",
}  # fmt: skip
# What is asked and written there is asked and written in test_offline.py too; more of what can be in a form.
MORE_FORMS = {"test_offline_meanwhile.py", "test_offline_nothing.py"}
# Begun first, so that no process is left alone with them at the end.
LONG = {
    "test_visibility_everywhere.py", "test_main_path.py", "test_whole_round.py", "test_accessibility.py",
    "test_permissions.py", "test_create_demo.py", "test_batch_killed.py", "test_serve.py", "test_survival.py",
}  # fmt: skip


def _can_differ(item: pytest.Item) -> bool:
    """Whether a test can come out otherwise on another database."""
    if not _uses_database(item) or item.path.name in ABOUT_PAPER:
        return False
    if {item.name, item.originalname} & (MORE_OF_THE_SAME | MORE_PAPER):
        return False
    if "quer" in item.name:
        # What is asked for one row is asked for three, beside this one; that both are as many was seen on SQLite.
        return not item.name.endswith("[1]")
    if item.path.name in MORE_FORMS:
        return False
    if "client" not in getattr(item, "fixturenames", ()) or item.get_closest_marker("postgres"):
        return True
    return item.path.name in OPENS_EVERY_PAGE or "quer" in item.name


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked or fixtures & {"db", "transactional_db", "live_server"})


# -- Databases ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_modify_db_settings: None, _data_directory: None, tmp_path_factory: pytest.TempPathFactory
) -> bool:
    """Of several processes one alone migrates; each begins with its copy, and looks that nothing is lacking."""
    if not IS_SQLITE or "PYTEST_XDIST_WORKER" not in os.environ:
        return False
    migrated = databases.migrated(databases.shared_folder(tmp_path_factory.getbasetemp()))
    shutil.copy(migrated, django_settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as `prepare` leaves it, for a site of one's own; to be copied, not to be changed."""
    return databases.prepared(databases.shared_folder(tmp_path_factory.getbasetemp()))


# -- Files, cache, network ------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _data_directory() -> Iterator[None]:
    """The directories that `prepare` makes, for this process alone; gone afterwards."""
    installation.make_directories(django_settings.SCREENING_DATA)
    yield
    shutil.rmtree(django_settings.SCREENING_DATA, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits of one test do not reach the next."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page read in French leaves its language behind in the thread; the next test begins in English."""
    yield
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """No test reaches another machine, and neither does the code it runs."""
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"Something tried to reach {address[0]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        yield


@pytest.fixture(scope="session", autouse=True)
def _guards_make_way_for_the_flush() -> Iterator[None]:
    """After a test with real transactions Django empties every table. On SQLite it does so by
    DELETE, which the database itself refuses for what is append-only or published."""
    flush = TransactionTestCase._fixture_teardown

    def flush_without_guards(self: TransactionTestCase) -> None:
        if connection.vendor != "sqlite":
            flush(self)
            return
        with connection.cursor() as cursor:
            for statement in guards.remove_all_sql(connection.vendor):
                cursor.execute(statement)
        try:
            flush(self)
        finally:
            guards.ensure(connection=connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_guards)
        yield


# -- Browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_kept() -> Iterator[None]:
    """A browser asks for each style and script once, as it does of a real site, where they have names of their own."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        response = serve(self, request)
        response["Cache-Control"] = "max-age=3600"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        yield


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """`page.goto("/")` reaches the live server."""
    return {**browser_context_args, "base_url": live_server.url, "locale": "en-GB", "timezone_id": "UTC"}


@pytest.fixture
def page(page: Any, live_server: Any) -> Iterator[Any]:
    """A page on which no script fails, no policy is broken and nothing leaves the machine."""
    problems: list[str] = []

    def note_message(message: Any) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def note_request(request: Any) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:", "chrome-extension:")):
            problems.append(f"A request left the machine: {request.url}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: problems.append(f"A script failed: {error}"))
    page.on("request", note_request)
    page.set_default_timeout(10_000)
    yield page
    assert problems == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Any], list[str]]:
    """`axe(page)` lists what axe finds wrong, one line for each element. It should be []."""

    def find(page: Any) -> list[str]:
        # Evaluated by the debugger, because the policy of the page allows no other script.
        page.evaluate(axe_source)
        result = page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})",
            AXE_TAGS,
        )
        return [
            f"{violation['id']}: {violation['help']} ({' '.join(map(str, node['target']))})"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return find


# -- Instruments --------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _forget_sheets() -> Iterator[None]:
    """Each test's database gives the same ids to other versions."""
    from checklist.selectors.instruments import clear_cache

    clear_cache()
    yield
    clear_cache()


@pytest.fixture
def instruments(db: Any) -> list[Any]:
    """The shipped instruments, loaded and published; of them the default ones: [checklist, principles]."""
    from checklist.models import InstrumentVersion
    from tests.shipped import load_shipped_instruments

    load_shipped_instruments()
    return list(InstrumentVersion.objects.usable().filter(instrument__is_default=True).order_by("-result_kind", "pk"))


# -- What most tests begin with; a test that needs another one makes its own under the same name ---


@pytest.fixture
def round_(db: Any) -> Any:
    from tests.factories import make_round

    return make_round("GMS")


@pytest.fixture
def officer(round_: Any) -> Any:
    from tests.factories import make_officer

    return make_officer(round_)


@pytest.fixture
def reviewer(round_: Any) -> Any:
    from tests.factories import make_reviewer

    return make_reviewer(round_)


@pytest.fixture
def proposal(round_: Any) -> Any:
    from tests.factories import make_proposal

    return make_proposal(round_)
