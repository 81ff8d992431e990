"""The home page begins with what waits for me; the search finds only what I may know of."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assignments import assign_reviewers, declare_conflict, declare_no_conflict, decline_assignment
from checklist.models import Assessment, Recommendation, SuspectedConflict
from proposals.models import RoleGrant
from tests.factories import (
    make_administrator,
    make_auditor,
    make_member,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    open_to,
    pin_shipped_instruments,
)

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def round_():
    return make_round("MEKONG", title="Mekong round", reviewers_wanted=1)


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


def ask(round_, proposal, reviewer, officer, due_on=None):
    (assignment,) = assign_reviewers(
        round_=round_, proposals=[proposal], reviewers=[reviewer], due_on=due_on, by=officer
    )
    return assignment


def home_of(client, user):
    client.force_login(user)
    response = client.get(HOME)
    assert response.status_code == 200
    return response


def test_a_reviewer_sees_what_to_declare_to_continue_and_what_is_overdue(
    instruments, client, round_, officer, reviewer
):
    pin_shipped_instruments(round_)
    today = timezone.localdate()
    ask(round_, make_proposal(round_, "To declare on"), reviewer, officer, due_on=today + timedelta(days=9))
    draft = ask(round_, make_proposal(round_, "In the middle"), reviewer, officer, due_on=today - timedelta(days=1))
    declare_no_conflict(assignment=draft, by=reviewer)

    page = home_of(client, reviewer)

    assert [(task.proposal.title, task.step, task.is_overdue) for task in page.context["tasks"]] == [
        ("In the middle", "continue", True),
        ("To declare on", "declare", False),
    ]
    text = page.content.decode()
    assert "0 of 17 answered" in text
    assert reverse("checklist:assessment-edit", args=[Assessment.objects.get().pk]) in text


def test_a_reopened_assessment_waits_with_its_reason(instruments, client, round_, officer, reviewer):
    pin_shipped_instruments(round_)
    assignment = ask(round_, make_proposal(round_), reviewer, officer)
    declare_no_conflict(assignment=assignment, by=reviewer)
    Assessment.objects.update(submission_number=1, reopen_reason="Item 4 lacks words.")

    page = home_of(client, reviewer)

    assert [task.step for task in page.context["tasks"]] == ["reopened"]
    assert "Item 4 lacks words." in page.content.decode()


def test_nothing_to_review_is_said(client, reviewer):
    assert "Nothing waits for your review" in home_of(client, reviewer).content.decode()


def test_what_is_closed_to_her_does_not_wait_for_her(client, round_, officer, reviewer):
    assignment = ask(round_, make_proposal(round_), reviewer, officer)
    declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)

    assert home_of(client, reviewer).context["tasks"] == []


def test_an_officer_sees_what_needs_her(client, round_, officer, reviewer):
    make_proposal(round_, "Bare")
    late = ask(round_, make_proposal(round_, "Late"), reviewer, officer, due_on=date(2020, 1, 1))
    tied = ask(round_, make_proposal(round_, "Tied"), reviewer, officer)
    declare_conflict(assignment=tied, declaration="My sister works there.", by=reviewer)
    refused = ask(round_, make_proposal(round_, "Refused"), reviewer, officer)
    decline_assignment(assignment=refused, reason="On leave.", by=reviewer)

    page = home_of(client, officer)

    (work,) = page.context["works"]
    assert (work.total, work.unassigned, work.overdue, work.undeclared) == (4, 3, 1, 1)
    assert {gap.pk for gap in work.gaps} == {tied.pk, refused.pk}
    text = page.content.decode()
    for words in ("My sister works there.", "On leave.", "1 assessment is overdue.", "3 proposals have no reviewer."):
        assert words in text
    assert late.state == "assigned"
    assert f"{reverse('checklist:message-write', args=[round_.reference])}?remind=overdue" in text


def test_a_gap_that_is_filled_needs_nobody(client, round_, officer, reviewer):
    proposal = make_proposal(round_)
    tied = ask(round_, proposal, reviewer, officer)
    declare_conflict(assignment=tied, declaration="My sister works there.", by=reviewer)
    ask(round_, proposal, make_reviewer(round_), officer)

    (work,) = home_of(client, officer).context["works"]

    assert work.gaps == []


def test_an_officer_with_a_conflict_is_not_shown_it(client, round_, officer, reviewer):
    proposal = make_proposal(round_, "Safe harbours")
    assignment = ask(round_, proposal, reviewer, officer)
    declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)
    open_to(proposal, officer, "closed")

    page = home_of(client, officer)

    assert "Safe harbours" not in page.content.decode()
    assert page.context["works"][0].total == 0


def test_a_ready_proposal_is_counted(instruments, client, round_, officer, reviewer):
    assignment = ask(round_, make_proposal(round_), reviewer, officer)
    Assessment.objects.create(
        assignment=assignment,
        proposal=assignment.proposal,
        reviewer=reviewer,
        state="submitted",
        submitted_at=timezone.now(),
    )

    (work,) = home_of(client, officer).context["works"]

    assert (work.ready, work.submitted) == (1, 1)


def judged_by_all(round_, officer, *reviewers):
    proposal = make_proposal(round_, status="in_review")
    for reviewer in reviewers:
        Assessment.objects.create(
            assignment=ask(round_, proposal, reviewer, officer),
            proposal=proposal,
            reviewer=reviewer,
            state="submitted",
            submitted_at=timezone.now(),
        )
    return proposal


def test_one_assessment_alone_is_nothing_for_the_panel_to_compare(instruments, client, round_, officer, reviewer):
    judged_by_all(round_, officer, reviewer)

    assert home_of(client, make_member(round_, "chair")).context["works"][0].for_panel == 0


@pytest.mark.parametrize(("role", "number"), [("chair", 1), ("observer", 0)])
def test_what_waits_for_the_panel_waits_for_the_chair(instruments, client, round_, officer, reviewer, role, number):
    judged_by_all(round_, officer, reviewer, make_member(round_, "reviewer"))

    page = home_of(client, make_member(round_, role))

    assert page.context["works"][0].for_panel == number
    assert page.context["may_act"] == bool(number)
    assert ("proposal waits for the panel" in page.content.decode()) == bool(number)


def test_what_the_panel_has_recommended_on_waits_no_longer(instruments, client, round_, officer, reviewer):
    proposal = judged_by_all(round_, officer, reviewer, make_member(round_, "reviewer"))
    chair = make_member(round_, "chair")
    Recommendation.objects.create(proposal=proposal, outcome="fund", reasons="Sound.", by=chair)

    assert home_of(client, chair).context["works"][0].for_panel == 0


@pytest.mark.parametrize("role", ["chair", "observer"])
def test_chair_and_observer_see_their_rounds_with_figures(client, round_, role):
    make_proposal(round_)

    page = home_of(client, make_member(round_, role))

    assert page.context["works"][0].total == 1
    assert "Mekong round" in page.content.decode()
    assert "Assign reviewers" not in page.content.decode()


def test_an_auditor_sees_every_round(client, round_):
    make_proposal(round_)

    assert home_of(client, make_auditor()).context["works"][0].total == 1


def test_an_administrator_sees_readiness_but_no_judgement(client, round_):
    make_proposal(round_)

    page = home_of(client, make_administrator())

    (work,) = page.context["works"]
    assert (work.has_instruments, work.has_officer, work.reviewers, work.sees_proposals) == (False, False, 0, False)
    text = page.content.decode()
    for words in (
        "No instrument is chosen",
        "Nobody runs this round.",
        "The round has no reviewers.",
        "person can sign in",
    ):
        assert words in text


def test_somebody_without_a_role_is_told_so(client):
    assert "You hold no role in a round yet" in home_of(client, make_user()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_page_takes_the_same_queries_for_three_as_for_one(
    instruments, client, officer, django_assert_num_queries, count
):
    """One person who both runs rounds and reviews in them."""
    rounds = [make_round(f"ROUND-{number}") for number in range(count)]
    for round_ in rounds:
        pin_shipped_instruments(round_)
        for role in ("programme_officer", "reviewer"):
            round_.grants.create(user=officer, role=role)
    for round_ in rounds:  # her roles are read once and kept with her
        assignment = ask(round_, make_proposal(round_), officer, officer)
        declare_no_conflict(assignment=assignment, by=officer)
    client.force_login(officer)
    client.get(HOME)  # the sheets are kept from now on

    with django_assert_num_queries(16):
        assert client.get(HOME).status_code == 200


# -- Search -------------------------------------------------------------------------------------


def found(client, text):
    return client.get(reverse("checklist:search"), {"q": text})


def test_the_search_finds_proposals_and_rounds_one_may_see(client, round_, officer):
    make_proposal(round_, "Mekong harbours")
    make_proposal(make_round(), "Mekong elsewhere")
    client.force_login(officer)

    page = found(client, "mekong")

    assert [proposal.title for proposal in page.context["proposals"]] == ["Mekong harbours"]
    assert list(page.context["rounds"]) == [round_]


def test_before_her_declaration_the_search_shows_names_only(client, round_, officer, reviewer):
    proposal = make_proposal(round_, "Harbours", reference="M-77", status="funded")
    assignment = ask(round_, proposal, reviewer, officer)
    client.force_login(reviewer)

    page = found(client, "harbours").content.decode()

    assert "Harbours" in page
    assert reverse("checklist:declare", args=[assignment.pk]) in page
    assert "M-77" not in page
    assert reverse("checklist:proposal-detail", args=[proposal.pk]) not in page


@pytest.mark.parametrize("level", ["closed", None])
def test_the_search_does_not_find_what_is_closed_or_unknown(client, round_, reviewer, level):
    proposal = make_proposal(round_, "Harbours")
    if level:
        open_to(proposal, reviewer, level)
    client.force_login(reviewer)

    page = found(client, "harbours")

    assert page.context["proposals"] == []
    assert "Nothing found" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_search_takes_the_same_queries_for_three_as_for_one(
    client, round_, officer, django_assert_num_queries, count
):
    for _number in range(count):
        make_proposal(round_, "Harbours")
    client.force_login(officer)

    with django_assert_num_queries(11):
        assert found(client, "harbours").status_code == 200


def test_the_round_that_presses_most_comes_first(instruments, client, officer, reviewer, round_):
    late = make_round("LATE", title="Late round", reviewers_wanted=1)
    quiet = make_round("QUIET", title="Quiet round", reviewers_wanted=1)
    for each in (late, quiet):
        RoleGrant.objects.create(round=each, user=officer, role="programme_officer")
    for each in (round_, late, quiet):
        pin_shipped_instruments(each)
    yesterday = timezone.localdate() - timedelta(days=1)
    ask(late, make_proposal(late, "Due yesterday"), make_reviewer(late), officer, due_on=yesterday)
    ask(quiet, make_proposal(quiet, "Due later"), make_reviewer(quiet), officer)
    make_proposal(round_, "Asked of nobody")

    page = home_of(client, officer)

    works = page.context["works"]
    assert [(work.round.title, work.waits) for work in works] == [
        ("Late round", True),
        ("Mekong round", True),
        ("Quiet round", False),
    ]


def test_a_possible_conflict_waits_for_whoever_decides_about_it(client, round_, officer, reviewer):
    for who in (reviewer, officer):
        SuspectedConflict.objects.create(
            proposal=make_proposal(round_, "At sea"), reviewer=who, kind="declared_tie", detail="Blue Boat"
        )

    page = home_of(client, officer).content.decode()

    assert "1 possible conflict of interest waits for your decision." in page
    assert reverse("checklist:conflict-list", args=[round_.reference]) in page
