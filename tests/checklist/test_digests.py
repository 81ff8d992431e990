"""The row that lists count by always says what the assignments and assessments say."""

import datetime as dt

import pytest
from django.db.models import Count, F, Min, Q

from checklist.actions import assignments as asking
from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment, ProposalDigest
from checklist.selectors.assigning import OPEN_STATES
from proposals.models import Proposal
from tests.factories import make_officer, make_proposal, make_reviewer, make_round

pytestmark = pytest.mark.django_db

DUE = dt.date(2026, 3, 1)


def recounted():
    """{proposal id: the row as it has to be}, worked out from all that was asked and answered."""
    is_open = Q(assignments__state__in=OPEN_STATES)
    is_in = Q(assignments__assessment__state=AssessmentState.SUBMITTED)
    is_out = is_open & (Q(assignments__assessment__isnull=True) | ~is_in)
    rows = Proposal.objects.annotate(
        asked=Count("assignments", filter=is_open),
        submitted=Count("assignments", filter=is_open & is_in),
        undeclared=Count("assignments", filter=Q(assignments__state=AssignmentState.ASSIGNED)),
        conflicted=Count("assignments", filter=Q(assignments__state=AssignmentState.CONFLICTED)),
        first_due_on=Min("assignments__due_on", filter=is_out),
    )
    return {row["pk"]: row for row in rows.values("pk", "round_id", "search_text", *COUNTED)}


COUNTED = ("asked", "submitted", "undeclared", "conflicted", "first_due_on")


def kept():
    rows = ProposalDigest.objects.values("round_id", "search_text", *COUNTED, pk=F("proposal_id"))
    return {row["pk"]: row for row in rows}


def submit(assignment):
    return Assessment.objects.create(
        assignment=assignment,
        proposal=assignment.proposal,
        reviewer=assignment.reviewer,
        state=AssessmentState.SUBMITTED,
        submitted_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
    )


def test_the_row_follows_everything_that_changes_it():
    round_ = make_round()
    officer = make_officer(round_)
    reviewers = [make_reviewer(round_) for _ in range(3)]
    first, second = make_proposal(round_), make_proposal(round_)
    assert kept() == recounted()

    made = asking.assign_reviewers(
        round_=round_, proposals=[first, second], reviewers=reviewers, due_on=DUE, by=officer
    )
    assert kept()[first.pk]["undeclared"] == 3
    assert kept() == recounted()

    asking.declare_conflict(assignment=made[0], declaration="My sister works there.", by=made[0].reviewer)
    assert kept() == recounted()
    asking.declare_no_conflict(assignment=made[1], by=made[1].reviewer)
    asking.withdraw_assignment(assignment=made[2], reason="Too many", by=officer)
    assert kept() == recounted()
    asking.decline_assignment(assignment=made[3], reason="No time", by=made[3].reviewer)
    assert kept() == recounted()

    assessment = submit(made[1])
    assert kept()[made[1].proposal_id]["submitted"] == 1
    assert kept() == recounted()
    Assessment.objects.filter(pk=assessment.pk).update(state=AssessmentState.DRAFT, submitted_at=None)
    assert kept()[made[1].proposal_id]["first_due_on"] == DUE
    assert kept() == recounted()
    assessment.delete()
    Assignment.objects.filter(pk=made[5].pk).update(due_on=dt.date(2026, 1, 1))
    assert kept() == recounted()
    made[4].delete()
    assert kept() == recounted()


def test_the_row_says_the_words_of_the_proposal_and_goes_with_it():
    round_ = make_round()
    proposal, other = make_proposal(round_), make_proposal(round_)

    Proposal.objects.filter(pk=proposal.pk).update(search_text="other words")
    other.delete()

    assert kept() == recounted()
    assert kept()[proposal.pk]["search_text"] == "other words"


def test_rows_made_in_bulk_are_kept_too():
    round_, proposals = make_round(), [make_proposal(make_round()) for _ in range(2)]
    reviewer = make_reviewer(round_)
    Assignment.objects.bulk_create(Assignment(proposal=each, reviewer=reviewer) for each in proposals)

    assert [row["asked"] for row in kept().values()] == [1, 1]
