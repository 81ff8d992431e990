"""Who would get which proposal, who would not, and why: worked out before anything is done."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assignment
from checklist.stands import stand_of
from proposals.enums import AccessLevel
from proposals.models import Proposal, ProposalAccess
from screening.enums import RoundRole
from screening.models import User

from .conflicts import words_of_signs

OPEN_STATES = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)


@dataclass(frozen=True)
class PlannedPair:
    """One proposal and one reviewer. `obstacle` says why she is left out; `warning` what to think about.

    `previous` is an assignment that was declined, abstained from or taken back and would be asked anew;
    `is_asked` says that there is an open one already.
    """

    proposal: Proposal
    reviewer: User
    obstacle: str = ""
    warning: str = ""
    previous: Assignment | None = None
    is_asked: bool = False

    @property
    def key(self):
        return f"{self.proposal.pk}-{self.reviewer.pk}"

    @property
    def is_possible(self):
        return not self.obstacle


def reviewers_of(round_):
    """The people who review in the round, with what they were asked and what they handed in there; without practice."""
    in_round = Q(assignments__proposal__round=round_, assignments__proposal__is_practice=False)
    return (
        User.objects.filter(is_active=True, grants__round=round_, grants__role=RoundRole.REVIEWER)
        .annotate(
            asked_count=Count("assignments", filter=in_round & Q(assignments__state__in=OPEN_STATES)),
            submitted_count=Count(
                "assignments",
                filter=in_round
                & Q(assignments__state__in=OPEN_STATES)
                & Q(assignments__assessment__state=AssessmentState.SUBMITTED),
            ),
        )
        .order_by("name", "pk")
    )


def plan_pairs(proposals, reviewers, *, ask_again=False):
    """Every pair of the proposals and reviewers, in their order; a constant number of queries.

    Left out: who is asked already, who has a conflict on record, and, unless `ask_again`, who
    declined or abstained before. Warned about: a sign of a conflict that nobody has dismissed.
    """
    proposals, reviewers = list(proposals), list(reviewers)
    pks, people = [proposal.pk for proposal in proposals], [reviewer.pk for reviewer in reviewers]
    existing = {
        (row.proposal_id, row.reviewer_id): row
        for row in Assignment.objects.filter(proposal_id__in=pks, reviewer_id__in=people)
    }
    closed = set(
        ProposalAccess.objects.filter(proposal_id__in=pks, user_id__in=people, level=AccessLevel.CLOSED).values_list(
            "proposal_id", "user_id"
        )
    )
    signs = words_of_signs(proposals, reviewers)
    return [
        _pair(proposal, reviewer, existing, closed, signs, ask_again)
        for proposal in proposals
        for reviewer in reviewers
    ]


def _pair(proposal, reviewer, existing, closed, signs, ask_again):
    key = (proposal.pk, reviewer.pk)
    previous = existing.get(key)
    obstacle = _obstacle(previous, key in closed, ask_again)
    warning = "" if obstacle else signs.get(key, "")
    is_asked = previous is not None and previous.state in OPEN_STATES and key not in closed
    return PlannedPair(proposal, reviewer, obstacle, warning, None if obstacle else previous, is_asked)


def _obstacle(previous, is_closed, ask_again):
    if is_closed or (previous is not None and previous.state == AssignmentState.CONFLICTED):
        return _("has a conflict of interest on record")
    if previous is None or previous.state == AssignmentState.WITHDRAWN:
        return ""
    if previous.state in OPEN_STATES:
        return _("is asked already")
    if previous.state == AssignmentState.DECLINED and not ask_again:
        return _("declined before: “%(reason)s”") % {"reason": previous.closing_reason}
    if previous.state == AssignmentState.ABSTAINED and not ask_again:
        return _("abstained before: “%(reason)s”") % {"reason": previous.closing_reason}
    return ""


def mark_stands(assignments, today):
    """Put on each where it stands and what may be done about it: `stand`, `is_overdue`, `can_be_withdrawn`."""
    for each in assignments:
        each.stand = stand_of(each, today)
        each.can_be_withdrawn = can_be_withdrawn(each)
        each.is_overdue = bool(each.can_be_withdrawn and each.due_on and each.due_on < today)


def can_be_withdrawn(assignment):
    """Whether it is still open and nothing is handed in."""
    assessment = getattr(assignment, "assessment", None)
    return assignment.state in OPEN_STATES and not (assessment is not None and assessment.is_submitted)
