"""The whole file on a proposal or a round, taken out as one zip."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from checklist.report_rules import can_take_reports_on
from proposals.models import FundingRound
from proposals.rules import can_export
from screening import audit


class MayNotTakeDossier(PermissionDenied):
    """Whoever asks takes no reports on the proposal, or exports nothing of the round."""


@transaction.atomic
def record_dossier(*, subject, by):
    """Note who took the dossier of a proposal or of a round, before it is sent. Raises MayNotTakeDossier."""
    may_take = can_export if isinstance(subject, FundingRound) else can_take_reports_on
    if not may_take(by, subject):
        raise MayNotTakeDossier(_("You may not take this dossier."))
    if isinstance(subject, FundingRound):
        return audit.record("dossier_exported", subject, by=by, round_id=subject.pk)
    return audit.record("dossier_exported", subject, by=by, thread=subject.thread, round_id=subject.round_id)
