"""The pages of one proposal: who sees what, in how many queries."""

import re

import pytest
from django.urls import reverse

from checklist.models import Assessment, InstrumentVersion
from proposals.models import Participation, Place, ProposalTag
from tests.factories import (
    make_auditor,
    make_member,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
)

from .asked import IN_WORDS, asked, exported, handed_in, list_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make_round("MEKONG", reviewers_wanted=2)


@pytest.fixture
def proposal(round_):
    return make_proposal(round_, "Safe harbours", summary="Counselling at four harbours.")


# -- Independence -------------------------------------------------------------------------------


def pages_about(proposal):
    return [
        list_url(proposal.round),
        reverse("checklist:proposal-detail", args=[proposal.pk]),
        reverse("checklist:proposal-assessments", args=[proposal.pk]),
        reverse("checklist:proposal-history", args=[proposal.pk]),
        reverse("checklist:home"),
        reverse("checklist:search") + "?q=harbours",
        reverse("checklist:my-reviews", args=[proposal.round.reference]),
        reverse("checklist:assignment-list", args=[proposal.round.reference]),
    ]


@pytest.mark.parametrize("other_role", [None, "chair", "programme_officer", "observer"])
def test_nobody_who_owes_her_own_sees_what_others_said(instruments, client, round_, proposal, other_role):
    """Whatever other role she holds: not in the list, a page, the search, an export or at home."""
    reviewer = make_reviewer(round_)
    if other_role:
        round_.grants.create(user=reviewer, role=other_role)
    other = make_reviewer(round_, name="Other Reviewer")
    handed_in(asked(proposal, other))
    other_result = reverse("checklist:assessment-result", args=[Assessment.objects.get().pk])
    asked(proposal, reviewer)
    client.force_login(reviewer)

    for url in pages_about(proposal):
        response = client.get(url)
        assert response.status_code in (200, 403)
        page = response.content.decode()
        assert IN_WORDS not in page
        assert other_result not in page
    if other_role in ("chair", "programme_officer"):
        assert IN_WORDS not in exported(client, round_)


def test_once_hers_is_in_a_reviewer_reads_the_others(instruments, client, round_, proposal):
    reviewer = make_reviewer(round_)
    handed_in(asked(proposal, make_reviewer(round_)))
    handed_in(asked(proposal, reviewer), marks="FFFFFFFFFFF")
    client.force_login(reviewer)

    page = client.get(reverse("checklist:proposal-assessments", args=[proposal.pk])).content.decode()

    assert IN_WORDS in page


def test_a_reviewer_is_not_told_who_else_was_asked(client, round_, proposal):
    reviewer = make_reviewer(round_)
    asked(proposal, reviewer)
    asked(proposal, make_reviewer(round_, name="Other Reviewer"), "declined", closing_reason="Her secret reason.")
    client.force_login(reviewer)

    for url in pages_about(proposal):
        page = client.get(url).content.decode()
        assert "Other Reviewer" not in page
        assert "Her secret reason." not in page


def test_an_officer_sees_how_far_a_draft_is_but_not_what_it_says(instruments, client, round_, officer, proposal):
    assignment = asked(proposal, make_reviewer(round_))
    draft = Assessment.objects.create(assignment=assignment, proposal=proposal, reviewer=assignment.reviewer)
    versions = InstrumentVersion.objects.usable()
    draft.versions.set(versions.filter(instrument__is_default=True))
    criterion = versions.get(result_kind="share").criteria.get(key="1")
    draft.responses.create(criterion=criterion, answer="no", rationale="A private thought.")
    client.force_login(officer)

    page = client.get(reverse("checklist:proposal-assessments", args=[proposal.pk])).content.decode()

    assert "Draft</span>" in page
    assert "1 of 17 answered" in page
    assert "A private thought." not in page
    assert reverse("checklist:assessment-result", args=[draft.pk]) not in page


# -- Conflicts of interest ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reviewer", "programme_officer", "chair", "observer", "auditor"])
def test_a_conflict_closes_every_page_of_the_proposal_to_everybody(instruments, client, round_, proposal, role):
    make_proposal(round_, "Other title")
    tied = make_auditor() if role == "auditor" else make_member(round_, role)
    assignment = asked(proposal, tied, "conflicted")
    handed_in(asked(proposal, make_reviewer(round_)))
    client.force_login(tied)

    for name in ("proposal-detail", "proposal-assessments", "proposal-history"):
        assert client.get(reverse(f"checklist:{name}", args=[proposal.pk])).status_code == 404
    for name in ("declare", "decline", "withdraw", "begin"):
        assert client.post(reverse(f"checklist:{name}", args=[assignment.pk])).status_code == 404
    assert client.get(reverse("checklist:assessment-result", args=[Assessment.objects.get().pk])).status_code == 404
    lists = [
        list_url(round_),
        reverse("checklist:home"),
        reverse("checklist:search") + "?q=harbours",
        reverse("checklist:my-reviews", args=[round_.reference]),
        reverse("checklist:assignment-list", args=[round_.reference]),
    ]
    for url in lists:
        page = client.get(url).content.decode()
        assert "Safe harbours" not in page
        assert IN_WORDS not in page
    if role not in ("reviewer", "observer"):
        assert "Safe harbours" not in exported(client, round_)


