"""The questions on one proposal: drafts, what was sent and answered, who looked again, and what a letter says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import AssessmentState, LetterChannel, NoticeKind, QuestionState
from checklist.models import (
    ApplicantQuestion,
    Assessment,
    Assignment,
    LetterText,
    Notice,
    QuestionLetter,
    QuestionOrigin,
)
from checklist.naming import by_letter, letter
from checklist.questions import QuestionLetterContent, body_parts, fill_places
from proposals import phases
from proposals.enums import ProposalStatus, RoundPhase
from proposals.models import Proposal, RoleGrant
from proposals.selectors import phase_of, refusal_outside, windows_of
from screening.models import Job

from .asking import letter_language, to_invite_in
from .phases import review_refusal
from .submissions import Resubmission, changes_of_many

LETTER_KIND = "questions"
MAIL_JOB = "checklist.mail_questions"
# Titles shorter than this are words that stand in many texts.
SHORTEST_TITLE = 12


# -- What stands in the way ---------------------------------------------------------------------


def asking_refusal(proposal):
    """Why nobody asks this applicant anything today, as a sentence; "" where she can. Loaded with its round."""
    if proposal.is_practice:
        return _("This is a proposal for practice, so there is no applicant to ask.")
    if proposal.status not in (ProposalStatus.RECEIVED, ProposalStatus.IN_REVIEW):
        return _("This proposal is decided or out, so nothing is asked any more. Answers can still be recorded.")
    today = timezone.localdate()
    round_ = proposal.round
    if phase_of(round_, today) == RoundPhase.DECIDED:
        return _("This round is decided, so nothing is asked any more. Answers can still be recorded.")
    if not round_.follows_dates or not phases.opening(windows_of(round_), RoundPhase.REVIEW, today).opens_on:
        return ""
    return refusal_outside(round_, RoundPhase.REVIEW, today)


def inviting_refusal(proposal):
    """Why reviewers cannot be invited to look again, as a sentence; "" where they can. Loaded with its round."""
    if proposal.status not in (ProposalStatus.RECEIVED, ProposalStatus.IN_REVIEW):
        return _("This proposal is decided or out, so assessments stay as they are.")
    consensus = Assessment.objects.consensus().submitted().filter(proposal=proposal)
    if consensus.exists():
        return _(
            "The panel has closed its consensus on this proposal, and it rests on the assessments as they are. "
            "Ask the chair to reopen the consensus first."
        )
    return review_refusal(proposal)


# -- One proposal -------------------------------------------------------------------------------


def questions_of(proposal):
    """Every question in its order, with `about` (its criteria) and `from_assessments`. Three queries."""
    rows = ApplicantQuestion.objects.filter(proposal=proposal).select_related("letter", "recorded_by")
    rows = rows.prefetch_related("origins__criterion", "origins__assessment__reviewer")
    questions = list(rows.order_by("position", "pk"))
    for question in questions:
        origins = sorted(question.origins.all(), key=lambda each: (each.assessment.assignment_id, each.pk))
        question.about = list({each.criterion_id: each.criterion for each in origins}.values())
        question.from_assessments = list({each.assessment_id: each.assessment for each in origins}.values())
    return questions


def drafts_of(proposal):
    """What is not sent yet, in its order; `is_raw` while it stands as it was taken up. One query."""
    origins = QuestionOrigin.objects.filter(question=OuterRef("pk"))
    rows = ApplicantQuestion.objects.filter(proposal=proposal, state=QuestionState.DRAFT)
    rows = rows.annotate(is_raw=Exists(origins) & Q(revision=0))
    return list(rows.order_by("position", "pk"))


def in_state(questions, *states):
    return [question for question in questions if question.state in states]


def letters_of(proposal, questions):
    """The letters that went out, the newest first, each with its `asked` questions and its `job`. Two queries."""
    letters = list(QuestionLetter.objects.filter(proposal=proposal).select_related("sent_by").order_by("-pk"))
    asked = defaultdict(list)
    for question in questions:
        asked[question.letter_id].append(question)
    jobs = mail_jobs(letters)
    for each in letters:
        each.asked = asked[each.pk]
        each.job = jobs.get(each.pk)
        each.is_waiting = any(question.state == QuestionState.SENT for question in each.asked)
        each.is_overdue = bool(each.is_waiting and each.reply_by and each.reply_by < timezone.localdate())
    return letters


def mail_jobs(letters):
    """{letter id: the newest job that sends it}. One query."""
    jobs = Job.objects.filter(kind=MAIL_JOB, subject_id__in=[str(each.pk) for each in letters]).order_by("pk")
    return {int(job.subject_id): job for job in jobs}


@dataclass(frozen=True)
class LookedAgain:
    """One reviewer who was invited after an answer, and what she changed since; `is_open` while she has not submitted."""

    assessment: Assessment
    at: object
    is_open: bool
    changes: tuple[Resubmission, ...]


def looked_again(proposal):
    """[LookedAgain] in the order in which the reviewers were asked. Three queries."""
    first: dict[int, Notice] = {}
    for notice in Notice.objects.filter(kind=NoticeKind.LOOK_AGAIN, proposal=proposal).order_by("pk"):
        first.setdefault(notice.values["assessment"], notice)
    rows = Assessment.objects.filter(pk__in=first).select_related("reviewer", "assignment").order_by("assignment_id")
    changes = changes_of_many(list(first))
    return [
        LookedAgain(
            assessment,
            first[assessment.pk].at,
            assessment.state == AssessmentState.DRAFT,
            tuple(
                each
                for each in changes.get(assessment.pk, ())
                if each.number > first[assessment.pk].values["submission"]
            ),
        )
        for assessment in rows
    ]


def to_invite(proposal):
    """[(assessment with its reviewer, [question ids])] of those who were not told of an answer yet. Three queries."""
    found = to_invite_in([proposal.pk]).get(proposal.pk, {})
    rows = Assessment.objects.filter(pk__in=found).select_related("reviewer", "proposal__round")
    return [(assessment, found[assessment.pk]) for assessment in rows.order_by("assignment_id")]


# -- What reviewers read ------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """One question as the applicant got it, with the answer ("" while it is waited for) and what it is about."""

    text: str
    answer: str
    answered_on: object
    criteria: frozenset[int]


def answers_on(proposal_pk):
    """[Answered] of all that was sent, without whose questions they were. Two queries."""
    rows = ApplicantQuestion.objects.filter(
        proposal=proposal_pk, state__in=(QuestionState.SENT, QuestionState.ANSWERED)
    ).prefetch_related("origins")
    return [
        Answered(row.text, row.answer, row.answered_on, frozenset(each.criterion_id for each in row.origins.all()))
        for row in rows.order_by("position", "pk")
    ]


# -- Letters ------------------------------------------------------------------------------------


def letter_with_all(pk):
    """A letter with what its content is made of, or None."""
    rows = QuestionLetter.objects.select_related("proposal__round", "proposal__applicant", "sent_by")
    return rows.filter(pk=pk).first()


def letter_content(letter):
    """What a letter that was sent says; it is loaded by `letter_with_all`. One query.

    Everything in it was written or chosen by the officer, or is a fact that the applicant gave. No
    assessment, reviewer or other proposal is looked at.
    """
    asked = ApplicantQuestion.objects.filter(letter=letter).order_by("position", "pk")
    texts = asked.values_list("text", flat=True)
    return content_of(letter, texts, contact=letter.sent_by, dated_on=timezone.localtime(letter.sent_at).date())


def content_of(letter, questions, *, contact, dated_on):
    """The same of a letter that is not kept yet, with these texts as its questions."""
    proposal = letter.proposal
    language = letter_language(proposal)
    with override(language):
        day = date_format(letter.reply_by, "j F Y") if letter.reply_by else ""
        reply_line = "" if not day or day in letter.body else _("Please answer by %(day)s.") % {"day": day}
    paragraphs, closing = body_parts(letter.body)
    return QuestionLetterContent(
        language=language,
        donor=_donor(proposal),
        addressee=proposal.applicant.name if proposal.applicant else "",
        recipient=letter.recipient,
        subject=letter.subject,
        paragraphs=paragraphs,
        questions=tuple(questions),
        closing=closing,
        reply_by=letter.reply_by,
        reply_line=reply_line,
        contact_name=str(contact) if contact else "",
        contact_email=contact.email if contact else "",
        dated_on=dated_on,
        proposal_reference=proposal.reference,
        proposal_title=proposal.title,
        is_posted=letter.channel == LetterChannel.LETTER,
    )


def letter_wording(proposal):
    """(subject, text) to begin a letter with: the round's own wording where it has one. Places are not filled in."""
    language = letter_language(proposal)
    own = LetterText.objects.filter(round_id=proposal.round_id, kind=LETTER_KIND, language=language).first()
    if own:
        return own.subject, own.body
    return default_wording(language)


