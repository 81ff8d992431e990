"""What the officer words for one applicant."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import FeedbackText
from checklist.report_rules import can_issue_on
from screening import audit


class MayNotWordFeedback(PermissionDenied):
    """Whoever asks does not issue reports on the proposal."""


@transaction.atomic
def set_feedback_text(*, proposal, language, strengths, weaknesses, advice, by):
    """Keep the officer's points for the applicant in one language. Returns the FeedbackText. Raises MayNotWordFeedback."""
    _check(proposal, by)
    values = {"strengths": strengths, "weaknesses": weaknesses, "advice": advice}
    row = FeedbackText.objects.filter(proposal=proposal, language=language).first()
    before = {name: getattr(row, name) for name in values} if row else None
    row = row or FeedbackText(proposal=proposal, language=language)
    for name, value in values.items():
        setattr(row, name, value)
    row.by, row.at = by, timezone.now()
    row.save()
    audit.record(
        "feedback_worded",
        proposal,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        before=before,
        after=values,
        note=language,
    )
    return row


@transaction.atomic
def drop_feedback_text(*, proposal, language, by):
    """Let the feedback hold criteria and findings alone again. Raises MayNotWordFeedback."""
    _check(proposal, by)
    row = FeedbackText.objects.filter(proposal=proposal, language=language).first()
    if row is None:
        return
    before = {"strengths": row.strengths, "weaknesses": row.weaknesses, "advice": row.advice}
    row.delete()
    audit.record(
        "feedback_worded",
        proposal,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        before=before,
        note=language,
    )


def _check(proposal, by):
    if not can_issue_on(by, proposal):
        raise MayNotWordFeedback(
            _("Only somebody who issues reports on the proposal changes the text of its feedback.")
        )
