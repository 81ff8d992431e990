"""Submitting locks an assessment, reopening unlocks it; what comes next for its reviewer."""

import pytest
from django.db import IntegrityError, transaction

from checklist.actions import assessments as actions
from checklist.actions.rounds import set_critical_rules
from checklist.enums import AssessmentState
from checklist.models import Criterion, SubmittedScore
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.results import load_content
from proposals.enums import AccessLevel
from proposals.models import RoleGrant
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_round,
    open_to,
)

from .saving import save

pytestmark = pytest.mark.django_db


# -- Submitting and reopening ---------------------------------------------------------------


def test_submitting_locks_and_keeps_the_scores(assessment):
    answer_all(assessment)

    submitted = actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    assert (submitted.state, submitted.submission_number) == (AssessmentState.SUBMITTED, 1)
    checklist, principles = SubmittedScore.objects.order_by("pk")
    # Item 3 is printed the other way round: a Yes there is adverse.
    assert checklist.marks == "FFAFFFFFFFF"
    assert str(checklist.share) == "90.909"
    assert (checklist.judged, checklist.total, checklist.blocks) == (11, 11, 0)
    assert (principles.marks, principles.share) == ("333333", None)
    event = AuditEvent.objects.get(event="assessment_submitted")
    assert event.after["siren-donor-checklist"] == {"marks": "FFAFFFFFFFF", "share": "90.909"}
    assert event.private_to_id == assessment.reviewer_id


def test_the_database_itself_keeps_submitted_answers(assessment):
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        assessment.responses.update(answer="no")


def test_a_submitted_assessment_takes_no_answers(assessment):
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    with pytest.raises(actions.AssessmentClosed, match="submitted and locked"):
        save(assessment, "1", answer="no", rationale="Changed my mind.")
    with pytest.raises(actions.AssessmentClosed):
        actions.save_conclusion(assessment=assessment, by=assessment.reviewer, conclusion="recommend")
    with pytest.raises(actions.AssessmentClosed):
        actions.submit_assessment(assessment=assessment, by=assessment.reviewer)


def test_an_incomplete_assessment_is_not_submitted(assessment):
    answer_all(assessment)
    save(assessment, "2", answer="no", rationale="")

    with pytest.raises(actions.CannotSubmitAssessment):
        actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    assessment.refresh_from_db()
    assert assessment.state == AssessmentState.DRAFT
    assert not SubmittedScore.objects.exists()


@pytest.mark.parametrize(
    ("conclusion", "reason", "override", "is_taken"),
    [
        ("", "", "", True),
        ("recommend", "Good.", "", False),
        ("recommend", "Good.", "The gap is closed by a second grant.", True),
        ("recommend_with_changes", "Good.", "", True),
        ("do_not_recommend", "", "", False),
    ],
)
def test_recommending_against_a_critical_item_needs_its_reason(assessment, conclusion, reason, override, is_taken):
    answer_all(assessment)
    save(assessment, "1", answer="no", rationale="No data at all.")
    actions.save_conclusion(
        assessment=assessment, by=assessment.reviewer, conclusion=conclusion, reason=reason, override_reason=override
    )

    if is_taken:
        actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
        assert SubmittedScore.objects.order_by("pk")[0].blocks == 1
    else:
        with pytest.raises(actions.CannotSubmitAssessment):
            actions.submit_assessment(assessment=assessment, by=assessment.reviewer)


def test_nobody_else_submits(assessment):
    answer_all(assessment)

    with pytest.raises(actions.AssessmentClosed):
        actions.submit_assessment(assessment=assessment, by=make_officer(assessment.proposal.round))


def test_reopening_unlocks_with_a_reason_and_drops_the_scores(assessment):
    officer = make_officer(assessment.proposal.round)
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    reopened = actions.reopen_assessment(assessment=assessment, reason=" A new budget came in. ", by=officer)

    assert (reopened.state, reopened.submitted_at) == (AssessmentState.DRAFT, None)
    assert reopened.reopen_reason == "A new budget came in."
    assert not SubmittedScore.objects.exists()
    assert AuditEvent.objects.get(event="assessment_reopened").note == "A new budget came in."
    save(assessment, "5", answer="no", rationale="The new budget is smaller.")
    again = actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    assert again.submission_number == 2


def test_reopening_needs_a_reason_and_something_submitted(assessment):
    officer = make_officer(assessment.proposal.round)
    with pytest.raises(actions.CannotReopenAssessment):
        actions.reopen_assessment(assessment=assessment, reason="Because.", by=officer)
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    with pytest.raises(actions.CannotReopenAssessment):
        actions.reopen_assessment(assessment=assessment, reason="  ", by=officer)


def test_only_an_officer_to_whom_the_proposal_is_open_reopens_and_never_her_own(assessment):
    round_ = assessment.proposal.round
    torn = make_officer(round_)
    open_to(assessment.proposal, torn, AccessLevel.CLOSED)
    RoleGrant.objects.create(user=assessment.reviewer, round=round_, role="programme_officer")
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    others = (make_member(round_, "chair"), make_member(round_, "observer"), make_officer(make_round()), torn)

    for person in (*others, make_auditor(), assessment.reviewer):
        with pytest.raises(actions.CannotReopenAssessment, match="You may not reopen"):
            actions.reopen_assessment(assessment=assessment, reason="Because.", by=person)

    assert assessment_with_round(assessment.pk).is_submitted


def test_later_change_of_the_rounds_terms_changes_no_submitted_result(instruments):
    assessment = make_assessment()
    answer_all(assessment, answer="no")
    submitted = actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    before = load_content(assessment_with_round(submitted.pk)).instruments[0].result.criticals
    rules = {criterion.pk: "none" for criterion in Criterion.objects.filter(version=instruments[0])}

    set_critical_rules(round_=assessment.proposal.round, rules=rules, by=assessment.reviewer)

    after = load_content(assessment_with_round(submitted.pk)).instruments[0].result.criticals
    assert before
    assert after == before


def test_reopened_assessment_is_scored_under_the_terms_of_the_round_again(instruments):
    assessment = make_assessment()
    answer_all(assessment, answer="no")
    submitted = actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    officer = make_officer(assessment.proposal.round)
    rules = {criterion.pk: "none" for criterion in Criterion.objects.filter(version=instruments[0])}
    set_critical_rules(round_=assessment.proposal.round, rules=rules, by=officer)

    reopened = actions.reopen_assessment(assessment=submitted, reason="New terms", by=officer)

    content = load_content(assessment_with_round(reopened.pk))
    assert content.instruments[0].result.criticals == ()