def default_wording(language):
    """(subject, text) of a letter with questions where the round has no wording of its own."""
    with override(language):
        return (
            _("Questions on your proposal {reference}"),
            _(
                "Dear colleagues,\n\n"
                "Thank you for your proposal “{title}” ({reference}). Before we can judge it we need to know more "
                "about the following.\n\n"
                "{questions}\n\n"
                "Please answer each question by its number, in a few sentences. Where the answer stands in a "
                "document that you sent, name the page; you may also send a further document.\n\n"
                "With kind regards"
            ),
        )


def fill_letter(text, proposal, reply_by=None):
    """The text with its places filled in: {title}, {reference}, {round}, {donor}, {applicant}, {reply_by}."""
    values = {
        "title": proposal.title,
        "reference": proposal.reference,
        "round": proposal.round.title,
        "donor": _donor(proposal),
        "applicant": proposal.applicant.name if proposal.applicant else "",
    }
    if reply_by:
        with override(letter_language(proposal)):
            values["reply_by"] = date_format(reply_by, "j F Y")
    return fill_places(text, values)


def last_recipient(proposal):
    """Where this applicant was written to last, on any proposal of the same round; "" where never."""
    sent = QuestionLetter.objects.filter(proposal__round_id=proposal.round_id, channel="email")
    own = sent.filter(proposal__applicant_id=proposal.applicant_id) if proposal.applicant_id else sent.none()
    return own.order_by("-pk").values_list("recipient", flat=True).first() or ""


