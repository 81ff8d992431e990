"""The key of a finished scorecard is found without laying the page out, and never an old one."""

import pytest
from django.urls import reverse

from checklist import scorecard_keys
from checklist.actions.letterheads import LetterheadGiven, set_letterhead
from checklist.actions.redactions import decide_on_words
from checklist.jobs import make_scorecard
from checklist.models import Evidence
from checklist.reporting.scorecard import scorecard_of
from checklist.scorecard_keys import scorecard_key
from checklist.selectors.scorecards import assessments_for_reports
from proposals.models import Document, Participation, Place, ProposalTag
from screening.models import AuditEvent
from screening.pdf import MadePdf, PdfDocument
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
)

from .written import submit


@pytest.fixture
def assessment(instruments):
    assessment = make_assessment(proposal=make_proposal(make_round("KEY")))
    answer_all(assessment)
    cite_document(assessment)
    return submit(assessment)


def cite_document(assessment):
    proposal = assessment.proposal
    document = Document.objects.create(
        proposal=proposal, name="plan.pdf", file="documents/x", media_type="application/pdf", size=1, sha256="0" * 64
    )
    Evidence.objects.create(response=assessment.responses.first(), document=document, page="3", position=1)


def both(assessment, **how):
    """(the key as found, the key as laid out), from what is stored now."""
    fresh = assessments_for_reports().get(pk=assessment.pk)
    how = {"language": "en", "paper": "a4", **how}
    key, _name = scorecard_key(fresh, **how)
    return key, scorecard_of(fresh, **how)[1].content_key


def test_the_page_is_laid_out_once_for_each_state(assessment, monkeypatch):
    first, laid_out = both(assessment)
    assert first == laid_out
    made = []
    monkeypatch.setattr(scorecard_keys, "scorecard_of", lambda *args, **how: made.append(how))

    fresh = assessments_for_reports().get(pk=assessment.pk)

    assert scorecard_key(fresh, language="en", paper="a4")[0] == first
    assert made == []


def change_title(proposal):
    type(proposal).objects.filter(pk=proposal.pk).update(title="Another title")


def change_round(proposal):
    type(proposal.round).objects.filter(pk=proposal.round_id).update(donor_name="Another donor")


def change_applicant(proposal):
    type(proposal.applicant).objects.filter(pk=proposal.applicant_id).update(name="Another name")


def add_partner(proposal):
    Participation.objects.create(proposal=proposal, organisation=make_organisation("Partner"), role="partner")


def add_place(proposal):
    Place.objects.create(proposal=proposal, country="TH", area="Ranong")


def add_tag(proposal):
    ProposalTag.objects.create(proposal=proposal, vocabulary="four_p", code="protection")


def rename_reviewer(proposal):
    reviewer = proposal.assessments.get().reviewer
    type(reviewer).objects.filter(pk=reviewer.pk).update(name="Rosa Renamed")


def set_own_letterhead(proposal):
    given = LetterheadGiven("Lantern", "#1f4e79")
    set_letterhead(given=given, by=make_officer(proposal.round), round_=proposal.round)


def set_house_letterhead(proposal):
    set_letterhead(given=LetterheadGiven("House"), by=make_administrator())


def leave_out_words(proposal):
    decide_on_words(
        text=proposal.title, kind="by_hand", is_hidden=True, by=make_officer(proposal.round), proposal=proposal
    )


def leave_out_words_of_the_round(proposal):
    officer, round_ = make_officer(proposal.round), proposal.round
    decide_on_words(text=proposal.title, kind="by_hand", is_hidden=True, by=officer, round_=round_)


def rename_partner(proposal):
    type(proposal.participations.get().organisation).objects.filter(name="First").update(name="Second")


def move_place(proposal):
    proposal.places.update(area="Mae Sot")


def rename_document(proposal):
    proposal.documents.update(name="other.pdf")


@pytest.mark.parametrize(
    "change",
    [
        rename_partner,
        move_place,
        rename_document,
        change_title,
        change_round,
        change_applicant,
        add_partner,
        add_place,
        add_tag,
        rename_reviewer,
        set_own_letterhead,
        set_house_letterhead,
        leave_out_words,
        leave_out_words_of_the_round,
    ],
)
def test_whatever_changes_in_it_gives_another_key(assessment, change):
    proposal = assessment.proposal
    Participation.objects.create(proposal=proposal, organisation=make_organisation("First"), role="partner")
    Place.objects.create(proposal=proposal, country="KH", area="Poipet")
    before, _ = both(assessment)

    change(proposal)

    found, laid_out = both(assessment)
    assert found == laid_out != before


def test_a_reviewer_who_has_another_name_now_has_no_letter_in_the_place_of_the_old_one(assessment):
    proposal, name = assessment.proposal, "Nok Colleague"
    colleague = make_assessment(proposal=proposal, reviewer=make_reviewer(proposal.round, name=name)).reviewer
    type(proposal).objects.filter(pk=proposal.pk).update(title=f"As {name} said")
    officer = make_officer(proposal.round)
    decide_on_words(text=name, kind="letter", is_hidden=True, by=officer, proposal=proposal)
    before, _ = both(assessment)

    type(colleague).objects.filter(pk=colleague.pk).update(name="Nok Renamed")

    found, laid_out = both(assessment)
    assert found == laid_out != before


def test_language_paper_and_letter_have_keys_of_their_own(assessment):
    others = ({"language": "fr"}, {"paper": "letter"}, {"letter": "B"})
    keys = [both(assessment), *(both(assessment, **how) for how in others)]

    assert all(found == laid_out for found, laid_out in keys)
    assert len({found for found, _ in keys}) == 4


def test_signing_in_changes_nothing(assessment):
    before, _ = both(assessment)
    type(assessment.reviewer).objects.update(last_login=assessment.submitted_at)

    assert both(assessment)[0] == before


def test_a_stored_scorecard_is_served_with_few_queries(assessment, client, monkeypatch, django_assert_max_num_queries):
    officer = make_officer(assessment.proposal.round)
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(b"%PDF", 1))
    make_scorecard(assessments_for_reports().get(pk=assessment.pk), language=assessment.language, by=officer)
    client.force_login(officer)
    address = reverse("checklist:scorecard-pdf", args=[assessment.pk])
    assert b"".join(client.get(address)) == b"%PDF"

    # Session, person, assessment, roles, letterhead, what stands around it, the report; the record and its savepoint.
    with django_assert_max_num_queries(10):
        assert b"".join(client.get(address)) == b"%PDF"
    assert AuditEvent.objects.filter(event="report_downloaded", actor_id=officer.pk).count() == 2
