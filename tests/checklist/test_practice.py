"""Practice before scoring: put aside, referenced and asked for; every refusal and what is on record."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assessments import (
    AssessmentClosed,
    CannotReopenAssessment,
    CannotStartAssessment,
    CannotSubmitAssessment,
    GivenResponse,
    reopen_assessment,
    save_responses,
    start_assessment,
    submit_assessment,
)
from checklist.actions.assignments import declare_no_conflict
from checklist.actions.practice import (
    CannotPractise,
    ask_to_practise,
    begin_reference,
    publish_reference,
    set_practice,
    unset_practice,
)
from checklist.actions.recommendations import record_recommendation
from checklist.enums import AssignmentState
from checklist.models import Assessment, Assignment, RoundRules
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.practice import reference_of
from checklist.selectors.queue import review_queue
from checklist.selectors.readiness import findings_of
from proposals.enums import AccessLevel
from proposals.models import Proposal
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_proposal,
    make_reviewer,
    open_to,
)

from .practising import chair as chair
from .practising import draft as draft
from .practising import page_of, practised
from .practising import practice as practice
from .practising import reference as reference
from .practising import reviewer as reviewer

pytestmark = pytest.mark.django_db


def answer_one(assessment, by):
    """Answer the first question."""
    place = next(iter(load_draft(assessment).places()))
    given = [GivenResponse(place.criterion.pk, place.stored.revision, "yes", "The annex shows it.")]
    return save_responses(assessment=assessment, given=given, by=by)


class TestSettingAside:
    @pytest.mark.parametrize("role", ["officer", "chair"])
    def test_is_on_record(self, role, request, proposal):
        by = request.getfixturevalue(role)

        assert set_practice(proposal=proposal, by=by).is_practice
        assert not unset_practice(proposal=proposal, by=by).is_practice
        events = AuditEvent.objects.filter(event="practice_set").order_by("pk")
        assert [event.after for event in events] == [{"is_practice": True}, {"is_practice": False}]
        assert {event.thread for event in events} == {proposal.thread}

    def test_a_second_time_changes_nothing(self, proposal, officer):
        set_practice(proposal=proposal, by=officer)
        set_practice(proposal=proposal, by=officer)

        assert AuditEvent.objects.filter(event="practice_set").count() == 1

    def test_is_for_those_who_prepare_practice(self, round_, proposal, reviewer):
        observer = make_member(round_, "observer")

        for by in (reviewer, observer):
            with pytest.raises(CannotPractise, match="officer or the chair"):
                set_practice(proposal=proposal, by=by)

    def test_not_where_a_conflict_closes_it_or_she_owes_an_assessment(self, instruments, round_, proposal, officer):
        make_assessment(proposal=proposal, reviewer=officer)
        with pytest.raises(CannotPractise):
            set_practice(proposal=proposal, by=officer)

        other = make_proposal(round_)
        open_to(other, officer, AccessLevel.CLOSED)
        with pytest.raises(CannotPractise):
            set_practice(proposal=other, by=officer)

    def test_a_judgement_is_not_put_aside(self, assessment, round_):
        officer = make_member(assessment.proposal.round, "programme_officer")
        answer_all(assessment)

        with pytest.raises(CannotPractise, match="judged this proposal already"):
            set_practice(proposal=assessment.proposal, by=officer)

    def test_nor_is_what_was_advised_on(self, proposal, chair):
        record_recommendation(proposal=proposal, outcome="decline", reasons="Too thin.", by=chair)

        with pytest.raises(CannotPractise, match="judged this proposal already"):
            set_practice(proposal=proposal, by=chair)

    @pytest.mark.parametrize("status", ["ineligible", "withdrawn"])
    def test_nor_is_what_nobody_can_assess(self, round_, officer, status):
        with pytest.raises(CannotPractise, match="nobody can assess"):
            set_practice(proposal=make_proposal(round_, status=status), by=officer)

    def test_once_somebody_practised_it_stays_practice(self, instruments, practice, officer):
        answer_all(make_assessment(proposal=practice))

        with pytest.raises(CannotPractise, match="stays practice"):
            unset_practice(proposal=practice, by=officer)

    def test_with_a_reference_too(self, draft, practice, officer):
        with pytest.raises(CannotPractise, match="stays practice"):
            unset_practice(proposal=practice, by=officer)


class TestReference:
    def test_begins_with_the_versions_of_the_round(self, draft, instruments, chair):
        assert (draft.kind, draft.reviewer, draft.assignment) == ("reference", chair, None)
        assert {version.pk for version in draft.versions.all()} == {version.pk for version in instruments}
        assert AuditEvent.objects.get(event="reference_started").actor_id == chair.pk

    def test_a_second_time_returns_the_same(self, draft, practice, officer):
        assert begin_reference(proposal=practice, by=officer) == draft

    def test_only_practice_has_one(self, proposal, officer):
        with pytest.raises(CannotPractise, match="Only a proposal for practice"):
            begin_reference(proposal=proposal, by=officer)

    def test_needs_an_instrument(self, practice, officer):
        with pytest.raises(CannotPractise, match="no instrument"):
            begin_reference(proposal=practice, by=officer)

    def test_whoever_prepares_practice_goes_on_with_it(self, draft, officer):
        answer_one(draft, officer)

        assert "The annex shows it." in {place.stored.answer.rationale for place in load_draft(draft).places()}
        event = AuditEvent.objects.filter(event="reference_saved").latest("pk")
        assert (event.actor_id, event.private_to_id) == (officer.pk, draft.reviewer_id)

    def test_is_written_by_nobody_else(self, draft, reviewer):
        with pytest.raises(AssessmentClosed, match="prepares practice"):
            answer_one(draft, reviewer)

    def test_every_answer_has_a_reason(self, draft, chair):
        answer_all(draft, rationale="")

        with pytest.raises(
            CannotSubmitAssessment, match=r"need a reason, because reviewers learn from it: 1 Evidence base, "
        ):
            publish_reference(assessment=draft, by=chair)

    def test_is_complete(self, draft, chair):
        with pytest.raises(CannotSubmitAssessment, match="still need something"):
            publish_reference(assessment=draft, by=chair)

    def test_published_it_is_locked(self, reference, chair, officer):
        assert (reference.state, reference.scores.count()) == ("submitted", 2)
        assert AuditEvent.objects.filter(event="reference_published").count() == 1
        with pytest.raises(AssessmentClosed, match="is published"):
            publish_reference(assessment=reference, by=officer)
        with pytest.raises(AssessmentClosed, match="is published"):
            answer_one(reference, officer)

    def test_is_reopened_until_somebody_compared_with_it(self, reference, practice, chair, reviewer):
        reopen_assessment(assessment=reference, reason="A slip in item 3.", by=chair)
        publish_reference(assessment=reference_of(practice), by=chair)
        assert AuditEvent.objects.filter(event="reference_reopened").count() == 1

        practised(practice, reviewer)
        with pytest.raises(CannotReopenAssessment, match="has compared her practice"):
            reopen_assessment(assessment=reference_of(practice), reason="Another slip.", by=chair)

    def test_the_page_offers_to_reopen_it_only_as_long(self, client, reference, practice, chair, reviewer):
        assert "Reopen with a reason" in page_of(client, chair, "assessment-result", reference.pk).content.decode()
        practised(practice, reviewer)
        page = page_of(client, chair, "assessment-result", reference.pk).content.decode()
        assert "Reopen with a reason" not in page
        assert "Reference for practice" in page

    def test_practice_is_not_reopened_once_the_reference_was_seen(self, reference, practice, officer, reviewer):
        done = practised(practice, reviewer)

        with pytest.raises(CannotReopenAssessment, match="has seen the reference"):
            reopen_assessment(assessment=done, reason="Try again.", by=officer)


class TestAsking:
    def test_everybody_is_asked_once(self, round_, practice, chair):
        make_proposal(round_, is_practice=True)
        for name in ("Rita One", "Rita Two"):
            make_reviewer(round_, name=name)

        assert len(ask_to_practise(round_=round_, by=chair)) == 4
        assert ask_to_practise(round_=round_, by=chair) == []
        assert {each.due_on for each in Assignment.objects.all()} == {None}
        assert AuditEvent.objects.filter(event="reviewer_assigned").count() == 4

    def test_whoever_wrote_the_reference_is_not(self, round_, reference, practice, chair, reviewer):
        round_.grants.create(user=chair, role="reviewer")

        made = ask_to_practise(round_=round_, by=chair)

        assert [each.reviewer for each in made] == [reviewer]

    def test_nor_whoever_has_a_possible_conflict(self, round_, practice, chair):
        make_reviewer(round_, name="Tied", organisation_name=practice.applicant.name)
        free = make_reviewer(round_, name="Free")

        assert [each.reviewer for each in ask_to_practise(round_=round_, by=chair)] == [free]

    def test_refusals(self, round_, practice, chair, reviewer):
        with pytest.raises(CannotPractise, match="officer or the chair"):
            ask_to_practise(round_=round_, by=reviewer)
        practice.status = "withdrawn"
        practice.save()
        with pytest.raises(CannotPractise, match="No proposal of this round"):
            ask_to_practise(round_=round_, by=chair)

    def test_without_reviewers(self, round_, practice, chair):
        with pytest.raises(CannotPractise, match="no reviewers yet"):
            ask_to_practise(round_=round_, by=chair)

    def test_the_page_asks_with_one_click(self, client, round_, practice, officer, reviewer):
        client.force_login(officer)
        url = reverse("checklist:round-practice", args=[round_.reference])
        assert "Ask all reviewers to practise" in client.get(url).content.decode()

        page = client.post(reverse("checklist:practice-ask", args=[round_.reference]), follow=True).content.decode()

        assert "1 request to practise is made." in page
        assert "Ask all reviewers to practise" not in page
        assert review_queue(reviewer, round_).total == 1


class TestPracticeFirst:
    @pytest.fixture(autouse=True)
    def rule(self, round_, reference):
        RoundRules.objects.create(round=round_, practice_first=True)

    def asked(self, round_, person):
        proposal = make_proposal(round_, title="For real")
        open_to(proposal, person)
        return Assignment.objects.create(
            proposal=proposal, reviewer=person, state=AssignmentState.DECLARED, declared_at=timezone.now()
        )

    def test_nobody_begins_before_her_practice_is_in(self, round_, practice, reviewer, officer):
        real = self.asked(round_, reviewer)
        with pytest.raises(CannotStartAssessment, match="not asked to practise"):
            start_assessment(assignment=real, by=reviewer)

        ask_to_practise(round_=round_, by=officer)
        with pytest.raises(CannotStartAssessment, match="An old proposal"):
            start_assessment(assignment=real, by=reviewer)

        mine = Assignment.objects.get(proposal=practice, reviewer=reviewer)
        declare_no_conflict(assignment=mine, declaration="None.", by=reviewer)
        answer_all(mine.assessment)
        submit_assessment(assessment=assessment_with_round(mine.assessment.pk), by=reviewer)
        assert start_assessment(assignment=real, by=reviewer).proposal == real.proposal

    def begun(self, round_, reviewer):
        """An assessment from before the round asked for practice, with all its answers."""
        RoundRules.objects.filter(round=round_).update(practice_first=False)
        assessment = make_assessment(proposal=make_proposal(round_, title="For real"), reviewer=reviewer)
        RoundRules.objects.filter(round=round_).update(practice_first=True)
        answer_all(assessment)
        return assessment_with_round(assessment.pk)

    def test_what_was_begun_before_is_handed_in_after_practice(self, client, round_, practice, reviewer, officer):
        mine = self.begun(round_, reviewer)
        with pytest.raises(CannotSubmitAssessment, match="not asked to practise"):
            submit_assessment(assessment=mine, by=reviewer)
        client.force_login(reviewer)
        pages = [reverse(f"checklist:{name}", args=[mine.pk]) for name in ("assessment-edit", "assessment-submit")]
        for page in (client.get(address).content.decode() for address in pages):
            assert "Practice comes first" in page
            assert "Go to my practice" not in page
        ask_to_practise(round_=round_, by=officer)

        for page in (client.get(address).content.decode() for address in pages):
            assert "Go to my practice" in page
            assert "you can submit it once you have handed in your practice on “An old proposal”" in page
        assert "Submit and lock" not in page
        posted = client.post(reverse("checklist:assessment-submit", args=[mine.pk]), follow=True).content.decode()
        assert "This round asks for practice first." in posted
        mine.refresh_from_db()
        assert not mine.is_submitted

        exercise = Assignment.objects.get(proposal=practice, reviewer=reviewer)
        declare_no_conflict(assignment=exercise, declaration="None.", by=reviewer)
        answer_all(exercise.assessment)
        submit_assessment(assessment=assessment_with_round(exercise.assessment.pk), by=reviewer)
        page = client.get(reverse("checklist:assessment-edit", args=[mine.pk])).content.decode()
        assert "Practice comes first" not in page
        assert submit_assessment(assessment=mine, by=reviewer).is_submitted

    def test_what_was_handed_in_once_is_not_held_back(self, round_, reviewer):
        mine = self.begun(round_, reviewer)
        Assessment.objects.filter(pk=mine.pk).update(submission_number=1)

        assert submit_assessment(assessment=assessment_with_round(mine.pk), by=reviewer).is_submitted

    def test_whoever_wrote_the_reference_has_practised_by_that(self, round_, chair):
        real = self.asked(round_, chair)

        assert start_assessment(assignment=real, by=chair).reviewer == chair

    def test_after_declaring_she_is_told_why_the_form_does_not_open(self, client, round_, practice, reviewer):
        real = self.asked(round_, reviewer)
        Assignment.objects.filter(pk=real.pk).update(state=AssignmentState.ASSIGNED, declared_at=None)
        client.force_login(reviewer)

        page = client.post(
            reverse("checklist:declare", args=[real.pk]), {"answer": "none"}, follow=True
        ).content.decode()

        assert "Your declaration is kept. This round asks for practice first" in page

    def test_the_set_up_says_where_no_practice_is_there(self, round_):
        Proposal.objects.filter(round=round_, is_practice=True).update(is_practice=False)

        assert any("nobody could begin" in each.text for each in findings_of(round_))
