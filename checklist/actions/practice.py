"""Practice before scoring: which proposals are for it, their reference, and asking everybody to practise."""

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind
from checklist.models import Assessment
from checklist.rules import can_prepare_practice, can_prepare_proposal, can_write_reference
from checklist.selectors.assigning import plan_pairs
from checklist.selectors.drafts import load_draft
from checklist.selectors.eligibility import STOPPED
from checklist.selectors.instruments import versions_for
from checklist.selectors.practice import is_advised_on, is_answered, reference_of, to_ask
from proposals.models import Proposal
from screening import audit

from .assessments import CannotSubmitAssessment, hold_open, submit_assessment
from .assignments import assign_reviewers


class CannotPractise(Exception):
    """This cannot be prepared for practice; the message says why."""


@transaction.atomic
def set_practice(*, proposal, by):
    """Put a proposal aside for practice: it counts nowhere any more. Returns it. Raises CannotPractise."""
    held = _held(proposal, by)
    if held.is_practice:
        return held
    if held.status in STOPPED:
        raise CannotPractise(_("This proposal is not eligible or was withdrawn, so nobody can assess it."))
    if is_answered(held) or is_advised_on(held):
        raise CannotPractise(
            _("Somebody has judged this proposal already. A judgement cannot be put aside as practice afterwards.")
        )
    return _set(held, by, is_practice=True)


@transaction.atomic
def unset_practice(*, proposal, by):
    """Let a practice proposal count again, as long as nobody has answered. Raises CannotPractise."""
    held = _held(proposal, by)
    if not held.is_practice:
        return held
    if is_answered(held) or reference_of(held):
        raise CannotPractise(_("Somebody has practised on this proposal or written its reference. It stays practice."))
    return _set(held, by, is_practice=False)


@transaction.atomic
def begin_reference(*, proposal, by):
    """Begin the reference with the versions the round has pinned now, and return it.

    Asked for a second time it returns the one that is there. Raises CannotPractise.
    """
    held = _held(proposal, by)
    if not held.is_practice:
        raise CannotPractise(_("Only a proposal for practice has a reference."))
    existing = reference_of(held)
    if existing is not None:
        return existing
    versions = versions_for(held)
    if not versions:
        raise CannotPractise(_("This round has no instrument for this proposal yet. Choose one in the set-up."))
    reference = Assessment.objects.create(
        kind=AssessmentKind.REFERENCE, proposal=held, reviewer=by, language=by.language
    )
    reference.versions.set(versions)
    audit.record(
        "reference_started",
        reference,
        by=by,
        thread=held.thread,
        round_id=held.round_id,
        after={"versions": versions},
        label=str(held),
    )
    return reference


@transaction.atomic
def publish_reference(*, assessment, by):
    """Lock the reference and open it to everybody whose own practice is in; returns it.

    Raises AssessmentClosed, or CannotSubmitAssessment while an answer or the reason of one is missing.
    """
    held = hold_open(assessment, by)
    if not can_write_reference(by, held.proposal):
        raise CannotSubmitAssessment(_("Only somebody who prepares practice can publish its reference."))
    problem = reference_problem(load_draft(held))
    if problem:
        raise CannotSubmitAssessment(problem)
    return submit_assessment(assessment=held, by=by)


def reference_problem(draft):
    """Which answers of a reference lack the reason that reviewers are to learn from; "" where none does."""
    lacking = [
        f"{place.criterion.number} {place.criterion.short_title}"
        for place in draft.places()
        if place.stored.answer.answer is not None and not place.stored.answer.rationale.strip()
    ]
    if not lacking:
        return ""
    words = {"numbers": ", ".join(lacking)}
    return _("These answers still need a reason, because reviewers learn from it: %(numbers)s.") % words


@transaction.atomic
def ask_to_practise(*, round_, by):
    """Ask every reviewer of the round to assess every practice proposal; returns the new assignments.

    Left out: whoever wrote the reference, whoever was asked before, and every pair with a possible
    conflict of interest that nobody has dismissed. Raises CannotPractise.
    """
    if not can_prepare_practice(by, round_):
        raise CannotPractise(_("Only the programme officer or the chair prepares practice."))
    proposals, reviewers, left_out = to_ask(round_, by)
    if not proposals:
        raise CannotPractise(_("No proposal of this round is for practice yet."))
    if not reviewers:
        raise CannotPractise(_("The round has no reviewers yet."))
    warned = {(pair.proposal.pk, pair.reviewer.pk) for pair in plan_pairs(proposals, reviewers) if pair.warning}
    return assign_reviewers(
        round_=round_, proposals=proposals, reviewers=reviewers, due_on=None, by=by, leave_out=left_out | warned
    )


def _held(proposal, by):
    held = Proposal.objects.select_related("round").select_for_update(of=("self",)).get(pk=proposal.pk)
    if not can_prepare_proposal(by, held):
        raise CannotPractise(_("Only the programme officer or the chair prepares practice, and not what she owes."))
    return held


def _set(held, by, *, is_practice):
    held.is_practice = is_practice
    held.revision += 1
    held.save(update_fields=["is_practice", "revision"])
    audit.record(
        "practice_set",
        held,
        by=by,
        thread=held.thread,
        round_id=held.round_id,
        before={"is_practice": not is_practice},
        after={"is_practice": is_practice},
    )
    return held
