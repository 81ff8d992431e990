"""Asking applicants: what reviewers could not judge is worded and sent. What comes back: `answers`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.enums import LetterChannel, QuestionState
from checklist.models import ApplicantQuestion, QuestionLetter, QuestionOrigin
from checklist.questions import body_parts, internal_words, unknown_places
from checklist.rules import can_ask_applicant
from checklist.selectors.asking import candidates_of, letter_language
from checklist.selectors.questions import (
    MAIL_JOB,
    asking_refusal,
    fill_letter,
    mail_jobs,
    words_kept_inside,
)
from checklist.sensitive import find
from proposals.models import Proposal
from screening import audit
from screening.enums import JobState
from screening.jobs import enqueue

from .responses import clean_text

LONGEST = 4000


class CannotAsk(Exception):
    """The question or letter is not taken; the message says why, `field` at what."""

    def __init__(self, message, *, field=""):
        super().__init__(message)
        self.field = field


class QuestionConflict(CannotAsk):
    """Somebody else changed the question meanwhile; `question` holds what is stored."""

    def __init__(self, question):
        super().__init__(
            _("Somebody else changed this question while you were writing. This is how it stands now: “%(text)s”")
            % {"text": question.text},
            field="text",
        )
        self.question = question


class NotLookedAt(CannotAsk):
    """Words of the letter look sensitive, and nobody said that they may go out."""


@dataclass(frozen=True)
class LetterGiven:
    """A letter as the officer wrote it; its places are filled in when it is sent.

    `drafts` are (question id, revision) of what she saw in it, so that nothing else goes out. `let_stand` are the
    words that look sensitive and that she looked at.
    """

    channel: str
    recipient: str
    subject: str
    body: str
    reply_by: date | None
    drafts: tuple[tuple[int, int], ...]
    let_stand: tuple[str, ...] = ()


# -- Wording ------------------------------------------------------------------------------------


@transaction.atomic
def add_question(*, proposal, text, by):
    """Add a question of the officer's own, as the last one, and return it. Raises CannotAsk."""
    proposal = hold_proposal(proposal, by)
    question = _create(proposal, _clean(text))
    note_question("question_written", question, by, after={"text": question.text})
    return question


@transaction.atomic
def take_up(*, proposal, criteria, by):
    """Make a question of what reviewers could not judge on each of these criteria, and return the questions.

    It begins with their words. Where a question on the same criterion is not sent yet, later reviewers join it
    and its wording stays. Raises CannotAsk.
    """
    proposal = hold_proposal(proposal, by)
    wanted = {criterion.pk for criterion in criteria}
    found = [
        each for each in candidates_of(proposal, language=letter_language(proposal)) if each.criterion_pk in wanted
    ]
    if not found or len(found) < len(wanted):
        raise CannotAsk(_("Choose at least one that nobody took up yet."))
    return [_take_up(proposal, candidate, by) for candidate in found]


def _take_up(proposal, candidate, by):
    drafts = ApplicantQuestion.objects.filter(
        proposal=proposal, state=QuestionState.DRAFT, origins__criterion=candidate.criterion_pk
    )
    question = drafts.order_by("position", "pk").first()
    is_new = question is None
    question = question or _create(proposal, candidate.suggestion[:LONGEST])
    QuestionOrigin.objects.bulk_create(
        QuestionOrigin(question=question, assessment_id=pk, criterion_id=candidate.criterion_pk)
        for pk in candidate.assessments
    )
    after = {"text": question.text, "criterion": candidate.number, "reviewers": len(candidate.assessments)}
    note_question("question_written" if is_new else "question_changed", question, by, after=after)
    return question


@transaction.atomic
def edit_question(*, question, text, revision, by):
    """Change the wording of a question that is not sent yet, and return it.

    The same words again are no change, whatever the revision. Raises CannotAsk, QuestionConflict.
    """
    question = hold_question(question, by, QuestionState.DRAFT)
    text = _clean(text)
    if text == question.text:
        return question
    if revision != question.revision:
        raise QuestionConflict(question)
    before = {"text": question.text}
    question.text = text
    question.revision += 1
    question.save(update_fields=["text", "revision"])
    note_question("question_changed", question, by, before=before, after={"text": text})
    return question


