"""A whole funding round in the browser: three reviewers, a chair and an officer, from conflicts to decisions.

Every judgement that decides something is made through the pages; the answers on which nothing hangs are put in by the
actions that the pages call (tests/journeys/test_main_path.py goes from declaration to scorecard by hand).
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import declare_no_conflict
from checklist.enums import AssignmentState
from checklist.models import Assessment, Assignment, Decision, RoundInstrument
from checklist.selectors.assessments import assessment_with_round
from proposals.models import Proposal
from tests.factories import (
    answer_all,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    pin_shipped_instruments,
)
from tests.journeys.helpers import AssessmentForm, give_session, say_no_conflict, sections_of, watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLES = ("Safe harbours", "Open doors", "Second look", "Night school")


@pytest.fixture
def people(live_server, instruments):
    """Olga runs the round, Clara chairs it, Rita, Sofia and Tara review; Tara works for an applicant."""
    round_ = make_round("WHOLE", title="Fishing ports", budget=250_000, currency="USD", reviewers_wanted=2)
    pin_shipped_instruments(round_)
    RoundInstrument.objects.filter(round=round_, version__result_kind="share").update(ranks=True, threshold=40)
    for title in TITLES:
        applicant = make_organisation("Blue Boat" if title == "Safe harbours" else f"{title} House")
        make_proposal(round_, title=title, applicant=applicant, amount=100_000, currency="USD")
    return {
        "Olga": make_officer(round_),
        "Clara": make_member(round_, "chair", name="Clara Chair"),
        "Rita": make_reviewer(round_, name="Rita Reviewer"),
        "Sofia": make_reviewer(round_, name="Sofia Second"),
        "Tara": make_reviewer(round_, name="Tara Third", organisation_name="BLUE BOAT"),
    }


@pytest.fixture
def screens(new_context, live_server, problems, people):
    """The browser of each of them, by first name."""

    def opened(person):
        context = new_context()
        give_session(context, Client(), person, live_server)
        return watch(context.new_page(), problems)

    return {name: opened(person) for name, person in people.items()}


def proposal(title):
    return Proposal.objects.select_related("round").get(title=title)


def page_of(name, *args):
    return reverse(f"checklist:{name}", args=args)


# -- Conflicts and assignments ------------------------------------------------------------------


def confirm_what_the_system_found(page):
    page.goto(page_of("conflict-list", "WHOLE"))
    page.get_by_role("button", name="Look for conflicts now").click()
    row = page.locator("main").get_by_role("row").filter(has_text="Tara Third")
    expect(row).to_contain_text("Safe harbours")
    row.get_by_role("link").last.click()
    page.get_by_label("It is a conflict of interest.", exact=False).check()
    page.get_by_label("Reason").fill("She works for the applicant.")
    page.get_by_role("button", name="Record this").click()
    page.wait_for_url(re.compile("/conflicts/"))


def ask(page, title, *names):
    page.goto(f"{page_of('assign', 'WHOLE')}?proposals={proposal(title).pk}")
    for name in names:
        page.get_by_label(name).check()
    page.get_by_role("button", name="See who gets what").click()
    page.get_by_role("button", name="Ask these reviewers").click()
    page.get_by_text(re.compile("request(s are| is) made")).wait_for()


def assignment_of(title, person):
    return Assignment.objects.get(proposal=proposal(title), reviewer=person)


def assess(page, person, title, **by_hand):
    """Declare, answer (what `by_hand` names through the form), submit."""
    page.goto(page_of("declare", assignment_of(title, person).pk))
    say_no_conflict(page)
    page.get_by_role("button", name="Check and submit").wait_for()
    assessment = assessment_with_round(Assessment.objects.get(assignment__reviewer=person, proposal__title=title).pk)
    answer_all(assessment)
    page.reload()
    form = AssessmentForm(page, sections_of(assessment)).ready()
    form.answer({key.removeprefix("item"): code for key, code in by_hand.items()}, why="Nothing on it on page {key}.")
    if by_hand:
        form.wait_until_saved()
    form.submit()


def assess_unseen(person, *titles):
    """What nothing hangs on: declared, answered and submitted without a page."""
    for title in titles:
        assignment = assignment_of(title, person)
        declare_no_conflict(assignment=assignment, by=person)
        assessment = assessment_with_round(assignment.assessment.pk)
        answer_all(assessment)
        submit_assessment(assessment=assessment_with_round(assessment.pk), by=person)


def abstain(page, person, title):
    """She has no conflict, opens it, and finds that she cannot judge it."""
    page.goto(page_of("declare", assignment_of(title, person).pk))
    say_no_conflict(page)
    page.get_by_role("button", name="Check and submit").wait_for()
    page.goto(page_of("abstain", assignment_of(title, person).pk))
    page.get_by_label("Reason").fill("I do not know this kind of work.")
    page.get_by_role("button", name="Abstain from this proposal").click()
    page.wait_for_url(re.compile("/my-reviews/|/$"))
    assert assignment_of(title, person).state == AssignmentState.ABSTAINED


def declare_conflict(page, person, title):
    page.goto(page_of("declare", assignment_of(title, person).pk))
    page.get_by_label("I have a conflict of interest", exact=False).check()
    page.get_by_label("In your own words").fill("My brother sits on the board.")
    page.get_by_role("button", name="Declare and go on").click()
    page.wait_for_load_state()
    assert page.request.get(proposal(title).get_absolute_url()).status == 404


def ask_a_third(page, title):
    """The system proposes whom, because two differ too much."""
    page.goto(page_of("assignment-list", "WHOLE"))
    page.get_by_role("button", name=re.compile(f"^Ask a third.*{title}")).click()
    page.get_by_role("button", name="Ask these reviewers").click()
    page.get_by_text("1 request is made.").wait_for()


# -- The applicant --------------------------------------------------------------------------------


def ask_the_applicant(page, title):
    """What a reviewer could not judge becomes a letter in which nobody inside is named."""
    page.goto(page_of("proposal-questions", proposal(title).pk))
    page.locator("#left input[name=criteria]").first.check()
    page.get_by_role("button", name="Make questions of the ticked").click()
    page.get_by_role("link", name="Write to the applicant").click()
    page.get_by_label("By e-mail").check()
    page.get_by_label("To", exact=False).first.fill("doors@example.org")
    page.get_by_role("button", name="See what goes out").click()
    page.get_by_role("heading", name="What goes out").wait_for()
    words = page.locator("main").inner_text()
    assert [name for name in ("Rita", "Sofia", "Tara", "Clara") if name in words] == []
    page.get_by_role("button", name="Send this e-mail").click()
    expect(page.locator("#sent")).to_contain_text("Waiting for an answer")


def record_the_answer(page, words):
    page.locator("#sent summary", has_text="Record the answer").click()
    page.get_by_label("Answer of the applicant").fill(words)
    page.get_by_label("Answered on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Record the answer").click()
    expect(page.locator("#sent")).to_contain_text(words)
    page.get_by_role("button", name="Let 1 reviewer look again").click()
    expect(page.locator("#again")).to_contain_text("Looking again")


def look_again(page, person, title, key, code, answer_of_applicant):
    """She finds the answer beside the criterion, changes hers and submits again."""
    assessment = Assessment.objects.get(assignment__reviewer=person, proposal__title=title)
    form = AssessmentForm.open(page, assessment)
    expect(form.section(key)).to_contain_text(answer_of_applicant)
    form.answer({key: code}, why="The answer of the applicant shows it.")
    form.wait_until_saved()
    form.submit()


# -- Panel and decisions ------------------------------------------------------------------------


def settle(page, title, blocking):
    """The consensus: every split item is settled with a reason, `blocking` against the proposal; then it is closed."""
    page.goto(page_of("proposal-panel", proposal(title).pk))
    page.get_by_role("button", name="Begin the consensus").click()
    page.get_by_role("link", name=re.compile("^Settle")).first.click()
    for _split_item in range(4):
        is_blocking = page.get_by_role("heading", level=1).inner_text().startswith(f"Consensus on {blocking} ")
        page.locator(f".consensus-form .choices input[value='{'no' if is_blocking else 'partly'}']").first.check()
        page.get_by_label("Why the panel says so").fill("The page was read together: nobody finds a source.")
        with page.expect_navigation():
            page.get_by_role("button", name="Save and go to the next open criterion").click()
    page.get_by_role("button", name="Close the consensus").click()
    expect(page.locator("#consensus")).to_contain_text("Closed")


def recommend(page, title, outcome, conditions=""):
    page.goto(page_of("proposal-decision", proposal(title).pk))
    section = page.locator("#recommendation")
    section.get_by_label(outcome, exact=True).check()
    section.get_by_role("textbox", name="Reasons").fill("The panel was of one mind.")
    if conditions:
        section.get_by_role("textbox", name="Conditions").fill(conditions)
    section.get_by_role("button", name="Record the recommendation").click()
    expect(page.locator("#recommendation h3").first).to_have_text(outcome)


def override(page, title):
    page.goto(page_of("proposal-decision", proposal(title).pk))
    page.locator("#stops summary").first.click()
    page.get_by_label("Why go on all the same").fill("A study is under way and is paid by others.")
    page.get_by_role("button", name="Override this stop").click()
    expect(page.locator("#stops")).to_contain_text("Overridden")


def decide(page, title, outcome, conditions=""):
    page.goto(page_of("proposal-decision", proposal(title).pk))
    section = page.locator("#decision")
    section.get_by_label(outcome, exact=True).check()
    if conditions:
        section.get_by_role("textbox", name="Conditions").fill(conditions)
    section.get_by_role("textbox", name="Reasons").fill("As the panel recommends.")
    section.get_by_role("button", name="Record the decision").click()
    return section


def test_from_conflicts_to_decisions(screens, people):
    olga, clara, rita, sofia, tara = (screens[name] for name in ("Olga", "Clara", "Rita", "Sofia", "Tara"))

    confirm_what_the_system_found(olga)
    assert tara.request.get(proposal("Safe harbours").get_absolute_url()).status == 404
    for title in TITLES:
        ask(olga, title, "Rita Reviewer", "Sofia Second")

    assess(rita, people["Rita"], "Safe harbours")
    assess_unseen(people["Sofia"], "Safe harbours", "Night school")
    declare_conflict(sofia, people["Sofia"], "Second look")
    abstain(rita, people["Rita"], "Night school")
    olga.goto(page_of("assignment-list", "WHOLE"))
    for word in ("Conflict of interest", "Abstained", "Submitted", "To declare"):
        expect(olga.locator("main")).to_contain_text(word)
    ask(olga, "Second look", "Tara Third")
    ask(olga, "Night school", "Tara Third")

    assess_unseen(people["Rita"], "Open doors", "Second look")
    assess(sofia, people["Sofia"], "Open doors", item1="no", item2="no", item4="no", item5="no")
    ask_a_third(olga, "Open doors")
    assess(tara, people["Tara"], "Open doors", item6="nei")
    assess_unseen(people["Tara"], "Second look", "Night school")

    ask_the_applicant(olga, "Open doors")
    answer = "Annex 4 holds the framework, with a baseline."
    record_the_answer(olga, answer)
    look_again(tara, people["Tara"], "Open doors", "6", "yes", answer)
    olga.reload()
    expect(olga.locator("#again")).to_contain_text("Submitted again")
    expect(olga.locator("#again")).to_contain_text("Not enough information")

    settle(clara, "Open doors", blocking="1")
    recommend(clara, "Open doors", "Fund with conditions", "A baseline before the first payment.")
    for title, outcome in (("Safe harbours", "Fund"), ("Second look", "Reserve list"), ("Night school", "Decline")):
        recommend(clara, title, outcome)

    section = decide(olga, "Open doors", "Fund with conditions", "A baseline before the first payment.")
    expect(section).to_contain_text("stop")
    assert not Decision.objects.exists()
    override(clara, "Open doors")
    decide(olga, "Open doors", "Fund with conditions", "A baseline before the first payment.")
    decide(olga, "Safe harbours", "Fund")
    decide(olga, "Second look", "Reserve list")
    decide(olga, "Night school", "Decline")
    olga.goto(page_of("decision-list", "WHOLE"))
    olga.get_by_role("link", name="Look over 4 pending decisions").click()
    assert {each.status for each in Proposal.objects.all()} & {"funded", "declined"} == set()
    olga.get_by_role("button", name="Apply the ticked decisions together").click()
    olga.wait_for_url(re.compile("/decisions/"))
    assert dict(Proposal.objects.values_list("title", "status")) == {
        "Safe harbours": "funded",
        "Open doors": "funded_with_conditions",
        "Second look": "reserve",
        "Night school": "declined",
    }
