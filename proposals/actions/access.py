"""Who may see what of one proposal, beyond or against her role in the round.

Nobody calls these by hand: the action that has the reason (asked, declared, declined ...)
calls them inside its own transaction and keeps the reason on record.
"""

from django.db import transaction

from proposals.enums import AccessLevel
from proposals.models import ProposalAccess


@transaction.atomic
def set_access(*, proposal_id, user_id, level):
    """Set what the person may see of the proposal; `level` None takes her access away.

    A proposal closed by a conflict of interest stays closed, whatever is asked for.
    """
    row = ProposalAccess.objects.select_for_update().filter(proposal_id=proposal_id, user_id=user_id).first()
    if row is not None and row.level == AccessLevel.CLOSED:
        return row
    if level is None:
        if row is not None:
            row.delete()
        return None
    if row is None:
        return ProposalAccess.objects.create(proposal_id=proposal_id, user_id=user_id, level=level)
    row.level = level
    row.save(update_fields=["level"])
    return row


@transaction.atomic
def name_to_reviewers(*, pairs):
    """Let each user see title, applicant and partners of her proposal; pairs are (proposal id, user id).

    Leaves alone whoever sees more already, and what a conflict has closed.
    """
    rows = [
        ProposalAccess(proposal_id=proposal_id, user_id=user_id, level=AccessLevel.NAMED)
        for proposal_id, user_id in pairs
    ]
    ProposalAccess.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