@transaction.atomic
def drop_question(*, question, by):
    """Leave out a question that is not sent yet; it stays on record and can come back. Raises CannotAsk."""
    question = hold_question(question, by, QuestionState.DRAFT)
    return _change_state(question, QuestionState.DROPPED, "question_dropped", by)


@transaction.atomic
def restore_question(*, question, by):
    """Take a question back in that was left out. Raises CannotAsk."""
    question = hold_question(question, by, QuestionState.DROPPED)
    return _change_state(question, QuestionState.DRAFT, "question_changed", by)


@transaction.atomic
def order_questions(*, proposal, order, by):
    """Put the questions that are not sent yet into this order (ids); one that is missing there comes last."""
    proposal = hold_proposal(proposal, by)
    drafts = list(proposal.questions.filter(state=QuestionState.DRAFT).order_by("position", "pk"))
    places = {pk: place for place, pk in enumerate(order)}
    sorted_ones = sorted(drafts, key=lambda each: places.get(each.pk, len(places)))
    if sorted_ones == drafts:
        return drafts
    before = {"questions": [each.text for each in drafts]}
    # What was sent keeps its place; drafts follow.
    last = _last_position(proposal.questions.exclude(state=QuestionState.DRAFT))
    for position, question in enumerate(sorted_ones, start=last + 1):
        question.position = position
    ApplicantQuestion.objects.bulk_update(sorted_ones, ["position"])
    after = {"questions": [each.text for each in sorted_ones]}
    note_question("question_order_changed", sorted_ones[0], by, before=before, after=after)
    return sorted_ones


# -- Sending ------------------------------------------------------------------------------------


@transaction.atomic
def send_questions(*, proposal, given, by):
    """Send the questions of a LetterGiven and return the QuestionLetter; from now on they stay as they are.

    An e-mail is handed to the worker once all is stored; a letter is only recorded, to be printed and posted.
    Raises CannotAsk where something is missing, was changed since she saw it, or must not leave the house, and
    NotLookedAt where words look sensitive and she did not say that they may go out.
    """
    proposal = hold_proposal(proposal, by)
    drafts = list(proposal.questions.filter(state=QuestionState.DRAFT).order_by("position", "pk"))
    if not drafts:
        raise CannotAsk(_("There is no question to send."))
    if [(each.pk, each.revision) for each in drafts] != list(given.drafts):
        raise CannotAsk(_("The questions were changed since you looked at the letter. Look at it again."))
    letter = letter_of(proposal, given)
    texts = [each.text for each in drafts]
    check_letter(letter, texts, by)
    stands = _let_stand(letter, texts, given.let_stand)
    letter.sent_by = by
    letter.save()
    proposal.questions.filter(pk__in=[each.pk for each in drafts]).update(state=QuestionState.SENT, letter=letter)
    after = {
        "channel": str(letter.channel),
        "recipient": letter.recipient,
        "subject": letter.subject,
        "reply_by": letter.reply_by and letter.reply_by.isoformat(),
        "questions": texts,
    }
    if stands:
        after["let_stand"] = stands
    note_question("questions_sent", letter, by, after=after, proposal=proposal)
    if letter.channel == LetterChannel.EMAIL:
        _mail(letter, by)
    return letter


@transaction.atomic
def mail_again(*, letter, by):
    """Send an e-mail again that could not be sent. Raises CannotAsk."""
    proposal = hold_proposal(letter.proposal, by, while_open=False)
    job = mail_jobs([letter]).get(letter.pk)
    if letter.channel != LetterChannel.EMAIL or job is None or job.state != JobState.FAILED:
        raise CannotAsk(_("This e-mail is sent, or on its way."))
    _mail(letter, by)
    note_question("questions_mailed_again", letter, by, proposal=proposal)
    return letter


def letter_of(proposal, given):
    """The letter that would be sent, not kept: its places filled in. The same for preview and sending."""
    return QuestionLetter(
        proposal=proposal,
        channel=given.channel,
        recipient=" ".join(given.recipient.split()),
        subject=" ".join(fill_letter(given.subject, proposal, given.reply_by).split()),
        body=clean_text(fill_letter(given.body, proposal, given.reply_by)),
        reply_by=given.reply_by,
    )


