"""What tests of practice begin with: a practice proposal, its reference, and practice that is done."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import GivenResponse, save_responses, submit_assessment
from checklist.actions.practice import begin_reference, publish_reference
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.practice import reference_of
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_proposal,
    make_reviewer,
    pin_shipped_instruments,
)


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def practice(round_):
    return make_proposal(round_, title="An old proposal", is_practice=True)


@pytest.fixture
def draft(instruments, round_, practice, chair):
    """A reference that the chair has begun."""
    pin_shipped_instruments(round_)
    begin_reference(proposal=practice, by=chair)
    return reference_of(practice)


@pytest.fixture
def reference(draft, chair):
    answer_all(draft)
    return publish_reference(assessment=draft, by=chair)


def practised(proposal, reviewer, **answers):
    """Her submitted practice."""
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment)
    change(assessment, **answers)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=reviewer)


def change(assessment, **answers):
    given = [
        GivenResponse(place.criterion.pk, place.stored.revision, answers[place.criterion.key], "I see it otherwise.")
        for place in load_draft(assessment).places()
        if place.criterion.key in answers
    ]
    save_responses(assessment=assessment, given=given, by=assessment.reviewer)


def page_of(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"checklist:{name}", args=args))
