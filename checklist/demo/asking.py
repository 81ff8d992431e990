"""The demo's question to an applicant: what two reviewers could not judge, answered, and looked at again."""

import datetime as dt

from django.utils import timezone

from checklist.actions.answers import invite_reviewers, record_answer
from checklist.actions.assessments import GivenResponse, save_responses, submit_assessment
from checklist.actions.questions import LetterGiven, edit_question, send_questions, take_up
from checklist.enums import LetterChannel
from checklist.models import Criterion
from checklist.selectors.asking import candidates_of
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.questions import letter_wording

# Item 3 of the checklist: whether somebody else does the same in the same place.
ITEM = "3"
QUESTION = (
    "Who else runs livelihood programmes in Tịnh Biên and Tri Tôn, and how did you compare your plan with theirs, "
    "commune by commune?"
)
ANSWER = (
    "Two: the provincial Women's Union runs savings groups in Tri Tôn, and a charity from the province gives calves to "
    "poor families in Tịnh Biên. We had not compared by commune. We have now asked both for their lists and will leave "
    "out the communes where they work."
)
JUDGED_AGAIN = "After the answer: two others work in the same districts; to leave out their communes is a promise only."


def ask_and_hear(proposal, *, officer):
    """By the actions; nothing where nobody was unsure of the item. The first reviewer changes her answer."""
    found = next((each for each in candidates_of(proposal) if each.number == ITEM), None)
    if found is None:
        return
    criterion = Criterion.objects.get(pk=found.criterion_pk)
    [question] = take_up(proposal=proposal, criteria=[criterion], by=officer)
    question = edit_question(question=question, text=QUESTION, revision=0, by=officer)
    subject, body = letter_wording(proposal)
    today = timezone.localdate()
    letter = LetterGiven(
        channel=LetterChannel.LETTER,
        recipient="12 Nguyễn Trãi, Long Xuyên (invented)",
        subject=subject,
        body=body,
        reply_by=today + dt.timedelta(days=14),
        drafts=((question.pk, question.revision),),
    )
    send_questions(proposal=proposal, given=letter, by=officer)
    record_answer(question=question, answer=ANSWER, answered_on=today, by=officer)
    for place, assessment in enumerate(invite_reviewers(proposal=proposal, by=officer)):
        _look_again(assessment_with_round(assessment.pk), criterion, changes=place == 0)


def _look_again(assessment, criterion, *, changes):
    if changes:
        place = load_draft(assessment).place(criterion.pk)
        given = GivenResponse(criterion.pk, place.stored.revision, "partly", JUDGED_AGAIN)
        save_responses(assessment=assessment, given=[given], by=assessment.reviewer)
    submit_assessment(assessment=assessment, by=assessment.reviewer)
