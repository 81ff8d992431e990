"""The assessment form over HTTP: with and without scripts, signed in and not."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from checklist.actions import assessments as actions
from checklist.enums import AssignmentState
from checklist.models import Assignment
from checklist.selectors.drafts import load_draft
from proposals.enums import AccessLevel
from proposals.models import Document, Participation, ProposalAccess
from tests.factories import (
    PASSWORD,
    answer_all,
    make_administrator,
    make_assessment,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    pin_shipped_instruments,
)

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
# Transaction control is no work for the database, and differs between tests and real requests.
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture
def assessment(instruments):
    return make_assessment()


@pytest.fixture
def reviewer(client, assessment):
    client.force_login(assessment.reviewer)
    return client


def place(assessment, key):
    return next(each for each in load_draft(assessment).places() if each.criterion.key == key)


def url(name, assessment, *args):
    return reverse(f"checklist:{name}", args=[assessment.pk, *args])


def save_url(assessment, key):
    return url("response-save", assessment, place(assessment, key).criterion.pk)


def fields(assessment, key, *, revision=None, **said):
    """Form fields of one criterion."""
    at = place(assessment, key)
    name = f"c{at.criterion.pk}"
    posted = {f"{name}-revision": str(at.stored.revision if revision is None else revision)}
    return posted | {f"{name}-{field.replace('__', '-')}": value for field, value in said.items()}


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
    with django_assert_num_queries(11):
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

    with django_assert_num_queries(11):
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


# -- Saving by buttons ----------------------------------------------------------------------


def test_a_button_saves_the_whole_form_and_comes_back_to_the_place(reviewer, assessment):
    posted = fields(assessment, "1", answer="yes") | fields(assessment, "5", answer="partly", rationale="Thin.")

    response = reviewer.post(save_url(assessment, "5"), {**posted, "do": "save:1"})

    pk = place(assessment, "5").criterion.pk
    assert response.url == f"{url('assessment-edit', assessment)}#c-{pk}"
    assert place(assessment, "1").stored.answer.answer == "yes"
    assert place(assessment, "5").stored.answer.rationale == "Thin."
    page = reviewer.get(url("assessment-edit", assessment)).content.decode()
    assert "Thin.</textarea>" in page
    assert 'value="partly" data-digit="2" checked' in page
    assert page.count("data-current") == 1


def test_rows_of_evidence_come_and_go_by_buttons(reviewer, assessment):
    pk = place(assessment, "1").criterion.pk
    posted = fields(assessment, "1", document=["", "", ""], page=["4", "9", ""], quote=["one", "two", ""])
    reviewer.post(save_url(assessment, "1"), {**posted, "do": f"add:{pk}"})
    assert [each.page for each in place(assessment, "1").stored.evidence] == ["4", "9"]
    assert reviewer.get(url("assessment-edit", assessment)).content.decode().count(f'name="c{pk}-page"') == 3

    posted = fields(assessment, "1", document=["", "", ""], page=["4", "9", ""], quote=["one", "two", ""])
    reviewer.post(save_url(assessment, "1"), {**posted, "do": f"remove:{pk}:0"})

    assert [each.page for each in place(assessment, "1").stored.evidence] == ["9"]


def test_an_answer_can_be_taken_back_by_a_button(reviewer, assessment):
    pk = place(assessment, "1").criterion.pk
    reviewer.post(save_url(assessment, "1"), fields(assessment, "1", answer="no", rationale="None."), **JSON)

    posted = fields(assessment, "1", answer="no", rationale="None.")
    reviewer.post(save_url(assessment, "1"), {**posted, "do": f"clear:{pk}"})

    assert place(assessment, "1").stored.answer.answer is None
    assert place(assessment, "1").stored.answer.rationale == "None."


@pytest.mark.parametrize(
    ("choice", "answer", "rationale"),
    [("mine", "yes", "Two <b>."), ("theirs", "no", "One."), ("both", "yes", "One.\n\nTwo <b>.")],
)
def test_a_conflict_shows_both_and_lets_her_choose(reviewer, assessment, choice, answer, rationale):
    reviewer.post(save_url(assessment, "1"), fields(assessment, "1", answer="no", rationale="One."), **JSON)
    mine = fields(assessment, "1", revision=0, answer="yes", rationale="Two <b>.")

    shown = reviewer.post(save_url(assessment, "1"), mine)
    page = shown.content.decode()
    pk = place(assessment, "1").criterion.pk
    reviewer.post(
        url("assessment-edit", assessment),
        fields(assessment, "1", answer="yes", rationale="Two <b>.") | {f"c{pk}-choice": choice},
    )

    assert shown.status_code == 409
    assert "One." in page
    assert "Two &lt;b&gt;." in page
    stored = place(assessment, "1").stored.answer
    assert (stored.answer, stored.rationale) == (answer, rationale)


def test_a_conflict_of_the_overall_view_shows_both(reviewer, assessment):
    view = {"conclusion-revision": "0", "conclusion": "recommend", "conclusion-reason": "Good."}
    reviewer.post(url("conclusion-save", assessment), view, **JSON)

    shown = reviewer.post(url("assessment-edit", assessment), {**view, "conclusion-reason": "Very good."})

    assert shown.status_code == 409
    assert "Very good." in shown.content.decode()


def test_save_and_next_goes_to_the_next_proposal(reviewer, assessment):
    other = make_assessment(assessment.proposal.round, assessment.reviewer)

    response = reviewer.post(url("assessment-edit", assessment), fields(assessment, "1", answer="yes") | {"do": "next"})

    assert response.url == url("assessment-edit", other)
    assert place(assessment, "1").stored.answer.answer == "yes"


def test_save_and_next_leads_to_a_declaration_or_to_her_list(reviewer, assessment):
    round_ = assessment.proposal.round
    end = reviewer.post(url("assessment-edit", assessment), {"do": "next"})
    waiting = Assignment.objects.create(proposal=make_proposal(round_), reviewer=assessment.reviewer)
    following = reviewer.post(url("assessment-edit", assessment), {"do": "next"})

    assert end.url == reverse("checklist:my-reviews", args=[round_.reference])
    assert following.url == reverse("checklist:declare", args=[waiting.pk])


# -- Signed out in the middle ---------------------------------------------------------------


def test_a_script_is_told_where_to_sign_in(client, assessment):
    response = client.post(save_url(assessment, "1"), fields(assessment, "1", answer="no"), **JSON)

    assert response.status_code == 401
    assert response.json() == {"login_url": reverse("account_login")}


def test_what_was_posted_without_a_session_is_there_after_signing_in(client, assessment):
    posted = fields(assessment, "1", answer="no", rationale="Typed for an hour.")

    sent_away = client.post(save_url(assessment, "1"), posted)
    client.post(sent_away.url, {"login": assessment.reviewer.email, "password": PASSWORD})
    page = client.get(url("assessment-edit", assessment)).content.decode()

    assert "Typed for an hour.</textarea>" in page
    assert "It is not saved yet" in page
    assert place(assessment, "1").stored.revision == 0
    client.post(save_url(assessment, "1"), posted)
    assert place(assessment, "1").stored.answer.rationale == "Typed for an hour."
    assert "It is not saved yet" not in client.get(url("assessment-edit", assessment)).content.decode()


def test_what_somebody_else_typed_is_dropped(client, assessment):
    other = make_reviewer(assessment.proposal.round)
    sent_away = client.post(save_url(assessment, "1"), fields(assessment, "1", rationale="Not hers."))
    client.post(sent_away.url, {"login": other.email, "password": PASSWORD})

    assert client.get(url("assessment-edit", assessment)).status_code == 404
    assert "unsaved_assessment" not in client.session


# -- Submitting, reopening, language, keys --------------------------------------------------


def test_the_submit_page_names_what_is_missing_with_links(reviewer, assessment):
    answer_all(assessment)
    at = place(assessment, "2").criterion.pk
    reviewer.post(save_url(assessment, "2"), fields(assessment, "2", answer="no"), **JSON)

    page = reviewer.get(url("assessment-submit", assessment)).content.decode()
    refused = reviewer.post(url("assessment-submit", assessment))

    assert f'?show=missing#c-{at}"' in page
    assert "This question always needs a comment." in page
    assert "Submit and lock" not in page
    assert refused.url == url("assessment-submit", assessment)
    assessment.refresh_from_db()
    assert not assessment.is_submitted


def test_submitting_locks_and_leads_on(reviewer, assessment):
    answer_all(assessment)
    other = make_assessment(assessment.proposal.round, assessment.reviewer)

    page = reviewer.get(url("assessment-submit", assessment)).content.decode()
    response = reviewer.post(url("assessment-submit", assessment), {"next": "1"})

    assert "Submit and open the next proposal" in page
    assert response.url == url("assessment-edit", other)
    assessment.refresh_from_db()
    assert assessment.is_submitted


def test_show_missing_says_it_where_nothing_was_said_yet(reviewer, assessment):
    quiet = reviewer.get(url("assessment-edit", assessment)).content.decode()
    loud = reviewer.get(url("assessment-edit", assessment) + "?show=missing").content.decode()

    assert 'data-problem="answer">Choose an answer.' not in quiet
    assert loud.count('data-problem="answer">Choose an answer.') == 17


def test_the_officer_reopens_with_a_reason_the_reviewer_reads(client, assessment):
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)
    client.force_login(make_officer(assessment.proposal.round))

    missing = client.post(url("assessment-reopen", assessment), {"reason": " "})
    client.post(url("assessment-reopen", assessment), {"reason": "A new budget came in."})

    assert missing.status_code == 200
    client.force_login(assessment.reviewer)
    assert "A new budget came in." in client.get(url("assessment-edit", assessment)).content.decode()


def test_who_only_reads_does_not_reopen(client, assessment):
    answer_all(assessment)
    actions.submit_assessment(assessment=assessment, by=assessment.reviewer)

    for person in (make_member(assessment.proposal.round, "chair"), assessment.reviewer):
        client.force_login(person)
        assert client.get(url("assessment-reopen", assessment)).status_code == 403
    client.force_login(make_administrator())
    assert client.get(url("assessment-reopen", assessment)).status_code == 404


def test_the_questions_can_be_read_in_another_language(reviewer, assessment):
    before = reviewer.get(url("assessment-edit", assessment)).content.decode()
    french = load_draft(assessment, language="fr").content.instruments[0].sheet.criteria[0].wording

    reviewer.post(url("assessment-language", assessment), {"language": "fr"})
    after = reviewer.get(url("assessment-edit", assessment)).content.decode()

    assert "Questions in" in before
    assert escape(french) not in before
    assert escape(french) in after
    assert reviewer.post(url("assessment-language", assessment), {"language": "xx"}).status_code == 404


def test_the_keys_can_be_switched_off(reviewer, assessment):
    reviewer.post(reverse("checklist:shortcuts"), {"on": "0"})

    assert 'data-shortcuts="0"' in reviewer.get(url("assessment-edit", assessment)).content.decode()


def test_the_full_form_shows_its_parts_open(client, instruments):
    round_ = make_round(form_length="full")
    pin_shipped_instruments(round_)
    assessment = make_assessment(round_)
    client.force_login(assessment.reviewer)

    page = client.get(url("assessment-edit", assessment)).content.decode()

    assert "The parts of the question" in page
    assert "Answer in parts" not in page
