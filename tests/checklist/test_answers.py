"""What applicants answer, and the reviewers who look at it again."""

import datetime as dt

import pytest
from django.utils import timezone

from checklist.actions.answers import CannotInvite, correct_answer, invite_reviewers, record_answer
from checklist.actions.assessments import submit_assessment
from checklist.actions.questions import CannotAsk, QuestionConflict, add_question
from checklist.models import Assessment, Notice
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.questions import looked_again, to_invite
from proposals.models import PhaseWindow, Proposal
from screening.models import AuditEvent
from tests.checklist.asking import WORDS, ask, judged, say
from tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def unsure(instruments, proposal):
    """Two reviewers cannot judge item 3; the second item 8 neither."""
    return [
        judged(proposal, "Rita One", unsure={"3": WORDS}),
        judged(proposal, "Rita Two", unsure={"3": WORDS, "8": "In which language?"}),
    ]


def events(code):
    return AuditEvent.objects.filter(event=code)


class TestAnswers:
    def test_recorded_with_its_day_and_corrected_on_record(self, unsure, proposal, officer):
        [question] = ask(proposal, officer)
        today = timezone.localdate()

        question = record_answer(question=question, answer=" Two others. ", answered_on=today, by=officer)
        correct_answer(question=question, answer="Three others.", answered_on=today, revision=1, by=officer)

        question.refresh_from_db()
        assert (question.state, question.answer, question.recorded_by) == ("answered", "Three others.", officer)
        event = events("answer_corrected").get()
        assert event.before["applicant_answer"] == "Two others."
        assert events("answer_recorded").get().after["answered_on"] == today.isoformat()

    @pytest.mark.parametrize(
        ("answer", "days", "field"), [(" ", 0, "answer"), ("Yes.", 1, "answered_on"), ("Yes.", None, "answered_on")]
    )
    def test_needs_words_and_a_day_that_has_come(self, unsure, proposal, officer, answer, days, field):
        [question] = ask(proposal, officer)
        day = None if days is None else timezone.localdate() + dt.timedelta(days=days)

        with pytest.raises(CannotAsk) as refusal:
            record_answer(question=question, answer=answer, answered_on=day, by=officer)

        assert refusal.value.field == field

    def test_only_to_what_was_sent_and_only_once(self, unsure, proposal, officer):
        draft = add_question(proposal=proposal, text="Why?", by=officer)
        today = timezone.localdate()
        with pytest.raises(CannotAsk, match="Not sent"):
            record_answer(question=draft, answer="Yes.", answered_on=today, by=officer)
        question = ask(proposal, officer)[-1]
        record_answer(question=question, answer="Yes.", answered_on=today, by=officer)

        with pytest.raises(CannotAsk, match="Answered"):
            record_answer(question=question, answer="No.", answered_on=today, by=officer)
        with pytest.raises(QuestionConflict):
            correct_answer(question=question, answer="No.", answered_on=today, revision=0, by=officer)
        assert correct_answer(question=question, answer="Yes.", answered_on=today, revision=0, by=officer).revision == 1

    def test_a_late_answer_is_recorded_after_the_decision(self, unsure, proposal, officer):
        [question] = ask(proposal, officer)
        Proposal.objects.update(status="declined")

        record_answer(question=question, answer="Late.", answered_on=timezone.localdate(), by=officer)

        with pytest.raises(CannotInvite, match="decided or out"):
            invite_reviewers(proposal=proposal, by=officer)


class TestLookingAgain:
    @pytest.fixture
    def answered(self, unsure, proposal, officer):
        [question] = ask(proposal, officer)
        return record_answer(question=question, answer="Two.", answered_on=timezone.localdate(), by=officer)

    def test_opens_the_assessments_concerned_and_keeps_what_was_submitted(self, answered, unsure, proposal, officer):
        bystander = judged(proposal, "Rita Three", unsure={})

        invited = invite_reviewers(proposal=proposal, by=officer)

        assert {each.pk for each in invited} == {each.pk for each in unsure}
        bystander.refresh_from_db()
        assert bystander.is_submitted
        assert [each.submitted_states.count() for each in invited] == [1, 1]
        notices = Notice.objects.filter(kind="look_again").order_by("pk")
        assert [notice.user_id for notice in notices] == [each.reviewer_id for each in unsure]
        assert notices[0].values == {"assessment": unsure[0].pk, "submission": 1, "questions": [answered.pk]}
        assert events("reviewers_invited").get().after == {"reviewers": 2}
        assert events("assessment_reopened").count() == 2
        with pytest.raises(CannotInvite, match="Nobody is left"):
            invite_reviewers(proposal=proposal, by=officer)

    def test_what_changed_stands_beside_what_was_said_before(self, answered, unsure, proposal, officer):
        invite_reviewers(proposal=proposal, by=officer)
        first = assessment_with_round(unsure[0].pk)
        say(first, "3", "no", "Two others, by agreement.")
        submit_assessment(assessment=assessment_with_round(first.pk), by=first.reviewer)

        done, waiting = looked_again(proposal)

        assert (done.is_open, waiting.is_open, waiting.changes) == (False, True, ())
        [resubmission] = done.changes
        assert [(change.before, change.after) for change in resubmission.changes if change.field == "Reason"] == [
            (WORDS, "Two others, by agreement.")
        ]
        assert to_invite(proposal) == []

    def test_another_answer_invites_again(self, answered, unsure, proposal, officer):
        invite_reviewers(proposal=proposal, by=officer)
        for each in unsure:
            submit_assessment(assessment=assessment_with_round(each.pk), by=each.reviewer)
        [question] = ask(proposal, officer, "8")
        record_answer(question=question, answer="Khmer.", answered_on=timezone.localdate(), by=officer)

        assert [each.pk for each in invite_reviewers(proposal=proposal, by=officer)] == [unsure[1].pk]

    def test_only_by_the_officer(self, answered, round_, proposal):
        with pytest.raises(CannotInvite, match="Only the programme officer"):
            invite_reviewers(proposal=proposal, by=make_member(round_, "chair"))

    def test_not_once_the_panel_has_closed_its_consensus(self, answered, proposal, officer):
        now = timezone.now()
        Assessment.objects.create(
            kind="consensus", proposal=proposal, reviewer=officer, state="submitted", submitted_at=now
        )

        with pytest.raises(CannotInvite, match="reopen the consensus first"):
            invite_reviewers(proposal=proposal, by=officer)

    def test_not_once_the_review_is_over_by_its_dates(self, answered, round_, proposal, officer):
        round_.follows_dates = True
        round_.save()
        PhaseWindow.objects.create(
            round=round_, phase="review", starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 2, 1)
        )

        with pytest.raises(CannotInvite, match="extend it"):
            invite_reviewers(proposal=proposal, by=officer)

    def test_not_somebody_who_may_not_assess_any_more(self, answered, unsure, proposal, officer):
        unsure[0].assignment.state, unsure[0].assignment.closing_reason = "abstained", "No time."
        unsure[0].assignment.save()

        assert [each.pk for each in invite_reviewers(proposal=proposal, by=officer)] == [unsure[1].pk]
