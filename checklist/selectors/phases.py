"""Whether a proposal may be assessed now: by the dates of its round, and by its eligibility."""

from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind
from proposals.enums import ProposalStatus, RoundPhase
from proposals.selectors import refusal_outside


def review_refusal(proposal):
    """Why nobody can assess the proposal today, as a sentence; "" where she can.

    `proposal` is loaded with its round. Practice has no dates.
    """
    if proposal.is_practice:
        return ""
    if proposal.status == ProposalStatus.INELIGIBLE:
        return _("This proposal was found not eligible, so it is not assessed.")
    return refusal_outside(proposal.round, RoundPhase.REVIEW, timezone.localdate())


def dates_refusal(assessment):
    """The same for an assessment; only what a reviewer says for herself is bound to the review."""
    return review_refusal(assessment.proposal) if assessment.kind == AssessmentKind.INDIVIDUAL else ""
