"""The assessment form over HTTP: with and without scripts, signed in and not."""

import pytest
from django.urls import reverse

from checklist.actions import assessments as actions
from checklist.enums import AssignmentState
from checklist.models import Assignment
from checklist.selectors.drafts import load_draft
from proposals.enums import AccessLevel
from proposals.models import Document, Participation, ProposalAccess
from tests.factories import (
    answer_all,
    make_member,
    make_officer,
    make_organisation,
)

from .saving import fields, place, save_url, url

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
# Transaction control is no work for the database, and differs between tests and real requests.
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def statements(captured):
    return [query["sql"] for query in captured if not query["sql"].startswith(CONTROL)]


# -- Who enters -----------------------------------------------------------------------------


def test_the_reviewer_sees_all_questions_and_the_proposal(reviewer, assessment):
    response = reviewer.get(url("assessment-edit", assessment))

    page = response.content.decode()
    assert response.status_code == 200
    for at in load_draft(assessment).places():
        assert f'id="c-{at.criterion.pk}"' in page
    assert "Is another actor already conducting the same activities in the same location?" in page
    assert "Yes – another actor is already there" in page
    assert "Stands alone" in page
    assert "cross-walk" in page
    assert assessment.proposal.title in page
    assert "0 of 17 answered" in page
    assert "\x00" not in page


@pytest.mark.parametrize("role", ["programme_officer", "chair", "observer", "reviewer"])
def test_nobody_else_enters_a_draft(client, assessment, role):
    client.force_login(make_member(assessment.proposal.round, role))

    for name in ("assessment-edit", "assessment-submit"):
        assert client.get(url(name, assessment)).status_code == 404
    assert client.post(save_url(assessment, "1"), fields(assessment, "1", answer="no")).status_code == 404
    assert client.get(url("assessment-reopen", assessment)).status_code == 404


def test_who_may_read_a_submitted_one_may_not_answer_it(client, assessment):
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    client.force_login(make_officer(assessment.proposal.round))

    assert client.get(url("assessment-edit", assessment)).status_code == 403


def test_before_the_declaration_she_is_led_there(reviewer, assessment):
    Assignment.objects.update(state=AssignmentState.ASSIGNED, declared_at=None)

    response = reviewer.get(url("assessment-edit", assessment))

    assert response.url == reverse("checklist:declare", args=[assessment.assignment_id])


def test_a_conflict_of_interest_closes_her_own_form(reviewer, assessment):
    Assignment.objects.update(state=AssignmentState.CONFLICTED, declaration="My sister works there.")
    ProposalAccess.objects.update(level=AccessLevel.CLOSED)

    assert reviewer.get(url("assessment-edit", assessment)).status_code == 404
    assert reviewer.post(save_url(assessment, "1"), {}, **JSON).status_code == 404


def test_a_withdrawn_assignment_is_closed_in_words(reviewer, assessment):
    posted = fields(assessment, "1", answer="yes")
    Assignment.objects.update(state=AssignmentState.WITHDRAWN)

    page = reviewer.get(url("assessment-edit", assessment))
    script = reviewer.post(save_url(assessment, "1"), posted, **JSON)
    button = reviewer.post(save_url(assessment, "1"), posted)

    assert (page.status_code, script.status_code, button.status_code) == (403, 403, 403)
    assert "took this assignment back" in page.content.decode()
    assert "took this assignment back" in script.json()["message"]
    assert place(assessment, "1").stored.revision == 0


def test_a_submitted_form_leads_to_its_result_and_takes_nothing(reviewer, assessment):
    answer_all(assessment)
    posted = fields(assessment, "1", answer="no", rationale="Changed.")
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    assert reviewer.get(url("assessment-edit", assessment)).url == url("assessment-result", assessment)
    response = reviewer.post(save_url(assessment, "1"), posted, **JSON)
    assert response.status_code == 403
    assert "submitted and locked" in response.json()["message"]


# -- Saving by a script ---------------------------------------------------------------------


def test_a_script_is_told_what_changed(reviewer, assessment):
    response = reviewer.post(save_url(assessment, "1"), fields(assessment, "1", answer="no"), **JSON)

    said = response.json()
    assert response.status_code == 200
    assert said["revision"] == 1
    assert "Saved" in said["saved"]
    assert said["problems"] == {"rationale": "This answer is critical in this round. Give the reason."}
    assert "1 of 17 answered, 1 needs a reason" in said["progress"]
    assert said["blocks"] is True
    principle = place(assessment, "P2").criterion.pk
    assert ">No<" in said["bearing"][str(principle)]


def test_what_the_parts_come_to_is_said(reviewer, assessment):
    posted = fields(assessment, "1", sub__a="partly", sub__b="yes")

    said = reviewer.post(save_url(assessment, "1"), posted, **JSON).json()

    assert said["derived"] == "From your answers to the parts: Partly"


