"""Whether a proposal may be assessed or discussed now: by the dates of its round, and by its eligibility."""

from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind
from proposals import phases
from proposals.enums import ProposalStatus, RoundPhase
from proposals.selectors import refusal_outside, windows_of


def review_refusal(proposal):
    """Why nobody can assess the proposal today, as a sentence; "" where she can.

    `proposal` is loaded with its round. Practice has no dates.
    """
    if proposal.is_practice:
        return ""
    if proposal.status == ProposalStatus.INELIGIBLE:
        return _("This proposal was found not eligible, so it is not assessed.")
    return refusal_outside(proposal.round, RoundPhase.REVIEW, timezone.localdate())


def panel_refusal(round_):
    """Why the panel is not heard today, as a sentence; "" where it is: in its own phase and while decisions are taken."""
    today = timezone.localdate()
    refusal = refusal_outside(round_, RoundPhase.PANEL, today)
    if not refusal or phases.opening(windows_of(round_), RoundPhase.PANEL, today).opens_on:
        return refusal
    return refusal_outside(round_, RoundPhase.DECISION, today) and refusal


def dates_refusal(assessment):
    """The same for an assessment; only what a reviewer says for herself is bound to the review."""
    return review_refusal(assessment.proposal) if assessment.kind == AssessmentKind.INDIVIDUAL else ""
