"""How a round went, in figures: what was received, who judged, how long it took. Practice is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment
from proposals.enums import ProposalStatus
from proposals.models import Proposal

from .eligibility import STOPPED


@dataclass(frozen=True)
class Process:
    """Counts over the proposals that this person may see. `days` is the median from being asked to handing in.

    `complete` counts proposals with as many assessments as the round wants; `newest` is the time of the
    last thing that was counted, or None.
    """

    received: int
    ineligible: int
    withdrawn: int
    assessed: int
    complete: int
    assessments: int
    consensus: int
    reviewers: int
    states: dict[str, int]
    days: float | None
    newest: datetime | None

    @property
    def eligible(self):
        """What was neither found ineligible nor withdrawn."""
        return self.received - self.ineligible - self.withdrawn


def process_of(round_, user):
    """The Process of a round; three queries. The caller has asked that she owes no assessment in it."""
    proposals = dict(Proposal.objects.listed_to(user, round_).counted().values_list("pk", "status"))
    added = list(Proposal.objects.filter(pk__in=list(proposals)).values_list("created_at", flat=True))
    done = Assessment.objects.submitted().filter(proposal__in=list(proposals), state=AssessmentState.SUBMITTED)
    rows = list(
        done.exclude(kind=AssessmentKind.REFERENCE).values_list(
            "kind", "proposal_id", "reviewer_id", "submitted_at", "assignment__assigned_at"
        )
    )
    single = [row for row in rows if row[0] == AssessmentKind.INDIVIDUAL]
    per_proposal: dict[int, int] = {}
    for row in single:
        per_proposal[row[1]] = per_proposal.get(row[1], 0) + 1
    asked = Assignment.objects.filter(proposal__in=list(proposals)).values_list("state", "assigned_at", "closed_at")
    states = dict.fromkeys(AssignmentState.values, 0)
    times = [*added, *(row[3] for row in rows)]
    for state, assigned_at, closed_at in asked:
        states[state] += 1
        times += [assigned_at, closed_at] if closed_at else [assigned_at]
    statuses = list(proposals.values())
    judged = [pk for pk, status in proposals.items() if status not in STOPPED and pk in per_proposal]
    days = [(row[3] - row[4]).total_seconds() / 86400 for row in single if row[4]]
    return Process(
        received=len(proposals),
        ineligible=statuses.count(ProposalStatus.INELIGIBLE),
        withdrawn=statuses.count(ProposalStatus.WITHDRAWN),
        assessed=len(judged),
        complete=sum(per_proposal[pk] >= round_.reviewers_wanted for pk in judged),
        assessments=len(single),
        consensus=len(rows) - len(single),
        reviewers=len({row[2] for row in single}),
        states=states,
        days=median(days) if days else None,
        newest=max(times, default=None),
    )
