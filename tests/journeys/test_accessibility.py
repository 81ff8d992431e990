"""Every page for everybody: axe in light and dark, 1280 and 320 px wide; by keyboard alone; without scripts."""

from functools import partial
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Route, expect

from checklist.actions.assignments import assign_reviewers
from checklist.models import Assessment, Assignment
from proposals.enums import ImportState
from proposals.models import Document, DocumentPage, ImportFile
from tests.factories import PASSWORD, make_officer, make_proposal, make_reviewer, make_round, pin_shipped_instruments
from tests.journeys.helpers import AssessmentForm, give_session, say_no_conflict, sections_of, sign_in
from tests.pages import PAGES
from tests.proposals.files import pdf_bytes
from tests.world import world as world  # the same people and places as in the test of who sees what

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Files and data, not pages.
NOT_PAGES = {
    "checklist:score-export", "checklist:scorecard-pdf", "checklist:scorecard-state", "checklist:meeting-state",
    "checklist:score-codebook", "checklist:round-dossier-zip", "checklist:proposal-dossier-zip", "checklist:batch-zip",
    "checklist:report-state", "checklist:report-pdf", "checklist:report-issue-state", "checklist:issued-file",
    "checklist:letterhead-logo", "checklist:letterhead-colour", "checklist:offline-form",
    "proposals:document-file",
    "proposals:document-page", "proposals:document-state", "checklist:version-yaml", "checklist:version-xlsx",
    "checklist:version-xlsform", "checklist:version-blank-pdf", "checklist:notice-open",
}  # fmt: skip
# The person to look with, where the first who may see it would get a poorer page.
LOOKED_AT_BY = {"checklist:home": "officer", "checklist:declare": "undeclared"}
EMPTY_STATES = ["/search/?q=nothing+like+this", "/rounds/R/proposals/?q=nothing+like+this", "/rounds/R/assign/"]
SIGNED_IN = [
    "/accounts/logout/", "/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/",
    "/accounts/2fa/", "/accounts/2fa/totp/activate/",
]  # fmt: skip
SIGNED_OUT = [
    "/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/1-nothing/", "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/", "/accounts/confirm-email/nothing/",
]  # fmt: skip
ERROR_TEMPLATES = ["400.html", "403_csrf.html", "500.html"]


def addresses(world, part):
    """{person: addresses of the pages she is to look at}, in this part of all."""
    by_person = {}
    for name in [name for name in PAGES if name not in NOT_PAGES][part::PARTS]:
        who = LOOKED_AT_BY.get(name, PAGES[name].seen_by[0])
        by_person.setdefault(who, []).append(reverse(name, args=world.places[PAGES[name].place]))
    return by_person


def make_files_real(world):
    """What test_permissions only needs to exist is opened here."""
    proposal = world.places["proposal"][0]
    document = Document.objects.get(proposal=proposal)
    document.file.save("narrative.pdf", ContentFile(pdf_bytes()))
    picture = ContentFile(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="595" height="842"><rect width="595" height="842"/></svg>'
    )
    DocumentPage.objects.get(document=document).picture.save("page.svg", picture)
    pile = ImportFile.objects.get(pk=world.places["import"][0])
    pile.file.save("pile.csv", ContentFile(b"Title,Amount\nSafe harbours,100\nOpen doors,many\n"))
    pile.mapping = {"title": "Title", "amount": "Amount"}
    pile.state = ImportState.MAPPED
    pile.save(update_fields=["file", "mapping", "state"])


# In parts, so that several processes can share them.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_on_any_page(inspector, client, live_server, world, part):
    make_files_real(world)
    for who, targets in addresses(world, part).items():
        give_session(inspector.page.context, client, world.people[who], live_server)
        for target in targets:
            assert inspector.look(target) == 200, (who, target)
            # A page may lead to the step it has come to, but nowhere else.
            assert urlsplit(inspector.page.url).path.startswith(target)
    assert "\n".join(inspector.found) == ""


def test_axe_finds_nothing_where_there_is_nothing(inspector, client, live_server, world):
    """Empty states, the waiting pages of each role, and what somebody without any role sees."""
    for who, targets in {
        "officer": EMPTY_STATES,
        "undeclared": ["/", "/rounds/R/", "/rounds/R/my-reviews/"],
        "submitted": [reverse("checklist:proposal-assessments", args=world.places["proposal"])],
        "conflicted": ["/", "/rounds/R/my-reviews/"],
        "administrator": ["/", "/rounds/"],
        "stranger": ["/", "/rounds/"],
    }.items():
        give_session(inspector.page.context, client, world.people[who], live_server)
        for target in targets:
            assert inspector.look(target) == 200, (who, target)
    assert "\n".join(inspector.found) == ""