def words_kept_inside(proposal, contact):
    """Words that must not reach the applicant: people of the round but for the contact, and other proposals.

    Names and addresses of everybody with a role in the round or asked to review the proposal, what
    reviewers are called by letter, and references and titles of proposals of other applicants. Four queries.
    """
    people = RoleGrant.objects.filter(round_id=proposal.round_id).exclude(user_id=contact.pk)
    asked = Assignment.objects.filter(proposal=proposal).exclude(reviewer_id=contact.pk)
    named = {*people.values_list("user__name", "user__email"), *asked.values_list("reviewer__name", "reviewer__email")}
    others = Proposal.objects.filter(round_id=proposal.round_id).exclude(pk=proposal.pk)
    if proposal.applicant_id:
        others = others.exclude(applicant_id=proposal.applicant_id)
    known = f"{proposal.title} {proposal.applicant or ''}".casefold()
    titles = []
    for reference, title in others.values_list("reference", "title"):
        titles.append(reference)
        if len(title) >= SHORTEST_TITLE and title.casefold() not in known:
            titles.append(title)
    letters = [by_letter(letter(index)) for index in range(max(len(asked), 1))]
    return sorted(word for pair in named for word in pair if word) + letters + titles


def _donor(proposal):
    return proposal.round.donor_name or proposal.round.title
