"""The life of an assessment: begun, answered, concluded, submitted and locked, reopened."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.enums import AssessmentKind, AssessmentState, AssignmentState, Conclusion
from checklist.models import Assessment, Assignment, SubmittedScore, SubmittedState
from checklist.rules import can_reopen_assessment, can_write_consensus, can_write_reference
from checklist.selectors.drafts import load_draft
from checklist.selectors.instruments import versions_for
from checklist.selectors.phases import review_refusal
from checklist.selectors.practice import is_practised, practice_refusal, reference_of, submission_refusal
from checklist.selectors.results import terms_kept
from proposals.actions.states import begin_review
from screening import audit

from .holding import AssessmentClosed, hold, hold_open, hold_round_of, refusal_of
from .responses import (
    GivenResponse,
    NotAnAnswer,
    NotAsked,
    Pointer,
    ResponseConflict,
    SaveOutcome,
    clean_text,
    save_response,
    save_responses,
    what_differs,
)
from .telling import tell_reopened

__all__ = [
    "AssessmentClosed",
    "CannotReopenAssessment",
    "CannotStartAssessment",
    "CannotSubmitAssessment",
    "ConclusionConflict",
    "GivenResponse",
    "NotAnAnswer",
    "NotAsked",
    "Pointer",
    "ResponseConflict",
    "SaveOutcome",
    "choose_language",
    "conclusion_problem",
    "hold_open",
    "refusal_of",
    "reopen_assessment",
    "save_conclusion",
    "save_form",
    "save_response",
    "save_responses",
    "start_assessment",
    "submit_assessment",
    "what_differs",
]


SUBMITTED_EVENTS = {
    AssessmentKind.INDIVIDUAL: "assessment_submitted",
    AssessmentKind.CONSENSUS: "consensus_submitted",
    AssessmentKind.REFERENCE: "reference_published",
}
REOPENED_EVENTS = {
    AssessmentKind.INDIVIDUAL: "assessment_reopened",
    AssessmentKind.CONSENSUS: "consensus_reopened",
    AssessmentKind.REFERENCE: "reference_reopened",
}


class CannotStartAssessment(Exception):
    """The assessment cannot begin; the message says why."""


class ConclusionConflict(Exception):
    """The overall view was saved elsewhere in the meantime; `assessment` holds what is stored."""

    def __init__(self, assessment):
        super().__init__(_("Your overall view was changed in another window or on another device."))
        self.assessment = assessment


class CannotSubmitAssessment(Exception):
    """Something is missing or in the way; the message says what."""


class CannotReopenAssessment(Exception):
    """The assessment stays locked; the message says why."""


@transaction.atomic
def start_assessment(*, assignment, by):
    """Begin the reviewer's assessment with the versions the round has pinned now, and return it.

    Without those that are for another kind of proposal, see `selectors.instruments.versions_for`.

    Asked for a second time it returns the one that is there: a reviewer who is asked again
    finds what she had saved.
    """
    # The round first, as everything that changes what it judges by does: its versions are those of now.
    hold_round_of(assignment)
    assignment = (
        Assignment.objects.select_related("proposal__round", "reviewer")
        .select_for_update(of=("self",))
        .get(pk=assignment.pk)
    )
    if by is None or assignment.reviewer_id != by.pk:
        raise CannotStartAssessment(_("Only the reviewer herself can begin her assessment."))
    if assignment.state != AssignmentState.DECLARED:
        raise CannotStartAssessment(_("Declare first whether you have a conflict of interest."))
    existing = Assessment.objects.filter(assignment=assignment).first()
    if existing is not None:
        return existing
    refusal = review_refusal(assignment.proposal) or practice_refusal(assignment.proposal, by)
    if refusal:
        raise CannotStartAssessment(refusal)
    versions = versions_for(assignment.proposal)
    if not versions:
        raise CannotStartAssessment(
            _("This round has no instrument for this proposal yet. Ask the programme officer to choose one.")
        )
    assessment = Assessment.objects.create(
        assignment=assignment, proposal=assignment.proposal, reviewer=assignment.reviewer, language=by.language
    )
    assessment.versions.set(versions)
    _record("assessment_started", assessment, by, after={"versions": versions})
    return assessment


@transaction.atomic
def save_form(*, assessment, given, by, conclusion=None, last_criterion_pk=None):
    """Save a whole form at once, as a browser without scripts posts it; returns the SaveOutcome.

    `given` lists GivenResponses, `conclusion` holds the arguments of `save_conclusion`. What was saved
    elsewhere in the meantime is left alone and named in the outcome.
    """
    outcome = save_responses(assessment=assessment, given=given, by=by, last_criterion_pk=last_criterion_pk)
    if conclusion is None:
        return outcome
    try:
        save_conclusion(assessment=assessment, by=by, **conclusion)
    except ConclusionConflict as conflict:
        return replace(outcome, conclusion_conflict=conflict)
    return outcome


@transaction.atomic
def choose_language(*, assessment, language, by):
    """Show the questions of this assessment in another language. The answers stay."""
    held = hold_open(assessment, by)
    held.language = language
    held.save(update_fields=["language"])
    return held


@transaction.atomic
def save_conclusion(*, assessment, by, conclusion="", reason="", override_reason="", revision=0):
    """Save the reviewer's overall view and return the assessment.

    The same content again is no change, whatever the revision. Raises AssessmentClosed, NotAnAnswer,
    ConclusionConflict.
    """
    held = hold_open(assessment, by)
    if conclusion and conclusion not in Conclusion.values:
        raise NotAnAnswer(_("This is not one of the overall views."))
    after = {
        "conclusion": conclusion,
        "conclusion_reason": clean_text(reason),
        "override_reason": clean_text(override_reason),
    }
    before = {field: getattr(held, field) for field in after}
    if before == after:
        return held
    if revision != held.conclusion_revision:
        raise ConclusionConflict(held)
    for field, value in after.items():
        setattr(held, field, value)
    held.conclusion_revision += 1
    held.saved_at = timezone.now()
    held.save(update_fields=[*after, "conclusion_revision", "saved_at"])
    changed = [field for field in after if before[field] != after[field]]
    _record(
        "conclusion_saved",
        held,
        by,
        private_to=held.reviewer,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
    )
    return held


def conclusion_problem(content):
    """Why the overall view stands in the way of submitting, as a sentence; "" when it does not."""
    assessment = content.assessment
    if assessment.conclusion and not assessment.conclusion_reason.strip():
        return _("Give the reasons for your overall view, or leave it out.")
    is_recommended = assessment.conclusion == Conclusion.RECOMMEND
    if is_recommended and content.blocks_recommendation and not assessment.override_reason.strip():
        return _(
            "A critical item speaks against “Recommend”. Say why you recommend all the same, or choose another view."
        )
    return ""


@transaction.atomic
def submit_assessment(*, assessment, by):
    """Lock the assessment with what its answers come to, and return it.

    Raises AssessmentClosed, or CannotSubmitAssessment while anything is missing, practice before it included.
    """
    held = hold_open(assessment, by)
    content = load_draft(held).content
    open_count = len({key for key, _problem in content.progress.problems})
    if open_count:
        raise CannotSubmitAssessment(_("Some questions still need something before you can submit."))
    refusal = conclusion_problem(content) or submission_refusal(held)
    if refusal:
        raise CannotSubmitAssessment(refusal)
    scores = [_score(held, instrument) for instrument in content.instruments]
    SubmittedScore.objects.bulk_create(scores)
    now = timezone.now()
    held.state, held.submitted_at, held.saved_at = AssessmentState.SUBMITTED, now, now
    held.submission_number += 1
    first = content.instruments[0]
    judged_by = [(instrument.sheet, instrument.spec) for instrument in content.instruments]
    held.terms = terms_kept(judged_by, first.context, first.form_length)
    held.save(update_fields=["state", "submitted_at", "saved_at", "submission_number", "terms"])
    SubmittedState.objects.create(
        assessment=held, number=held.submission_number, submitted_at=now, content=state_to_keep(content)
    )
    begin_review(proposals=[held.proposal], by=by)
    after = {"state": held.state, "submission": held.submission_number}
    for instrument, score in zip(content.instruments, scores, strict=True):
        share = None if score.share is None else str(score.share)
        after[instrument.sheet.slug] = {"marks": score.marks, "share": share}
    _record(SUBMITTED_EVENTS[held.kind], held, by, private_to=held.reviewer, before={"state": "draft"}, after=after)
    return held


@transaction.atomic
def reopen_assessment(*, assessment, reason, by, tells=True):
    """Unlock a submitted assessment, with a reason that the reviewer reads, and return it.

    She gets a notice of it; a caller who tells her more says `tells=False`. Raises CannotReopenAssessment, for
    whoever may not reopen it too.
    """
    held = hold(assessment)
    if not held.is_submitted:
        raise CannotReopenAssessment(_("This assessment is not submitted, so there is nothing to reopen."))
    if not _may_reopen(by, held):
        raise CannotReopenAssessment(_("You may not reopen this assessment."))
    if not reason.strip():
        raise CannotReopenAssessment(
            _("Say why you reopen the assessment. The reviewer reads it, and it stays on record.")
        )
    refusal = _reopen_refusal(held)
    if refusal:
        raise CannotReopenAssessment(refusal)
    before = {"state": held.state, "submitted_at": held.submitted_at.isoformat()}
    held.state, held.submitted_at, held.reopen_reason = AssessmentState.DRAFT, None, clean_text(reason)
    # She begins again at what has to be looked at, not where she stopped before.
    held.last_criterion = None
    held.terms = None
    held.save(update_fields=["state", "submitted_at", "reopen_reason", "terms", "last_criterion"])
    # They stand for the submitted answers only; the audit trail keeps what they were.
    held.scores.all().delete()
    _record(
        REOPENED_EVENTS[held.kind],
        held,
        by,
        before=before,
        after={"state": held.state, "submitted_at": None},
        note=held.reopen_reason,
    )
    if tells and held.kind == AssessmentKind.INDIVIDUAL:
        tell_reopened(assessment=held, by=by)
    return held


def _may_reopen(by, held):
    if held.kind == AssessmentKind.CONSENSUS:
        return can_write_consensus(by, held.proposal)
    if held.kind == AssessmentKind.REFERENCE:
        return can_write_reference(by, held.proposal)
    return can_reopen_assessment(by, held)


def _reopen_refusal(held):
    """What rests on a submitted assessment and so keeps it locked, as a sentence; "" where nothing does."""
    if held.kind == AssessmentKind.REFERENCE and is_practised(held.proposal):
        return _("A reviewer has compared her practice with this reference, so it stays as it is.")
    if held.kind != AssessmentKind.INDIVIDUAL:
        return ""
    if held.proposal.is_practice and reference_of(held.proposal, is_published=True):
        return _("The reviewer has seen the reference since, so her practice stays as it is.")
    if _has_closed_consensus(held.proposal_id):
        return _(
            "The panel has closed its consensus on this proposal, and it rests on this assessment. "
            "Ask the chair to reopen the consensus first."
        )
    return ""


def _has_closed_consensus(proposal_pk):
    """Whether the panel's consensus is closed; held until the end of the transaction, so that it stays so."""
    rows = Assessment.objects.consensus().select_for_update().filter(proposal_id=proposal_pk)
    return any(state == AssessmentState.SUBMITTED for state in rows.values_list("state", flat=True))