def test_axe_finds_nothing_on_the_account_pages(inspector, client, live_server):
    for target in SIGNED_OUT:
        inspector.look(target)
    sign_in(inspector.page, make_officer(make_round()).email)
    for target in SIGNED_IN:
        assert inspector.look(target) == 200, target
    assert "\n".join(inspector.found) == ""


def test_axe_finds_nothing_on_the_error_pages(inspector, client, live_server):
    give_session(inspector.page.context, client, make_reviewer(make_round("R")), live_server)
    assert inspector.look("/nothing/here/") == 404
    assert inspector.look("/rounds/R/setup/facts/") == 403
    for name in ERROR_TEMPLATES:
        answer = {"body": render_to_string(name), "content_type": "text/html"}
        inspector.page.route("**/broken/", partial(Route.fulfill, **answer))
        inspector.look("/broken/")
        assert inspector.page.locator("h1").count() == 1
    assert "\n".join(inspector.found) == ""


# -- The form -----------------------------------------------------------------------------------


@pytest.fixture
def asked(instruments):
    """A reviewer who was asked and has not declared yet."""
    round_ = make_round("KEYS")
    pin_shipped_instruments(round_)
    reviewer = make_reviewer(round_)
    assign_reviewers(
        round_=round_, proposals=[make_proposal(round_)], reviewers=[reviewer], due_on=None, by=make_officer(round_)
    )
    return Assignment.objects.get(reviewer=reviewer)


def tab_to(page, name, *, at_most=60):
    """Press Tab until what has the focus is called `name`."""
    passed = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const e = document.activeElement; return e.labels?.[0]?.innerText || e.innerText || '' }"
        )
        if said.strip().startswith(name):
            return
        passed.append(said.strip())
    raise AssertionError(f"{at_most} times Tab and never on “{name}” but on {passed} at {page.url}")


def test_from_signing_in_to_submission_by_keyboard_alone(page, asked):
    page.goto("/accounts/login/")
    tab_to(page, "E-mail address", at_most=10)
    page.keyboard.type(asked.reviewer.email)
    tab_to(page, "Password", at_most=5)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What waits for you").wait_for()
    tab_to(page, "Declare on the next proposal")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Do you have a conflict of interest?").wait_for()
    tab_to(page, "I have no conflict")
    page.keyboard.press("Space")
    # A button made of an input has no text of its own.
    page.keyboard.press("Enter")
    page.locator(".has-script").wait_for()

    form = AssessmentForm(page, sections_of(Assessment.objects.get(assignment=asked)))
    answer_by_keys(form)

    page.keyboard.press("2")
    page.keyboard.press("r")
    page.keyboard.type("Once the budget is clear.")
    tab_to(page, "Check and submit", at_most=20)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Submit your assessment").wait_for()
    tab_to(page, "Submit and lock")
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")

    assessment = Assessment.objects.get(assignment=asked)
    assert (assessment.is_submitted, assessment.conclusion) == (True, "recommend_with_changes")
    said = dict(assessment.responses.values_list("criterion__key", "answer"))
    assert said == {key: "partly" if key.isdigit() else "2" for key in form.sections}


def answer_by_keys(form):
    """Digits choose, r goes to the reason, Escape back, j on and k back, ? shows them all."""
    page = form.page
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("k")
    for key in form.sections:
        expect(form.section(key)).to_have_attribute("data-current", "")
        page.keyboard.press("2")
        page.keyboard.press("r")
        page.keyboard.type(f"Page {key}, j2?")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
    expect(page.locator("#c-conclusion")).to_have_attribute("data-current", "")
    form.wait_until_saved()


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False, "viewport": {"width": 320, "height": 800}}

    def test_from_signing_in_to_submission_on_a_small_screen(self, page, asked):
        sign_in(page, asked.reviewer.email)
        page.get_by_role("link", name="Declare on the next proposal").click()
        say_no_conflict(page)
        page.get_by_role("button", name="Check and submit").wait_for()
        form = AssessmentForm(page, sections_of(Assessment.objects.get(assignment=asked)))
        codes = {key: "partly" if key.isdigit() else "2" for key in form.sections}
        for key, code in codes.items():
            form.choose(key, code)
        form.reason("1").fill("Dated sources on page 3.")

        page.get_by_role("button", name="Check and submit").click()
        page.get_by_text("questions still need something").wait_for()
        page.get_by_role("link", name="Back to the form").click()
        for key in codes:
            form.reason(key).fill(f"Read on page {key}.")
        form.submit()

        assessment = Assessment.objects.get(assignment=asked)
        assert assessment.is_submitted
        assert dict(assessment.responses.values_list("criterion__key", "answer")) == codes
        assert assessment.responses.get(criterion__key="P6").rationale == "Read on page P6."
