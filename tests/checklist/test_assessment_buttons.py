"""The assessment form over HTTP by its buttons: saving, signed out in the middle, submitting, reopening."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from checklist.actions import assessments as actions
from checklist.models import Assignment
from checklist.selectors.drafts import load_draft
from tests.factories import (
    PASSWORD,
    answer_all,
    make_administrator,
    make_assessment,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    pin_shipped_instruments,
)

from .saving import fields, place, save_url, url

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


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


def test_a_conflict_keeps_what_was_skipped_on_the_way(reviewer, assessment):
    reviewer.post(save_url(assessment, "1"), fields(assessment, "1", answer="no", rationale="One."), **JSON)
    other = make_assessment(round_=assessment.proposal.round, reviewer=assessment.reviewer)
    mine = fields(assessment, "1", revision=0, answer="yes", rationale="Two.")

    shown = reviewer.post(save_url(assessment, "1"), {**mine, "skipped": str(other.assignment_id)})

    assert f'name="skipped" value="{other.assignment_id}"' in shown.content.decode()


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
