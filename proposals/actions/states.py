"""Changes of a proposal's state that follow from what is done to it."""

from django.db import transaction

from proposals.enums import ProposalStatus
from proposals.models import Proposal
from screening import audit


@transaction.atomic
def begin_review(*, proposals, by):
    """Mark as in review those of the proposals that were only received until now; returns how many."""
    received = [proposal for proposal in proposals if proposal.status == ProposalStatus.RECEIVED]
    begun = []
    for start in range(0, len(received), 500):
        chunk = received[start : start + 500]
        # As they are now: one that was decided on meanwhile stays as it is.
        rows = Proposal.objects.select_for_update().filter(pk__in=[each.pk for each in chunk])
        still = set(rows.filter(status=ProposalStatus.RECEIVED).values_list("pk", flat=True))
        Proposal.objects.filter(pk__in=still).update(status=ProposalStatus.IN_REVIEW)
        begun += [proposal for proposal in chunk if proposal.pk in still]
    audit.record_many(
        {
            "event": "proposal_status_changed",
            "subject": proposal,
            "by": by,
            "thread": proposal.thread,
            "round_id": proposal.round_id,
            "before": {"status": str(ProposalStatus.RECEIVED)},
            "after": {"status": str(ProposalStatus.IN_REVIEW)},
        }
        for proposal in begun
    )
    for proposal in begun:
        proposal.status = ProposalStatus.IN_REVIEW
    return len(begun)


@transaction.atomic
def set_statuses(*, statuses, by):
    """Put many proposals into the state each has in `statuses` ([(proposal, status)]); returns those that changed."""
    changed = [(proposal, proposal.status, status) for proposal, status in statuses if proposal.status != status]
    for status in {status for _proposal, _before, status in changed}:
        pks = [proposal.pk for proposal, _before, after in changed if after == status]
        for start in range(0, len(pks), 500):
            Proposal.objects.filter(pk__in=pks[start : start + 500]).update(status=status)
    audit.record_many(
        {
            "event": "proposal_status_changed",
            "subject": proposal,
            "by": by,
            "thread": proposal.thread,
            "round_id": proposal.round_id,
            "before": {"status": str(before)},
            "after": {"status": str(status)},
        }
        for proposal, before, status in changed
    )
    for proposal, _before, status in changed:
        proposal.status = status
    return [proposal for proposal, _before, _status in changed]
