"""What the journeys share: signing in, sessions, and the assessment form as a person handles it."""

import re

from django.urls import reverse

from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import assign_reviewers, declare_no_conflict
from checklist.actions.batches import request_batch
from checklist.actions.rounds import open_round
from checklist.actions.studio import start_next_version
from checklist.models import Assessment, Assignment, InstrumentVersion
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from proposals.actions.proposals import register_proposal
from proposals.actions.rounds import grant_role
from proposals.models import FundingRound
from proposals.validators import ProposalFacts
from screening.actions import create_user
from tests.factories import PASSWORD, answer_all


def watch(page, problems):
    """Note in `problems` every script that fails and everything that the policy forbids."""
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: problems.append(f"A script failed: {error}"))
    page.on("console", lambda message: "Content Security" in message.text and problems.append(message.text))
    return page


def sign_in(page, email, password=PASSWORD):
    """Through the real page; leaves the person on her home page."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What waits for you").wait_for()


def give_session(context, client, user, live_server):
    """Signed in without the page, where signing in is not what is tested."""
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])


def say_no_conflict(page):
    page.get_by_label("I have no conflict of interest with this proposal.").check()
    page.get_by_role("button", name="Declare and go on").click()


def sections_of(assessment):
    """{criterion key: id of its section}, in the order of the form."""
    return {place.criterion.key: f"c-{place.criterion.pk}" for place in load_draft(assessment).places()}


class AssessmentForm:
    """The form in one tab. `sections` as from `sections_of`."""

    def __init__(self, page, sections):
        self.page = page
        self.sections = sections

    @classmethod
    def open(cls, page, assessment):
        page.goto(reverse("checklist:assessment-edit", args=[assessment.pk]))
        return cls(page, sections_of(assessment)).ready()

    def ready(self):
        self.page.locator(".has-script").wait_for()
        return self

    def section(self, key):
        return self.page.locator(f"#{self.sections[key]}")

    def choose(self, key, code):
        # The first frame of choices is the criterion's own; the parts come after it.
        self.section(key).locator(f".choices input[value='{code}']").check()

    def reason(self, key):
        return self.section(key).locator(".rationale textarea")

    def answer(self, answers, why="Read on page {key}."):
        for key, code in answers.items():
            self.choose(key, code)
            self.reason(key).fill(why.format(key=key))

    def wait_until_saved(self, timeout=15_000):
        self.page.locator("[data-save-state]", has_text="All saved").wait_for(timeout=timeout)

    def submit(self):
        self.page.get_by_role("button", name="Check and submit").click()
        self.page.get_by_role("button", name="Submit and lock", exact=True).click()
        self.page.wait_for_url(re.compile("/result/"))


# -- Data of a running site ---------------------------------------------------------------------


def seed_round():
    """By the actions, in the database of a running site: one assessment begun, one submitted.

    Returns {"email", "draft", "done", "sections"} of the reviewer and her assessments.
    """
    officer = create_user(email="officer@example.org", name="Olga Officer", password=PASSWORD)
    reviewer = create_user(email="reviewer@example.org", name="Rita Reviewer", password=PASSWORD)
    round_ = FundingRound(reference="KILL", title="A round on a bad day", donor_name="A careful donor")
    open_round(round_=round_, officer=officer, by=officer)
    grant_role(round_=round_, user=reviewer, role="reviewer", by=officer)
    proposals = [
        register_proposal(round_=round_, facts=ProposalFacts(title=title), by=officer)
        for title in ("Safe harbours", "Open doors")
    ]
    assign_reviewers(round_=round_, proposals=proposals, reviewers=[reviewer], due_on=None, by=officer)
    for assignment in Assignment.objects.order_by("proposal_id"):
        declare_no_conflict(assignment=assignment, by=reviewer)
    draft, done = (assessment_with_round(each.pk) for each in Assessment.objects.order_by("proposal_id"))
    answer_all(done)
    submit_assessment(assessment=assessment_with_round(done.pk), by=reviewer)
    return {"email": reviewer.email, "draft": draft.pk, "done": done.pk, "sections": sections_of(draft)}


def seed_batch(count=20):
    """One submitted assessment of each of so many proposals, and all their scorecards asked for at once."""
    officer = create_user(email="officer@example.org", name="Olga Officer", password=PASSWORD)
    reviewer = create_user(email="reviewer@example.org", name="Rita Reviewer", password=PASSWORD)
    round_ = FundingRound(reference="MANY", title="A round with many reports", donor_name="A careful donor")
    open_round(round_=round_, officer=officer, by=officer)
    grant_role(round_=round_, user=reviewer, role="reviewer", by=officer)
    facts = (ProposalFacts(title=f"Proposal {number}") for number in range(1, count + 1))
    proposals = [register_proposal(round_=round_, facts=each, by=officer) for each in facts]
    assign_reviewers(round_=round_, proposals=proposals, reviewers=[reviewer], due_on=None, by=officer)
    for assignment in Assignment.objects.order_by("pk"):
        declare_no_conflict(assignment=assignment, by=reviewer)
    done = [assessment_with_round(each.pk) for each in Assessment.objects.order_by("pk")]
    for assessment in done:
        answer_all(assessment)
        submit_assessment(assessment=assessment, by=reviewer)
    look = {"language": "en", "paper": "a4", "names": "named"}
    batch = request_batch(round_=round_, kind="scorecard", subjects=done, options=look, by=officer)
    return {"batch": batch.pk}


def seed_draft():
    """By the actions, in the database of a running site: a draft with its two editors.

    Returns {"anna", "ben", "url"}: their addresses and the draft's page.
    """
    anna = create_user(email="anna@example.org", name="Anna Editor", password=PASSWORD, is_instrument_editor=True)
    ben = create_user(email="ben@example.org", name="Ben Editor", password=PASSWORD, is_instrument_editor=True)
    published = InstrumentVersion.objects.get(instrument__slug="siren-donor-checklist")
    draft = start_next_version(version=published, by=anna)
    return {"anna": anna.email, "ben": ben.email, "draft": draft.pk, "url": f"{draft.get_absolute_url()}edit/"}
