"""Who is told what when something happens; called by the actions that do it, in their transaction.

Nobody is told what she did herself. Whether a notice may still be shown is asked again whenever it is.
"""

from checklist.enums import NoticeKind
from checklist.selectors.notices import people_with, reviewers_done
from proposals.models import FundingRound

from .notices import Told, tell_each


def tell_assigned(*, assignments, by):
    """Each reviewer, of each proposal that she is asked to assess."""
    tell_each(
        told=[
            Told(
                each.reviewer,
                NoticeKind.ASSIGNED,
                # She may be asked again after she declined.
                f"{NoticeKind.ASSIGNED}:{each.pk}:{each.assigned_at.isoformat()}",
                each.proposal,
                values={"assignment": each.pk, "due_on": each.due_on.isoformat() if each.due_on else None},
            )
            for each in assignments
            if _is_other(each.reviewer_id, by)
        ]
    )


def tell_reopened(*, assessment, by):
    """The reviewer, with the reason, that her assessment takes answers again."""
    key = f"{NoticeKind.REOPENED}:{assessment.pk}:{assessment.submission_number}"
    values = {"assessment": assessment.pk, "reason": assessment.reopen_reason}
    if _is_other(assessment.reviewer_id, by):
        tell_each(told=[Told(assessment.reviewer, NoticeKind.REOPENED, key, assessment.proposal, values=values)])


def tell_conflict_declared(*, assignment):
    """Those who decide about conflicts in the round: one reviewer less."""
    proposal = assignment.proposal
    values = {"person": str(assignment.reviewer), "person_id": assignment.reviewer_id}
    key = f"{NoticeKind.CONFLICT}:declared:{assignment.pk}:{assignment.declared_at.isoformat()}"
    people = people_with("decide_conflicts", proposal.round, closed_out_of=[proposal.pk])
    tell_each(
        told=[
            Told(user, NoticeKind.CONFLICT, key, proposal, values=values)
            for user, closed in people
            if user.pk != assignment.reviewer_id and not closed
        ]
    )


def tell_suspected(*, suspicions, proposals, by):
    """Those who decide about conflicts, once for all that was found together in a round.

    Each is told of as many as are open to her and not her own.
    """
    if not suspicions:
        return
    places, by_round = {each.pk: each.round_id for each in proposals}, {}
    for each in suspicions:
        by_round.setdefault(places[each.proposal_id], []).append(each)
    rounds, told = FundingRound.objects.in_bulk(by_round), []
    for pk, found in by_round.items():
        round_ = rounds[pk]
        newest = max(found, key=lambda each: (each.found_at, each.pk))
        key = f"{NoticeKind.CONFLICT}:found:{newest.pk}:{newest.found_at.isoformat()}"
        people = people_with("decide_conflicts", round_, closed_out_of={each.proposal_id for each in found})
        for user, closed in people:
            number = sum(each.proposal_id not in closed and each.reviewer_id != user.pk for each in found)
            if number and _is_other(user.pk, by):
                told.append(Told(user, NoticeKind.CONFLICT, key, round=round_, values={"number": number}))
    tell_each(told=told)


def tell_decided(*, round_, decisions, by):
    """Reviewers who took part, of each outcome; officers and chairs once, of how many decisions hold now.

    Never somebody in conflict, nor somebody who still owes an assessment in the round.
    """
    outcomes = {each.proposal_id: each for each in decisions}
    told = []
    for reviewer, proposal_pk in reviewers_done(round_, list(outcomes)):
        decision = outcomes[proposal_pk]
        if _is_other(reviewer.pk, by):
            key = f"{NoticeKind.DECIDED}:{decision.pk}"
            values = {"outcome": str(decision.outcome)}
            told.append(Told(reviewer, NoticeKind.DECIDED, key, decision.proposal, round_, values))
    key = f"{NoticeKind.DECIDED}:round:{max(each.pk for each in decisions)}"
    for user, closed in people_with("see_decisions", round_, closed_out_of=list(outcomes), owe_nothing=True):
        number = len(outcomes.keys() - closed)
        if number and _is_other(user.pk, by):
            told.append(Told(user, NoticeKind.DECIDED, key, round=round_, values={"number": number}))
    tell_each(told=told)


def _is_other(user_pk, by):
    return by is None or user_pk != by.pk