def test_the_officer_reads_a_declared_conflict_in_words(client, round_, officer, proposal):
    asked(proposal, make_reviewer(round_, name="Tied Reviewer"), "conflicted", declaration="My sister works there.")
    client.force_login(officer)

    page = client.get(reverse("checklist:proposal-assessments", args=[proposal.pk])).content.decode()

    assert "Tied Reviewer" in page
    assert "My sister works there." in page


# -- One proposal -------------------------------------------------------------------------------


def test_the_proposal_page_shows_what_was_sent(client, round_, officer, proposal):
    Participation.objects.create(proposal=proposal, organisation=make_organisation("Lamp Post"))
    Place.objects.create(proposal=proposal, country="KH", area="Kampot")
    ProposalTag.objects.create(proposal=proposal, vocabulary="four_p", code="protection")
    client.force_login(officer)

    page = client.get(reverse("checklist:proposal-detail", args=[proposal.pk])).content.decode()

    for words in ("Counselling at four harbours.", "Blue Boat", "Lamp Post", "Cambodia", "Kampot", "Protection"):
        assert words in page


@pytest.mark.parametrize(
    "level, detail",
    [("named", 404), ("full", 200), ("closed", 404), (None, 404)],
)
def test_a_reviewer_reads_a_proposal_only_after_her_declaration(client, round_, proposal, level, detail):
    reviewer = make_reviewer(round_)
    if level:
        open_to(proposal, reviewer, level)
    client.force_login(reviewer)

    assert client.get(reverse("checklist:proposal-detail", args=[proposal.pk])).status_code == detail
    assert client.get(reverse("checklist:proposal-history", args=[proposal.pk])).status_code == (
        403 if detail == 200 else 404
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_assessments_of_a_proposal_take_the_same_queries_for_three_as_for_one(
    instruments, client, round_, officer, proposal, django_assert_num_queries, count
):
    for _number in range(count):
        handed_in(asked(proposal, make_reviewer(round_)))
        drafting = asked(proposal, make_reviewer(round_))
        draft = Assessment.objects.create(assignment=drafting, proposal=proposal, reviewer=drafting.reviewer)
        draft.versions.set(InstrumentVersion.objects.usable().filter(instrument__is_default=True))
    client.force_login(officer)
    url = reverse("checklist:proposal-assessments", args=[proposal.pk])
    client.get(url)  # the sheets are kept from now on

    with django_assert_num_queries(15):
        assert client.get(url).status_code == 200


def test_the_history_says_who_did_what_and_keeps_private_answers_back(instruments, client, round_, officer, proposal):
    from screening import audit

    reviewer = make_reviewer(round_, name="Rita Reviewer")
    audit.record("proposal_registered", proposal, by=officer, thread=proposal.thread, round_id=round_.pk)
    audit.record(
        "response_saved",
        proposal,
        by=reviewer,
        thread=proposal.thread,
        private_to=reviewer,
        after={"answer": "secret-answer"},
        label="1 Evidence",
    )
    client.force_login(officer)

    page = client.get(reverse("checklist:proposal-history", args=[proposal.pk])).content.decode()

    assert "Olga Officer registered the proposal" in page
    assert "Rita Reviewer saved the answer to 1 Evidence" in page
    assert "secret-answer" not in page


def test_a_submitted_answer_stands_in_the_history(instruments, client, round_, officer, proposal):
    from screening import audit

    assessment = handed_in(asked(proposal, make_reviewer(round_)))
    audit.record(
        "response_saved",
        assessment,
        by=assessment.reviewer,
        thread=proposal.thread,
        private_to=assessment.reviewer,
        after={"answer": "secret-answer"},
        label="1 Evidence",
    )
    client.force_login(officer)

    assert "secret-answer" in client.get(reverse("checklist:proposal-history", args=[proposal.pk])).content.decode()


# -- The way back -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["proposals:document-add", "proposals:proposal-edit", "checklist:proposal-dossier", "checklist:practice-set"],
)
def test_pages_beside_a_proposal_lead_back_to_it_its_list_and_its_round(client, round_, proposal, officer, name):
    client.force_login(officer)

    page = client.get(reverse(name, args=[proposal.pk])).content.decode()

    crumbs = page[page.index('<nav class="crumbs"') :].partition("</nav>")[0]
    found = re.findall(r'href="([^"]+)"', crumbs)
    assert found == [round_.get_absolute_url(), list_url(round_), proposal.get_absolute_url()]


def test_whoever_sees_no_list_is_led_back_to_her_reviews(instruments, client, round_, proposal):
    reviewer = make_reviewer(round_)
    handed_in(asked(proposal, reviewer))
    client.force_login(reviewer)

    page = client.get(reverse("checklist:assessment-result", args=[Assessment.objects.get().pk])).content.decode()

    crumbs = page[page.index('<nav class="crumbs"') :].partition("</nav>")[0]
    assert reverse("checklist:my-reviews", args=[round_.reference]) in crumbs
    assert list_url(round_) not in crumbs