def test_what_contradicts_the_parts_is_said_and_kept(reviewer, assessment):
    posted = fields(assessment, "1", answer="yes", sub__a="no", sub__b="yes")

    said = reviewer.post(save_url(assessment, "1"), posted, **JSON).json()

    assert "“No” at best" in said["problems"]["answer"]
    assert place(assessment, "1").stored.answer.answer == "yes"


def test_where_checklist_and_principle_disagree_it_is_noticed_only(reviewer, assessment):
    reviewer.post(save_url(assessment, "9"), fields(assessment, "9", answer="no", rationale="Slow."), **JSON)

    said = reviewer.post(save_url(assessment, "P4"), fields(assessment, "P4", answer="4", rationale="Fast."), **JSON)

    notice = said.json()["bearing"][str(place(assessment, "P4").criterion.pk)]
    assert "Is that meant?" in notice
    assert said.json()["problems"] == {}


@pytest.mark.parametrize("field", ["answer", "sub__a"])
def test_a_code_that_is_no_answer_is_refused(reviewer, assessment, field):
    response = reviewer.post(save_url(assessment, "1"), fields(assessment, "1", **{field: "perhaps"}), **JSON)

    assert response.status_code == 400
    assert "not one of the answers" in response.json()["message"]
    assert place(assessment, "1").stored.revision == 0


@pytest.mark.parametrize("posted", [{}, {"c1-revision": "x"}, {"c1-revision": "-1"}])
def test_what_is_not_our_form_is_refused(reviewer, assessment, posted):
    pk = place(assessment, "1").criterion.pk
    posted = {key.replace("c1-", f"c{pk}-"): value for key, value in posted.items()}

    assert reviewer.post(save_url(assessment, "1"), posted, **JSON).status_code == 400


def test_a_question_of_another_instrument_is_not_found(reviewer, assessment):
    response = reviewer.post(
        url("response-save", assessment, 99_999), {"c99999-revision": "0", "c99999-answer": "yes"}, **JSON
    )

    assert response.status_code == 404


def test_a_script_gets_the_stored_text_of_a_conflict(reviewer, assessment):
    reviewer.post(save_url(assessment, "1"), fields(assessment, "1", answer="no", rationale="One."), **JSON)

    response = reviewer.post(
        save_url(assessment, "1"), fields(assessment, "1", revision=0, answer="yes", rationale="Two."), **JSON
    )

    assert response.status_code == 409
    said = response.json()
    assert said["revision"] == 1
    assert said["fields"]["answer"] == "no"
    assert said["fields"]["rationale"] == "One."
    assert place(assessment, "1").stored.answer.rationale == "One."


@pytest.mark.parametrize(
    ("said", "literal"),
    [
        ({"answer": "no", "rationale": "None."}, 7),
        ({"sub__a": "yes"}, 8),
        ({"page": "4", "quote": "words", "document": ""}, 8),
    ],
)
def test_a_save_is_few_statements(reviewer, assessment, said, literal, django_assert_max_num_queries):
    reviewer.get(url("assessment-edit", assessment))
    posted, at = fields(assessment, "1", **said), save_url(assessment, "1")

    with django_assert_max_num_queries(20) as captured:
        assert reviewer.post(at, posted, **JSON).status_code == 200

    assert len(statements(captured)) == literal


def test_the_form_is_a_constant_number_of_queries(reviewer, assessment, django_assert_num_queries):
    Participation.objects.create(proposal=assessment.proposal, organisation=make_organisation("Partner 0"))
    reviewer.get(url("assessment-edit", assessment))
    with django_assert_num_queries(12):
        reviewer.get(url("assessment-edit", assessment))
    answer_all(assessment)
    for number in (1, 2):
        partner = make_organisation(f"Partner {number}")
        Participation.objects.create(proposal=assessment.proposal, organisation=partner)
    for number in range(3):
        Document.objects.create(
            proposal=assessment.proposal,
            name=f"{number}.pdf",
            file="x",
            media_type="application/pdf",
            size=1,
            sha256=str(number),
        )

    with django_assert_num_queries(12):
        reviewer.get(url("assessment-edit", assessment))


def test_the_overall_view_is_saved_by_a_script(reviewer, assessment):
    posted = {"conclusion-revision": "0", "conclusion": "recommend", "conclusion-reason": "Good."}

    first = reviewer.post(url("conclusion-save", assessment), posted, **JSON)
    conflict = reviewer.post(url("conclusion-save", assessment), {**posted, "conclusion-reason": "Other."}, **JSON)
    refused = reviewer.post(url("conclusion-save", assessment), {**posted, "conclusion": "perhaps"}, **JSON)

    assert first.json()["revision"] == 1
    assert conflict.status_code == 409
    assert conflict.json()["fields"]["reason"] == "Good."
    assert refused.status_code == 400