def _score(assessment, instrument):
    """The row that lists read instead of scoring again."""
    result = instrument.result
    share = getattr(result, "share", None)
    span = getattr(result, "range", None)
    return SubmittedScore(
        assessment=assessment,
        version_id=instrument.sheet.pk,
        marks=scoring.marks(result),
        share=presentation.exact_percent(share),
        low=presentation.exact_percent(span.low if span else None),
        high=presentation.exact_percent(span.high if span else None),
        judged=result.judged,
        total=result.total,
        blocks=sum(critical.blocks for critical in result.criticals),
    )


def state_to_keep(content):
    """Everything an assessment says, as JSON values; see `SubmittedState`."""
    assessment = content.assessment
    return {
        "criteria": {
            str(each.sheet.pk): {key: _answer_to_keep(stored) for key, stored in each.stored.items()}
            for each in content.instruments
        },
        "conclusion": assessment.conclusion,
        "conclusion_reason": assessment.conclusion_reason,
        "override_reason": assessment.override_reason,
    }


def _answer_to_keep(stored):
    return {
        "answer": stored.answer.answer or "",
        "rationale": stored.answer.rationale,
        "subs": {key: {"answer": sub.answer or "", "text": sub.text} for key, sub in stored.answer.subs.items()},
        "evidence": [
            {"document": each.document_name, "page": each.page, "quote": each.quote} for each in stored.evidence
        ],
    }


def _record(event, assessment, by, **details):
    audit.record(
        event,
        assessment,
        by=by,
        thread=assessment.proposal.thread,
        round_id=assessment.proposal.round_id,
        label=str(assessment.reviewer),
        **details,
    )
