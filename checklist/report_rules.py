"""Who may make, issue and read reports, as predicates named like sentences."""

import rules

from checklist.rules import still_owes_assessment
from proposals import rules as proposal_rules
from proposals.enums import AccessLevel
from screening.roles import has_system_permission


@rules.predicate
def can_take_reports_on(user, proposal):
    """By role, on a proposal that no conflict, no assessment of her own and no practice closes."""
    return (
        not proposal.is_practice
        and proposal_rules.can_read_proposal(user, proposal)
        and proposal_rules.can_export(user, proposal.round)
        and not still_owes_assessment(user, proposal)
    )


@rules.predicate
def can_issue_in_round(user, round_):
    """Whether she issues reports and looks after letters and letterhead in the round."""
    return proposal_rules.may(user, round_, "issue_reports")


@rules.predicate
def can_issue_on(user, proposal):
    """By role, on a proposal of which she may take reports."""
    return can_issue_in_round(user, proposal.round) and can_take_reports_on(user, proposal)


@rules.predicate
def can_issue_on_round(user, round_):
    """By role, where no conflict of interest closes a proposal of the round to her."""
    closed = user.accesses.filter(level=AccessLevel.CLOSED, proposal__round=round_)
    return can_issue_in_round(user, round_) and not closed.exists()


@rules.predicate
def can_change_house_letterhead(user):
    """The letterhead of the house is for administrators; each round may have its own."""
    return has_system_permission(user, "open_round")
