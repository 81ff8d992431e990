"""The life of an assessment: what is saved, what is refused, what is locked."""

import pytest

from checklist import scoring
from checklist.actions import assessments as actions
from checklist.enums import AssignmentState
from checklist.models import Assignment, RoundInstrument
from checklist.scoring import SubAnswer
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.results import load_content
from proposals.models import Document
from screening.models import AuditEvent
from tests.factories import (
    make_assessment,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    pin_shipped_instruments,
)

from .saving import criterion, place, save

pytestmark = pytest.mark.django_db


def make_document(proposal, name="Narrative.pdf"):
    return Document.objects.create(
        proposal=proposal, name=name, file="documents/x", media_type="application/pdf", size=1, sha256=name
    )


# -- Beginning ------------------------------------------------------------------------------


def test_it_begins_with_the_versions_pinned_then(instruments):
    round_ = make_round()
    versions = pin_shipped_instruments(round_)
    assessment = make_assessment(round_)

    RoundInstrument.objects.filter(round=round_, version=versions[1]).delete()

    assert set(assessment.versions.all()) == set(versions)
    assert AuditEvent.objects.get(event="assessment_started").thread == assessment.proposal.thread


def test_beginning_twice_finds_what_is_there(assessment):
    again = actions.start_assessment(assignment=assessment.assignment, by=assessment.reviewer)

    assert again == assessment


@pytest.mark.parametrize("state", [AssignmentState.ASSIGNED, AssignmentState.WITHDRAWN])
def test_it_does_not_begin_without_a_declaration(instruments, state):
    round_ = make_round()
    pin_shipped_instruments(round_)
    reviewer = make_reviewer(round_)
    assignment = Assignment.objects.create(proposal=make_proposal(round_), reviewer=reviewer, state=state)

    with pytest.raises(actions.CannotStartAssessment):
        actions.start_assessment(assignment=assignment, by=reviewer)


def test_it_does_not_begin_without_an_instrument(instruments):
    round_ = make_round()
    assessment = make_assessment(round_)
    RoundInstrument.objects.all().delete()
    other = Assignment.objects.create(
        proposal=make_proposal(round_),
        reviewer=assessment.reviewer,
        state=AssignmentState.DECLARED,
        declared_at=assessment.started_at,
    )

    with pytest.raises(actions.CannotStartAssessment, match="no instrument"):
        actions.start_assessment(assignment=other, by=assessment.reviewer)


def test_nobody_else_begins_it(assessment):
    with pytest.raises(actions.CannotStartAssessment):
        actions.start_assessment(assignment=assessment.assignment, by=make_officer(assessment.proposal.round))


# -- Saving ---------------------------------------------------------------------------------


def test_everything_said_on_a_criterion_is_stored(assessment):
    document = make_document(assessment.proposal)

    save(
        assessment,
        "1",
        answer="partly",
        rationale="  Sources are named.\r\nNot dated. ",
        subs={"a": SubAnswer("yes"), "b": SubAnswer("partly", "One study.")},
        evidence=[actions.Pointer(document.pk, "4", "a study of 2023"), actions.Pointer()],
    )

    stored = place(assessment, "1").stored
    assert stored.revision == 1
    assert stored.answer == scoring.ItemAnswer(
        "partly", "Sources are named.\nNot dated.", {"a": SubAnswer("yes"), "b": SubAnswer("partly", "One study.")}
    )
    assert [(each.document_name, each.page, each.quote) for each in stored.evidence] == [
        ("Narrative.pdf", "4", "a study of 2023")
    ]


def test_what_the_form_reads_in_one_query_is_what_everybody_reads(assessment, django_assert_num_queries):
    document = make_document(assessment.proposal)
    save(assessment, "1", answer="no", rationale="None.", subs={"a": SubAnswer("no")})
    save(assessment, "P2", answer="0", evidence=[actions.Pointer(document.pk, "1", "")])
    assessment = assessment_with_round(assessment.pk)

    with django_assert_num_queries(1):
        draft = load_draft(assessment)

    assert draft.content == load_content(assessment)


def test_the_outcome_of_a_save_is_what_is_stored(assessment):
    document = make_document(assessment.proposal)
    save(assessment, "3", answer="no", evidence=[actions.Pointer(None, "1", ""), actions.Pointer(None, "2", "")])

    outcome = save(
        assessment,
        "3",
        answer="yes",
        subs={"a": SubAnswer("yes")},
        evidence=[
            actions.Pointer(None, "2", ""),
            actions.Pointer(document.pk, "7", "x"),
            actions.Pointer(None, "9", ""),
        ],
    )

    assert outcome.draft == load_draft(assessment)


@pytest.mark.parametrize(
    "after", [[], [("1", "a")], [("2", "b")], [("2", "b"), ("1", "changed")], [("1", "a"), ("2", "b"), ("3", "c")]]
)
def test_evidence_becomes_what_was_given(assessment, after):
    first = [actions.Pointer(None, "1", "a"), actions.Pointer(None, "2", "b")]
    save(assessment, "4", evidence=first)

    save(assessment, "4", evidence=[actions.Pointer(None, page, quote) for page, quote in after])

    stored = place(assessment, "4").stored.evidence
    assert sorted((each.page, each.quote) for each in stored) == sorted(after)


def test_a_save_is_on_record_with_what_changed_and_only_she_reads_it(assessment):
    save(assessment, "1", answer="no", rationale="None given.")
    save(assessment, "1", answer="no", rationale="None given at all.")

    event = AuditEvent.objects.filter(event="response_saved").order_by("-pk").first()

    assert event.before == {"rationale": "None given."}
    assert event.after == {"rationale": "None given at all."}
    assert event.private_to_id == assessment.reviewer_id
    assert event.subject_label == "1. Evidence base"


