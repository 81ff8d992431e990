"""A round that follows its dates takes no assessments outside its review; nothing typed is lost."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assessments import (
    AssessmentClosed,
    CannotStartAssessment,
    start_assessment,
    submit_assessment,
)
from checklist.actions.assignments import CannotDeclare, declare_conflict, declare_no_conflict
from checklist.models import Assessment, Assignment
from proposals.actions.rounds import Window, set_phases
from tests.checklist.saving import fields, save_url
from tests.factories import answer_all, make_assessment, make_officer, make_proposal, make_reviewer, make_round

pytestmark = pytest.mark.django_db


def days(number):
    return timezone.localdate() + dt.timedelta(days=number)


def review_lasts(round_, first, last):
    round_.follows_dates = True
    round_.save()
    set_phases(round_=round_, windows=[Window("review", days(first), days(last))], by=make_officer(round_))


@pytest.fixture
def draft(instruments):
    draft = make_assessment(round_=make_round())
    answer_all(draft)
    return draft


def closed(draft, first=-10, last=-1):
    review_lasts(draft.proposal.round, first, last)
    return draft


def asked(round_):
    reviewer = make_reviewer(round_)
    return Assignment.objects.create(proposal=make_proposal(round_), reviewer=reviewer), reviewer


def test_within_the_review_everything_works(draft):
    review_lasts(draft.proposal.round, -1, 0)

    answer_all(draft, rationale="Said again.")
    assert submit_assessment(assessment=draft, by=draft.reviewer).is_submitted


@pytest.mark.parametrize("window", [(-10, -1), (1, 5)])
def test_outside_the_review_nothing_is_saved_or_submitted(draft, window):
    closed(draft, *window)

    with pytest.raises(AssessmentClosed, match="“Review”"):
        answer_all(draft, rationale="Too late.")
    with pytest.raises(AssessmentClosed, match="“Review”"):
        submit_assessment(assessment=draft, by=draft.reviewer)

    assert set(draft.responses.values_list("rationale", flat=True)) == {"As shown on page 4."}


def test_extending_the_review_opens_it_again(draft):
    closed(draft)
    review_lasts(draft.proposal.round, -10, 3)

    assert submit_assessment(assessment=draft, by=draft.reviewer).is_submitted


def test_declaring_and_beginning_wait_for_the_review(instruments):
    round_ = make_round()
    review_lasts(round_, 2, 9)
    assignment, reviewer = asked(round_)

    with pytest.raises(CannotDeclare, match="opens on"):
        declare_no_conflict(assignment=assignment, by=reviewer)
    assignment.state = "declared"
    assignment.declared_at = timezone.now()
    assignment.save()
    with pytest.raises(CannotStartAssessment, match="opens on"):
        start_assessment(assignment=assignment, by=reviewer)
    assert not Assessment.objects.exists()


def test_a_conflict_can_be_declared_at_any_time():
    round_ = make_round()
    review_lasts(round_, 2, 9)
    assignment, reviewer = asked(round_)

    assert declare_conflict(assignment=assignment, declaration="My sister.", by=reviewer).state == "conflicted"


def test_practice_has_no_dates(draft):
    closed(draft)
    draft.proposal.is_practice = True
    draft.proposal.save()

    answer_all(draft, rationale="Practised.")

    assert draft.responses.first().rationale == "Practised."


def test_a_draft_can_still_be_read_and_says_why_it_cannot_be_changed(client, draft):
    closed(draft)
    client.force_login(draft.reviewer)

    response = client.get(reverse("checklist:assessment-edit", args=[draft.pk]), follow=True)

    assert response.redirect_chain == [(reverse("checklist:assessment-result", args=[draft.pk]), 302)]
    page = response.content.decode()
    assert "You can read your draft, but not change it" in page
    assert "closed on" in page
    assert "Everything you saved is kept." in page
    assert "As shown on page 4." in page
    assert "Go on assessing" not in page


def test_the_page_to_submit_says_when_it_closed_and_leads_to_what_she_saved(client, draft):
    closed(draft)
    client.force_login(draft.reviewer)

    response = client.get(reverse("checklist:assessment-submit", args=[draft.pk]))

    assert response.status_code == 403
    page = response.content.decode()
    assert "closed on" in page
    assert reverse("checklist:assessment-result", args=[draft.pk]) in page


def test_a_script_is_told_so_and_keeps_what_was_typed(client, draft):
    closed(draft)
    client.force_login(draft.reviewer)

    answer = client.post(
        save_url(draft, "9"),
        fields(draft, "9", answer="no", rationale="Too late."),
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 403
    assert "closed on" in answer.json()["message"]


def test_without_scripts_what_was_typed_stands_in_the_form_when_it_is_open_again(client, draft):
    closed(draft)
    client.force_login(draft.reviewer)
    posted = fields(draft, "9", answer="no", rationale="Typed after the review closed.")

    refused = client.post(reverse("checklist:assessment-edit", args=[draft.pk]), posted)
    review_lasts(draft.proposal.round, -10, 3)
    again = client.get(reverse("checklist:assessment-edit", args=[draft.pk]))

    assert refused.status_code == 403
    assert "not lost" in refused.content.decode()
    assert "Typed after the review closed." in again.content.decode()
    assert not draft.responses.filter(rationale__contains="Typed after").exists()
