"""The whole file on a proposal or a round, taken out as one zip."""

from django.db import transaction

from proposals.models import FundingRound
from screening import audit


@transaction.atomic
def record_dossier(*, subject, by):
    """Note who took the dossier of a proposal or of a round, before it is sent."""
    if isinstance(subject, FundingRound):
        return audit.record("dossier_exported", subject, by=by, round_id=subject.pk)
    return audit.record("dossier_exported", subject, by=by, thread=subject.thread, round_id=subject.round_id)