def check_letter(letter, questions, by):
    """Refuse what cannot go out like this; raises CannotAsk with the field at which to mend it."""
    if letter.channel not in LetterChannel.values:
        raise CannotAsk(_("Choose how it is sent."), field="channel")
    if letter.channel == LetterChannel.EMAIL:
        try:
            validate_email(letter.recipient)
        except ValidationError as problem:
            raise CannotAsk(_("Write the e-mail address of the applicant."), field="recipient") from problem
    if len(letter.recipient) > 300:
        raise CannotAsk(_("The address has at most 300 characters."), field="recipient")
    if not letter.subject or len(letter.subject) > 200:
        raise CannotAsk(_("Give the letter a subject of at most 200 characters."), field="subject")
    if not any(body_parts(letter.body)):
        raise CannotAsk(_("Write a few words around the questions."), field="body")
    if letter.reply_by and letter.reply_by < timezone.localdate():
        raise CannotAsk(_("The day by which you ask for an answer has passed."), field="reply_by")
    for field in ("subject", "body"):
        left = unknown_places(getattr(letter, field))
        if left:
            raise CannotAsk(_("Nothing is known to fill in for %(places)s.") % {"places": ", ".join(left)}, field=field)
    found = internal_words([letter.subject, letter.body, *questions], words_kept_inside(letter.proposal, by))
    if found:
        raise CannotAsk(
            ngettext(
                "This must not reach the applicant; take it out of the questions or the text: %(words)s.",
                "These must not reach the applicant; take them out of the questions or the text: %(words)s.",
                len(found),
            )
            % {"words": ", ".join(f"“{word}”" for word in found)}
        )


def sensitive_words(letter, questions):
    """[sensitive.Finding] in what the letter says: addresses, phone numbers, where a shelter is, names of survivors."""
    return find([letter.subject, letter.body, *questions])


def _let_stand(letter, questions, looked_at):
    """The kinds of what looks sensitive, all of it looked at; raises NotLookedAt else."""
    findings = sensitive_words(letter, questions)
    left = [each.text for each in findings if each.text not in looked_at]
    if left:
        raise NotLookedAt(
            ngettext(
                "This looks sensitive. Say that it may go out, or change the text: %(words)s.",
                "These look sensitive. Say of each that it may go out, or change the text: %(words)s.",
                len(left),
            )
            % {"words": ", ".join(f"“{words}”" for words in left)}
        )
    return sorted({each.kind for each in findings})


def _mail(letter, by):
    enqueue(kind=MAIL_JOB, subject=letter, key=f"mail_questions:{letter.pk}", by=by)


# -- Holding and recording ----------------------------------------------------------------------


def lock_proposal(proposal):
    """The proposal as it is now; one person changes its questions at a time."""
    return Proposal.objects.select_related("round", "applicant").select_for_update(of=("self",)).get(pk=proposal.pk)


def hold_proposal(proposal, by, *, while_open=True):
    proposal = lock_proposal(proposal)
    if not can_ask_applicant(by, proposal):
        raise CannotAsk(_("Only the programme officer asks the applicant."))
    refusal = asking_refusal(proposal) if while_open else ""
    if refusal:
        raise CannotAsk(refusal)
    return proposal


def hold_question(question, by, state, *, while_open=True):
    """The question as it is now, if it is in this state."""
    hold_proposal(question.proposal, by, while_open=while_open)
    held = ApplicantQuestion.objects.select_related("proposal__round").get(pk=question.pk)
    if held.state != state:
        raise CannotAsk(
            _("This question is no longer in the state “%(expected)s” but “%(now)s”.")
            % {"expected": QuestionState(state).label, "now": held.get_state_display()}
        )
    return held


def _clean(text):
    text = clean_text(text)
    if not text:
        raise CannotAsk(_("Write the question."), field="text")
    if len(text) > LONGEST:
        raise CannotAsk(_("A question has at most %(n)s characters.") % {"n": LONGEST}, field="text")
    return text


def _create(proposal, text):
    return ApplicantQuestion.objects.create(
        proposal=proposal, text=text, position=_last_position(proposal.questions.all()) + 1
    )


def _last_position(questions):
    return questions.aggregate(last=Max("position"))["last"] or 0


def _change_state(question, state, event, by):
    before = {"question_state": str(question.state)}
    question.state = state
    question.save(update_fields=["state"])
    note_question(event, question, by, before=before, after={"question_state": str(state)})
    return question


def note_question(event, subject, by, *, before=None, after=None, proposal=None):
    proposal = proposal or subject.proposal
    audit.record(
        event,
        subject,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        before=before,
        after=after,
        label=str(proposal),
    )
