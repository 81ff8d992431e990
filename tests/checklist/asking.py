"""What tests of questions begin with: two reviewers who could not judge item 3, one of them item 8 either."""

from checklist.actions.assessments import GivenResponse, save_responses, submit_assessment
from checklist.actions.questions import LetterGiven, send_questions, take_up
from checklist.models import ApplicantQuestion, Criterion
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from tests.factories import answer_all, make_assessment, make_reviewer

WORDS = "Who else works at the bridge?"


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def say(assessment, key, answer, rationale):
    """Change one answer of a draft."""
    found = place(assessment, key)
    given = GivenResponse(found.criterion.pk, found.stored.revision, answer, rationale)
    return save_responses(assessment=assessment, given=[given], by=assessment.reviewer)


def judged(proposal, name="Rita One", *, unsure):
    """A submitted assessment that could not judge the items of `unsure` ({key: words})."""
    assessment = make_assessment(proposal=proposal, reviewer=make_reviewer(proposal.round, name=name))
    answer_all(assessment)
    for key, words in unsure.items():
        say(assessment, key, "nei", words)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=assessment.reviewer)


def criterion(proposal, key="3"):
    return Criterion.objects.get(version__round_pins__round=proposal.round, key=key)


def given(proposal, **changes):
    """A letter with every question that is not sent yet."""
    drafts = ApplicantQuestion.objects.filter(proposal=proposal, state="draft").order_by("position", "pk")
    values = {
        "channel": "email",
        "recipient": "office@blueboat.example",
        "subject": "Questions on {reference}",
        "body": "Dear colleagues,\n\n{questions}\n\nThank you.",
        "reply_by": None,
        "drafts": tuple(drafts.values_list("pk", "revision")),
    }
    return LetterGiven(**values | changes)


def ask(proposal, officer, *keys, **changes):
    """Take these items up, send them, and return the questions in their order."""
    take_up(proposal=proposal, criteria=[criterion(proposal, key) for key in keys or ("3",)], by=officer)
    letter = send_questions(proposal=proposal, given=given(proposal, **changes), by=officer)
    return list(letter.questions.order_by("position"))
