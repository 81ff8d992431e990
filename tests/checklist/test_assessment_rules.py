"""Who may read, answer and reopen an assessment, for every role and state."""

import pytest

from checklist import rules
from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import (
    assign_reviewers,
    declare_no_conflict,
    decline_assignment,
    withdraw_assignment,
)
from checklist.enums import AssignmentState
from checklist.models import Assessment, Assignment
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess
from screening.models import User
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_auditor,
    make_member,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db

OTHERS = ["programme_officer", "chair", "reviewer", "observer", "administrator", "auditor", "elsewhere"]


def person(role, round_):
    makers = {
        "administrator": make_administrator,
        "auditor": make_auditor,
        "elsewhere": lambda: make_member(make_round(), "programme_officer"),
    }
    return makers[role]() if role in makers else make_member(round_, role)


def allowed(assessment, predicate, people):
    assessment.refresh_from_db()
    # Afresh, because a person remembers her roles for one request.
    return {role for role, user in people.items() if predicate(User.objects.get(pk=user.pk), assessment)}


@pytest.fixture
def assessment(instruments):
    return make_assessment()


@pytest.fixture
def people(assessment):
    found = {role: person(role, assessment.proposal.round) for role in OTHERS}
    return {**found, "author": assessment.reviewer}


def test_a_draft_is_hers_alone(assessment, people):
    assert allowed(assessment, rules.can_read_assessment, people) == {"author"}
    assert allowed(assessment, rules.can_answer, people) == {"author"}
    assert allowed(assessment, rules.can_reopen_assessment, people) == set()


@pytest.mark.parametrize("end", [decline_assignment, withdraw_assignment])
def test_a_draft_closes_with_the_request_and_comes_back_with_it(assessment, people, end, client):
    by = assessment.reviewer if end is decline_assignment else people["programme_officer"]
    end(assignment=assessment.assignment, reason="No time this month.", by=by)
    client.force_login(assessment.reviewer)

    assert allowed(assessment, rules.can_read_assessment, people) == set()
    for page in ("result", "history", "scorecard", "scorecard/print"):
        assert client.get(f"/assessments/{assessment.pk}/{page}/").status_code == 404

    asked_again = assign_reviewers(
        round_=assessment.proposal.round,
        proposals=[assessment.proposal],
        reviewers=[assessment.reviewer],
        due_on=None,
        ask_again=True,
        by=people["programme_officer"],
    )
    assert allowed(assessment, rules.can_read_assessment, people) == set()
    declare_no_conflict(assignment=asked_again[0], by=assessment.reviewer)

    assert allowed(assessment, rules.can_read_assessment, people) == {"author"}


def test_a_submitted_one_is_read_by_role_and_reopened_by_the_officer(assessment, people):
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=assessment.reviewer)

    readers = {"author", "programme_officer", "chair", "observer", "auditor"}
    assert allowed(assessment, rules.can_read_assessment, people) == readers
    assert allowed(assessment, rules.can_answer, people) == set()
    assert allowed(assessment, rules.can_reopen_assessment, people) == {"programme_officer"}


def test_the_list_agrees_for_everybody(assessment, people):
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=assessment.reviewer)
    make_assessment(assessment.proposal.round, people["reviewer"], assessment.proposal)
    outsider = make_user()

    for user in (*people.values(), outsider):
        listed = set(Assessment.objects.visible_to(user))
        assert listed == {each for each in Assessment.objects.all() if rules.can_read_assessment(user, each)}


def test_who_owes_one_of_her_own_reads_no_other(assessment, people):
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=assessment.reviewer)
    make_assessment(assessment.proposal.round, people["chair"], assessment.proposal)

    assert "chair" not in allowed(assessment, rules.can_read_assessment, people)


def test_a_conflict_closes_it_to_the_officer_too(assessment, people):
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=assessment.reviewer)
    officer = people["programme_officer"]
    ProposalAccess.objects.create(proposal=assessment.proposal, user=officer, level=AccessLevel.CLOSED)

    assert "programme_officer" not in allowed(assessment, rules.can_read_assessment, people)
    assert allowed(assessment, rules.can_reopen_assessment, people) == set()


@pytest.mark.parametrize("state", [each for each in AssignmentState if each != AssignmentState.DECLARED])
def test_only_a_declared_assignment_is_open(assessment, state):
    Assignment.objects.filter(pk=assessment.assignment_id).update(
        state=state, declaration="Words.", closing_reason="Words."
    )
    assessment.assignment.refresh_from_db()

    assert not rules.assessment_is_open(assessment.reviewer, assessment)
