"""What applicants answer, and the reviewers who look at it again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import NoticeKind, QuestionState
from checklist.rules import can_ask_applicant
from checklist.selectors.questions import inviting_refusal, to_invite
from screening import audit

from .assessments import CannotReopenAssessment, reopen_assessment
from .notices import tell
from .questions import CannotAsk, QuestionConflict, hold_question, lock_proposal, note_question
from .responses import clean_text


class CannotInvite(Exception):
    """The reviewers are not invited; the message says why."""


@transaction.atomic
def record_answer(*, question, answer, answered_on, by):
    """Record what the applicant answered to a question that was sent, and return the question. Raises CannotAsk."""
    question = hold_question(question, by, QuestionState.SENT, while_open=False)
    question.state = QuestionState.ANSWERED
    return _keep_answer("answer_recorded", question, answer, answered_on, by)


@transaction.atomic
def correct_answer(*, question, answer, answered_on, revision, by):
    """Correct an answer that was recorded; the trail keeps what stood there. Raises CannotAsk, QuestionConflict."""
    question = hold_question(question, by, QuestionState.ANSWERED, while_open=False)
    if (question.answer, question.answered_on) == (clean_text(answer), answered_on):
        return question
    if revision != question.revision:
        raise QuestionConflict(question)
    return _keep_answer("answer_corrected", question, answer, answered_on, by)


def _keep_answer(event, question, answer, answered_on, by):
    answer = clean_text(answer)
    if not answer:
        raise CannotAsk(_("Write what the applicant answered."), field="answer")
    if answered_on is None or answered_on > timezone.localdate():
        raise CannotAsk(_("Give the day on which the answer came; not one to come."), field="answered_on")
    before = _state(question)
    question.answer, question.answered_on, question.recorded_by = answer, answered_on, by
    question.revision += 1
    question.save(update_fields=["state", "answer", "answered_on", "recorded_by", "revision"])
    note_question(event, question, by, before=before, after=_state(question))
    return question


def _state(question):
    return {
        "applicant_answer": question.answer,
        "answered_on": question.answered_on and question.answered_on.isoformat(),
    }


@transaction.atomic
def invite_reviewers(*, proposal, by):
    """Reopen the assessments of those whose questions were answered, tell them, and return the assessments.

    What each had submitted is kept. Raises CannotInvite, and then nothing is reopened.
    """
    proposal = lock_proposal(proposal)
    if not can_ask_applicant(by, proposal):
        raise CannotInvite(_("Only the programme officer invites reviewers to look again."))
    refusal = inviting_refusal(proposal)
    if refusal:
        raise CannotInvite(refusal)
    concerned = [(assessment, pks) for assessment, pks in to_invite(proposal) if assessment.reviewer_id != by.pk]
    if not concerned:
        raise CannotInvite(_("Nobody is left to invite: no answer came that a reviewer has not been told of."))
    for assessment, pks in concerned:
        try:
            reason = _("The applicant answered your question.")
            reopen_assessment(assessment=assessment, reason=reason, by=by, tells=False)
        except CannotReopenAssessment as locked:
            raise CannotInvite(str(locked)) from locked
        _tell(proposal, assessment, pks)
    audit.record(
        "reviewers_invited",
        proposal,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        after={"reviewers": len(concerned)},
        label=str(proposal),
    )
    return [assessment for assessment, _pks in concerned]


def _tell(proposal, assessment, question_pks):
    number = assessment.submission_number
    tell(
        users=[assessment.reviewer],
        kind=NoticeKind.LOOK_AGAIN,
        proposal=proposal,
        values={"assessment": assessment.pk, "submission": number, "questions": question_pks},
        key=f"{NoticeKind.LOOK_AGAIN}:{assessment.pk}:{number}",
    )
