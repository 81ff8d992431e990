"""Who sees whose names: every role on every page that names a reviewer of a proposal."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import submit_assessment
from checklist.actions.reports import request_scorecard
from checklist.models import RoundRules
from checklist.naming import Names, letter
from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.selectors.naming import names_for
from checklist.selectors.scorecards import assessment_for_reports
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
)

NAME, HOUSE, TIE = "Berta Hidden", "House of Berta", "I once met the director."


def test_letters_go_on_after_z():
    assert [letter(index) for index in (0, 1, 25, 26, 27)] == ["A", "B", "Z", "AA", "AB"]


def test_texts_of_ours_say_letters_too():
    names = Names({7: ("B", NAME)})

    assert names.in_words(f"scorecard by {NAME}") == "scorecard by Reviewer B"
    assert (names.letter(7), names.letter(8)) == ("B", "")
    assert Names().in_words(NAME) == NAME


@pytest.fixture
def proposal(instruments):
    """Two reviewers handed in: Anna, then Berta."""
    proposal = make_proposal(make_round())
    round_ = proposal.round
    for name, house in (("Anna Shown", ""), (NAME, HOUSE)):
        person = make_reviewer(round_, name=name, organisation_name=house)
        done = make_assessment(round_, person, proposal)
        type(done.assignment).objects.filter(pk=done.assignment_id).update(declaration=TIE)
        answer_all(done)
        submit_assessment(assessment=done, by=person)
    return proposal


def of(proposal, name):
    return proposal.assessments.get(reviewer__name=name)


def pages(proposal):
    """The addresses on which Berta's assessment is shown to others."""
    pk = of(proposal, NAME).pk
    return {
        "assessments": reverse("checklist:proposal-assessments", args=[proposal.pk]),
        "panel": reverse("checklist:proposal-panel", args=[proposal.pk]),
        "result": reverse("checklist:assessment-result", args=[pk]),
        "history": reverse("checklist:assessment-history", args=[pk]),
        "scorecard": reverse("checklist:scorecard", args=[pk]),
        "print": reverse("checklist:scorecard-print", args=[pk]),
    }


def people(proposal):
    round_ = proposal.round
    chairing = of(proposal, "Anna Shown").reviewer
    return {
        "officer": make_officer(round_),
        "chair": make_member(round_, "chair"),
        "observer": make_member(round_, "observer"),
        "auditor": make_auditor(),
        "reviewer": chairing,
    }


@pytest.mark.django_db
def test_reviewers_see_letters_and_everybody_else_names(client, proposal):
    wrong = []
    for who, person in people(proposal).items():
        client.force_login(person)
        for page, url in pages(proposal).items():
            text = client.get(url).content.decode()
            sees = NAME in text
            if sees != (who != "reviewer"):
                wrong.append(f"{page} as {who}: name {'shown' if sees else 'missing'}")
            if who == "reviewer" and ("Reviewer B" not in text or HOUSE in text or TIE in text):
                wrong.append(f"{page} as {who}: no letter, or something else tells who she is")

    assert wrong == []


@pytest.mark.django_db
def test_reviewers_see_names_where_the_round_shows_them(client, proposal):
    RoundRules.objects.create(round=proposal.round, names_shown="all")
    client.force_login(of(proposal, "Anna Shown").reviewer)

    for page, url in pages(proposal).items():
        text = client.get(url).content.decode()
        assert NAME in text, page
        assert "Reviewer B" not in text, page


@pytest.mark.django_db
def test_ones_own_name_is_shown(client, proposal):
    client.force_login(of(proposal, NAME).reviewer)

    for page, url in pages(proposal).items():
        text = client.get(url).content.decode()
        assert NAME in text or page == "panel", page
        assert "Reviewer B" not in text, page


@pytest.mark.django_db
def test_the_pdf_and_what_it_carries_say_the_letter(proposal):
    reader = of(proposal, "Anna Shown").reviewer
    assessment = assessment_for_reports(of(proposal, NAME).pk, reader)
    found = names_for(proposal, reader).letter(assessment.reviewer_id)
    card = build_scorecard(assessment, letter=found)
    named = build_scorecard(assessment)

    for words in (NAME, HOUSE, TIE):
        assert words not in card.to_json()
        assert words in named.to_json()
    assert "Reviewer B" in card.to_json()
    assert "berta" not in card.file_name
    assert scorecard_document(card).content_key != scorecard_document(named).content_key
    by_letter = request_scorecard(assessment=assessment, by=reader, letter=found)
    by_name = request_scorecard(assessment=assessment, by=make_officer(proposal.round))
    assert by_letter.pk != by_name.pk


@pytest.mark.django_db
def test_letters_stay_when_others_are_asked_later(proposal):
    reader, other = of(proposal, "Anna Shown").reviewer, of(proposal, NAME).reviewer
    assert names_for(proposal, reader)(other) == "Reviewer B"

    make_assessment(proposal.round, None, proposal)

    assert names_for(proposal, reader)(other) == "Reviewer B"
    assert names_for(proposal, make_user("Carla Third"))(other) == "Reviewer B"