def test_the_same_again_changes_nothing_whatever_the_revision(assessment):
    save(assessment, "1", answer="no", rationale="None.")

    save(assessment, "1", answer="no", rationale="None. ", revision=0)

    assert place(assessment, "1").stored.revision == 1
    assert AuditEvent.objects.filter(event="response_saved").count() == 1


def test_drafts_that_break_rules_are_kept(assessment):
    save(assessment, "1", answer="yes", subs={"a": SubAnswer("no")})

    stored = place(assessment, "1").stored
    assert stored.answer.answer == "yes"
    progress = load_content(assessment).progress
    assert progress.conflicts == ("1",)


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "linked"},
        {"answer": "7"},
        {"subs": {"a": SubAnswer("maybe")}},
        {"subs": {"z": SubAnswer("yes")}},
        {"evidence": [actions.Pointer(999_999, "", "")]},
        {"evidence": [actions.Pointer(None, "x" * 61, "")]},
    ],
)
def test_what_the_question_cannot_store_is_refused(assessment, said):
    with pytest.raises(actions.NotAnAnswer):
        save(assessment, "1", **said)

    assert place(assessment, "1").stored.revision == 0


def test_a_document_of_another_proposal_is_no_evidence(assessment):
    elsewhere = make_document(make_proposal(assessment.proposal.round))

    with pytest.raises(actions.NotAnAnswer):
        save(assessment, "1", evidence=[actions.Pointer(elsewhere.pk, "1", "")])


def test_a_save_elsewhere_is_not_overwritten(assessment):
    save(assessment, "1", answer="no", rationale="First window.")

    with pytest.raises(actions.ResponseConflict) as caught:
        save(assessment, "1", answer="yes", rationale="Second window.", revision=0)

    assert caught.value.place.stored.answer.rationale == "First window."
    assert caught.value.given.rationale == "Second window."
    assert place(assessment, "1").stored.answer.rationale == "First window."


def test_joining_keeps_both_texts_and_all_evidence(assessment):
    save(
        assessment,
        "1",
        answer="no",
        rationale="First window.",
        subs={"a": SubAnswer("no", "Said here.")},
        evidence=[actions.Pointer(None, "1", "")],
    )

    save(
        assessment,
        "1",
        answer="partly",
        rationale="Second window.",
        subs={"b": SubAnswer("yes")},
        evidence=[actions.Pointer(None, "2", ""), actions.Pointer(None, "1", "")],
        is_join=True,
    )

    stored = place(assessment, "1").stored
    assert stored.answer.answer == "partly"
    assert stored.answer.rationale == "First window.\n\nSecond window."
    assert stored.answer.subs == {"a": SubAnswer("no", "Said here."), "b": SubAnswer("yes")}
    assert [each.page for each in stored.evidence] == ["1", "2"]


def test_a_whole_form_saves_what_it_can_and_names_the_rest(assessment):
    save(assessment, "1", answer="no", rationale="Elsewhere.")
    given = [
        actions.GivenResponse(criterion(assessment, "1").pk, 0, "yes"),
        actions.GivenResponse(criterion(assessment, "5").pk, 0, "yes"),
    ]

    outcome = actions.save_form(
        assessment=assessment, given=given, conclusion={"conclusion": "recommend"}, by=assessment.reviewer
    )

    assert [each.place.criterion.key for each in outcome.conflicts] == ["1"]
    assert place(assessment, "5").stored.answer.answer == "yes"
    assessment.refresh_from_db()
    assert assessment.conclusion == "recommend"


def test_the_place_is_kept(assessment):
    save(assessment, "5", answer="yes")

    assessment.refresh_from_db()
    assert assessment.last_criterion_id == criterion(assessment, "5").pk


@pytest.mark.parametrize("state", [AssignmentState.WITHDRAWN, AssignmentState.ASSIGNED])
def test_a_closed_assignment_takes_no_answers(assessment, state):
    Assignment.objects.filter(pk=assessment.assignment_id).update(state=state)

    with pytest.raises(actions.AssessmentClosed):
        save(assessment, "1", answer="yes")


def test_nobody_else_answers(assessment):
    with pytest.raises(actions.AssessmentClosed):
        actions.save_response(
            assessment=assessment,
            criterion=criterion(assessment, "1"),
            by=make_officer(assessment.proposal.round),
            answer="yes",
        )


# -- Overall view ---------------------------------------------------------------------------


def test_the_overall_view_has_its_own_revision(assessment):
    saved = actions.save_conclusion(
        assessment=assessment, by=assessment.reviewer, conclusion="do_not_recommend", reason="Too thin."
    )

    assert saved.conclusion_revision == 1
    event = AuditEvent.objects.get(event="conclusion_saved")
    assert event.after == {"conclusion": "do_not_recommend", "conclusion_reason": "Too thin."}
    with pytest.raises(actions.ConclusionConflict):
        actions.save_conclusion(assessment=assessment, by=assessment.reviewer, conclusion="recommend", revision=0)
    actions.save_conclusion(
        assessment=assessment, by=assessment.reviewer, conclusion="do_not_recommend", reason="Too thin.", revision=0
    )


def test_an_unknown_overall_view_is_refused(assessment):
    with pytest.raises(actions.NotAnAnswer):
        actions.save_conclusion(assessment=assessment, by=assessment.reviewer, conclusion="perhaps")
