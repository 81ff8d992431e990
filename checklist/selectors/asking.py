"""What reviewers could not judge, and where the questions of each proposal of a round stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState, CriticalRule, NoticeKind, QuestionState
from checklist.models import (
    ApplicantQuestion,
    Assessment,
    Notice,
    QuestionOrigin,
    Response,
    RoundCriticalRule,
    SubResponse,
)
from checklist.questions import Asked, merge_questions
from checklist.scoring import NEI, SEEN

from .deciding import to_decide
from .results import load_contents


@dataclass(frozen=True)
class Counts:
    """How many of a proposal's questions are in each state; `left` counts criteria nobody took up yet.

    `first_due` is the earliest day by which an answer that is still missing was asked for, and
    `to_invite` counts reviewers who have not been told of an answer to what they could not judge.
    """

    left: int
    drafts: int
    waiting: int
    answered: int
    first_due: date | None
    to_invite: int

    def is_overdue(self, today):
        return self.first_due is not None and self.first_due < today


def letter_language(proposal):
    """The language in which its applicant is written to: that of the proposal, where we speak it."""
    known = [code for code, _name in settings.LANGUAGES]
    return proposal.language if proposal.language in known else settings.LANGUAGE_CODE


# -- Candidates ---------------------------------------------------------------------------------


def candidates_of(proposal, *, language=None):
    """[Candidate] of one proposal that nobody took up yet, in the order of the form."""
    return candidates_in([proposal], language=language)[proposal.pk]


def candidates_in(proposals, *, language=None):
    """{proposal id: [Candidate]} from submitted individual assessments; a constant number of queries.

    What was taken up stays so when its question is left out, so that it does not come back each time.
    """
    pks = [proposal.pk for proposal in proposals]
    assessments = list(
        Assessment.objects.individual()
        .submitted()
        .filter(proposal__in=pks)
        .select_related("proposal__round")
        .order_by("assignment_id", "pk")
    )
    contents = load_contents(assessments, language=language)
    origins = QuestionOrigin.objects.filter(question__proposal__in=pks)
    taken = set(origins.values_list("assessment_id", "criterion_id"))
    asked: dict[int, list[Asked]] = defaultdict(list)
    for assessment in assessments:
        asked[assessment.proposal_id].extend(_asked(contents[assessment.pk]))
    return {pk: merge_questions(asked[pk], taken) for pk in pks}


def _asked(content):
    """What one assessment could not judge."""
    for place, each in enumerate(content.instruments):
        order = {criterion.key: index for index, criterion in enumerate(each.sheet.criteria)}
        for question in each.questions:
            criterion = each.sheet.criterion(question.key)
            sub = criterion.sub(question.sub) if question.sub else None
            yield Asked(
                assessment_pk=content.assessment.pk,
                criterion_pk=criterion.pk,
                order=(place, order[question.key]),
                number=criterion.number,
                title=criterion.short_title,
                part=sub.label if sub else "",
                wording=sub.wording if sub else criterion.wording,
                text=question.text,
            )


# -- A round ------------------------------------------------------------------------------------


def to_ask(user, round_):
    """Proposals of the round whose questions are open to this person: those on which decisions are."""
    return to_decide(user, round_)


def with_questions(proposals, state, today):
    """Those of the proposals that have a question in this state: "left", "overdue" or one of QuestionState."""
    if state == "left":
        return proposals.filter(Exists(_left()))
    questions = ApplicantQuestion.objects.filter(proposal=OuterRef("pk"))
    if state == "overdue":
        return proposals.filter(Exists(questions.filter(state=QuestionState.SENT, letter__reply_by__lt=today)))
    return proposals.filter(Exists(questions.filter(state=state)))


def _left():
    """Responses on the proposal of the outer query that ask something which nobody took up."""
    own = RoundCriticalRule.objects.filter(
        round=OuterRef("assessment__proposal__round"), criterion=OuterRef("criterion")
    )
    explains = Exists(own.filter(rule=CriticalRule.EXPLAIN)) | (
        Q(criterion__critical_rule=CriticalRule.EXPLAIN) & ~Exists(own)
    )
    parts = SubResponse.objects.filter(response=OuterRef("pk"), answer=NEI)
    taken = QuestionOrigin.objects.filter(assessment=OuterRef("assessment"), criterion=OuterRef("criterion"))
    return Response.objects.filter(
        Q(answer=NEI) | Exists(parts) | (Q(answer=SEEN) & explains),
        ~Exists(taken),
        assessment__proposal=OuterRef("pk"),
        assessment__kind=AssessmentKind.INDIVIDUAL,
        assessment__state=AssessmentState.SUBMITTED,
    )


def attach_counts(proposals):
    """Put Counts on each proposal; a constant number of queries."""
    pks = [proposal.pk for proposal in proposals]
    candidates = candidates_in(proposals)
    states: Counter[tuple[int, str]] = Counter()
    due: dict[int, list[date]] = defaultdict(list)
    rows = ApplicantQuestion.objects.filter(proposal__in=pks)
    for pk, state, reply_by in rows.values_list("proposal_id", "state", "letter__reply_by"):
        states[pk, state] += 1
        if state == QuestionState.SENT and reply_by:
            due[pk].append(reply_by)
    waiting = to_invite_in(pks)
    for proposal in proposals:
        pk = proposal.pk
        proposal.counts = Counts(
            left=len(candidates[pk]),
            drafts=states[pk, QuestionState.DRAFT],
            waiting=states[pk, QuestionState.SENT],
            answered=states[pk, QuestionState.ANSWERED],
            first_due=min(due[pk], default=None),
            to_invite=len(waiting.get(pk, {})),
        )
    return proposals


# -- Who has not been told of an answer ---------------------------------------------------------


def to_invite_in(proposal_pks):
    """{proposal id: {assessment id: [question ids]}} of answers that their reviewers were not invited to look at.

    Only submitted assessments of reviewers who may still assess. Two queries.
    """
    told = {
        (notice.user_id, question)
        for notice in Notice.objects.filter(kind=NoticeKind.LOOK_AGAIN, proposal__in=proposal_pks)
        for question in notice.values.get("questions", ())
    }
    rows = QuestionOrigin.objects.filter(
        question__proposal__in=proposal_pks,
        question__state=QuestionState.ANSWERED,
        assessment__state=AssessmentState.SUBMITTED,
        assessment__assignment__state=AssignmentState.DECLARED,
    ).order_by("assessment__assignment_id", "question_id")
    found: dict[int, dict[int, list[int]]] = {}
    for proposal_pk, assessment_pk, reviewer_pk, question_pk in rows.values_list(
        "question__proposal_id", "assessment_id", "assessment__reviewer_id", "question_id"
    ):
        if (reviewer_pk, question_pk) not in told:
            pks = found.setdefault(proposal_pk, {}).setdefault(assessment_pk, [])
            if question_pk not in pks:
                pks.append(question_pk)
    return found
