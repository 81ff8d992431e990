"""Only an officer to whom the proposal is open takes a request back."""

import pytest

from checklist.actions.assignments import CannotWithdraw, assign_reviewers, withdraw_assignment
from proposals.enums import AccessLevel
from tests.factories import make_member, make_officer, make_reviewer, open_to

pytestmark = pytest.mark.django_db


def test_only_an_officer_to_whom_the_proposal_is_open_takes_a_request_back(proposal, officer):
    reviewer = make_reviewer(proposal.round)
    [assignment] = assign_reviewers(
        round_=proposal.round, proposals=[proposal], reviewers=[reviewer], due_on=None, by=officer
    )
    torn = make_officer(proposal.round)
    open_to(proposal, torn, AccessLevel.CLOSED)

    for who in (reviewer, make_member(proposal.round, "chair"), torn):
        with pytest.raises(CannotWithdraw, match="Only a programme officer"):
            withdraw_assignment(assignment=assignment, reason="Wrong person.", by=who)

    assignment.refresh_from_db()
    assert assignment.state == "assigned"
