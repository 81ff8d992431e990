"""Assigning step by step, and the reviewer's own pages."""

import re
from datetime import date

import pytest
from django.urls import reverse

from checklist.actions.assignments import assign_reviewers, declare_no_conflict
from checklist.models import Assessment, Assignment
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    pin_shipped_instruments,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make_round("MEKONG", review_due_on="2030-05-01")


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def proposal(round_):
    return make_proposal(round_, summary="Counselling at four harbours.", reference="M-1")


@pytest.fixture
def assignment(round_, proposal, reviewer, officer):
    return assign_reviewers(round_=round_, proposals=[proposal], reviewers=[reviewer], due_on=None, by=officer)[0]


def assign_url(round_):
    return reverse("checklist:assign", args=[round_.reference])


def url(name, assignment):
    return reverse(f"checklist:{name}", args=[assignment.pk])


def choice(proposals, reviewers, step, **more):
    return {
        "proposals": [each.pk for each in proposals],
        "reviewers": [each.pk for each in reviewers],
        "due_on": "2030-05-01",
        "step": step,
        **more,
    }


# -- Assigning ----------------------------------------------------------------------------------


def test_the_first_page_shows_what_was_selected_and_the_load_of_each_reviewer(
    client, round_, officer, assignment, reviewer
):
    other = make_proposal(round_, "Night shelters")
    client.force_login(officer)

    page = client.get(assign_url(round_), {"proposals": [other.pk]}).content.decode()

    assert "Night shelters" in page
    assert "Rita Reviewer – 1 asked, 0 submitted" in page
    assert 'value="2030-05-01"' in page


def test_without_a_selection_the_page_leads_to_the_list(client, round_, officer):
    client.force_login(officer)

    assert "No proposal is selected" in client.get(assign_url(round_)).content.decode()


def test_all_of_a_filter_can_be_selected(client, round_, officer, reviewer):
    make_proposal(round_, "Harbour one")
    make_proposal(round_, "Harbour two")
    make_proposal(round_, "Shelter")
    client.force_login(officer)

    page = client.get(assign_url(round_), {"all": "1", "q": "harbour"})

    assert [each.title for each in page.context["proposals"]] == ["Harbour one", "Harbour two"]


def test_nothing_happens_before_it_was_shown_who_gets_what(client, round_, officer, proposal, reviewer, assignment):
    second = make_proposal(round_, "Night shelters")
    tied = make_reviewer(round_, name="Tied Reviewer", organisation_name="Blue Boat")
    client.force_login(officer)

    page = client.post(assign_url(round_), choice([proposal, second], [reviewer, tied], "preview"))

    assert Assignment.objects.count() == 1
    assert page.context["asked_count"] == 1
    assert [(pair.proposal, pair.reviewer) for pair in page.context["asked_already"]] == [(proposal, reviewer)]
    assert {(pair.proposal, pair.reviewer) for pair in page.context["warned"]} == {(proposal, tied), (second, tied)}
    text = page.content.decode()
    assert "1 request is there already" in text
    assert "seems to belong to an organisation that takes part: Blue Boat" in text


def test_confirming_asks_exactly_what_was_shown(client, round_, officer, proposal, reviewer, assignment):
    second = make_proposal(round_, "Night shelters")
    tied = make_reviewer(round_, organisation_name="Blue Boat")
    client.force_login(officer)

    response = client.post(
        assign_url(round_),
        choice([proposal, second], [reviewer, tied], "confirm", despite=[f"{proposal.pk}-{tied.pk}"]),
    )

    assert response.url == reverse("checklist:proposal-list", args=[round_.reference])
    made = set(Assignment.objects.exclude(pk=assignment.pk).values_list("proposal", "reviewer"))
    assert made == {(second.pk, reviewer.pk), (proposal.pk, tied.pk)}


def test_confirming_twice_makes_no_double(client, round_, officer, proposal, reviewer):
    client.force_login(officer)

    for _time in range(2):
        client.post(assign_url(round_), choice([proposal], [reviewer], "confirm"))

    assert Assignment.objects.count() == 1


def test_the_choice_can_be_changed_without_losing_it(client, round_, officer, proposal, reviewer):
    client.force_login(officer)

    page = client.post(assign_url(round_), choice([proposal], [reviewer], "back"))

    assert page.context["proposals"] == [proposal]
    assert f'value="{reviewer.pk}"' in page.content.decode()
    assert not Assignment.objects.exists()


def test_a_missing_reviewer_is_said(client, round_, officer, proposal, reviewer):
    client.force_login(officer)

    page = client.post(assign_url(round_), choice([proposal], [], "preview")).content.decode()

    assert "Choose at least one reviewer." in page


def test_a_proposal_of_another_round_cannot_be_slipped_in(client, round_, officer, reviewer):
    stray = make_proposal(make_round())
    client.force_login(officer)

    client.post(assign_url(round_), choice([stray], [reviewer], "confirm"))

    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    "role, status", [("programme_officer", 200), ("chair", 403), ("observer", 403), ("reviewer", 403), (None, 404)]
)
def test_who_may_assign(client, round_, role, status):
    client.force_login(make_member(round_, role) if role else make_user())

    assert client.get(assign_url(round_)).status_code == status


# -- Declaring ----------------------------------------------------------------------------------


def test_before_the_declaration_she_sees_title_applicant_and_partners_only(client, assignment, reviewer, proposal):
    proposal.participations.create(organisation=make_organisation("Lamp Post"))
    client.force_login(reviewer)

    page = client.get(url("declare", assignment)).content.decode()

    for words in ("Safe harbours", "Blue Boat", "Lamp Post"):
        assert words in page
    for words in ("Counselling at four harbours.", "M-1"):
        assert words not in page


def test_no_conflict_leads_to_the_form(instruments, client, assignment, reviewer, round_):
    pin_shipped_instruments(round_)
    client.force_login(reviewer)

    response = client.post(url("declare", assignment), {"answer": "none", "words": ""})

    assessment = Assessment.objects.get(assignment=assignment)
    assert response.url == reverse("checklist:assessment-edit", args=[assessment.pk])
    assignment.refresh_from_db()
    assert (assignment.state, assignment.declaration) == (
        "declared",
        "I have no conflict of interest with this proposal.",
    )


def test_without_instruments_the_declaration_is_kept_and_the_assessment_begins_later(
    instruments, client, assignment, reviewer, round_
):
    client.force_login(reviewer)

    response = client.post(url("declare", assignment), {"answer": "none"})

    assert response.url == reverse("checklist:my-reviews", args=[round_.reference])
    assert "Not started" in client.get(response.url).content.decode()
    pin_shipped_instruments(round_)
    begun = client.post(url("begin", assignment))
    assert begun.url == reverse("checklist:assessment-edit", args=[Assessment.objects.get().pk])


def test_a_conflict_closes_the_proposal_at_once(client, assignment, reviewer, round_, proposal):
    client.force_login(reviewer)

    response = client.post(url("declare", assignment), {"answer": "conflict", "words": "My sister works there."})

    assert response.url == reverse("checklist:my-reviews", args=[round_.reference])
    page = client.get(response.url).content.decode()
    assert "Safe harbours" not in page
    assert "My sister works there." in page
    assert client.get(url("declare", assignment)).status_code == 404


def test_a_conflict_without_words_is_asked_for_them(client, assignment, reviewer):
    client.force_login(reviewer)

    page = client.post(url("declare", assignment), {"answer": "conflict", "words": " "}).content.decode()

    assert "Say with whom you have the conflict and what it is." in page
    assignment.refresh_from_db()
    assert assignment.state == "assigned"


def test_a_conflict_can_be_declared_later(instruments, client, assignment, reviewer, round_, proposal):
    pin_shipped_instruments(round_)
    declare_no_conflict(assignment=assignment, by=reviewer)
    client.force_login(reviewer)

    assert "Something came up" in client.get(url("declare", assignment)).content.decode()
    client.post(url("declare", assignment), {"words": "I now know the director."})

    assignment.refresh_from_db()
    assert assignment.state == "conflicted"
    assert client.get(reverse("checklist:proposal-detail", args=[proposal.pk])).status_code == 404
    assert client.get(reverse("checklist:assessment-edit", args=[assignment.assessment.pk])).status_code == 404


@pytest.mark.parametrize("name", ["declare", "decline", "begin"])
@pytest.mark.parametrize(
    "role, status", [("programme_officer", 403), ("chair", 403), ("observer", 404), ("reviewer", 404)]
)
def test_only_the_reviewer_herself_declares(client, round_, assignment, name, role, status):
    client.force_login(make_member(round_, role))

    assert client.post(url(name, assignment), {"answer": "none", "reason": "x"}).status_code == status
    assignment.refresh_from_db()
    assert assignment.state == "assigned"


def test_declining_with_a_reason(client, assignment, reviewer, round_):
    client.force_login(reviewer)

    assert "Say why." in client.post(url("decline", assignment), {"reason": ""}).content.decode()
    response = client.post(url("decline", assignment), {"reason": "On leave."})

    assert response.url == reverse("checklist:my-reviews", args=[round_.reference])
    assignment.refresh_from_db()
    assert (assignment.state, assignment.closing_reason) == ("declined", "On leave.")


def test_abstaining_with_a_reason(instruments, client, assignment, reviewer, officer, round_, proposal):
    pin_shipped_instruments(round_)
    declare_no_conflict(assignment=assignment, by=reviewer)
    client.force_login(reviewer)

    assert "Say why." in client.post(url("abstain", assignment), {"reason": ""}).content.decode()
    response = client.post(url("abstain", assignment), {"reason": "Outside what I know."})

    own = reverse("checklist:my-reviews", args=[round_.reference])
    assert response.url == own
    assert "Abstained" in client.get(own).content.decode()
    assert proposal.title not in client.get(own).content.decode()
    assert client.get(reverse("checklist:assessment-edit", args=[assignment.assessment.pk])).status_code == 403
    client.force_login(officer)
    for name, args in (
        ("assignment-list", [round_.reference]),
        ("proposal-assessments", [proposal.pk]),
        ("home", []),
    ):
        page = client.get(reverse(f"checklist:{name}", args=args)).content.decode()
        assert "Abstained" in page, name
        assert "Outside what I know." in page, name
    assert "1 abstained" in client.get(reverse("checklist:proposal-list", args=[round_.reference])).content.decode()


def test_an_officer_takes_a_request_back_with_a_reason(client, assignment, officer, proposal):
    client.force_login(officer)

    assert client.get(url("withdraw", assignment)).status_code == 200
    response = client.post(url("withdraw", assignment), {"reason": "Asked by mistake."})

    assert response.url == reverse("checklist:proposal-assessments", args=[proposal.pk])
    assignment.refresh_from_db()
    assert assignment.state == "withdrawn"


@pytest.mark.parametrize("role, status", [("chair", 403), ("observer", 404), ("reviewer", 404)])
def test_others_take_nothing_back(client, round_, assignment, role, status):
    client.force_login(make_member(round_, role))

    assert client.post(url("withdraw", assignment), {"reason": "x"}).status_code == status


# -- Lists --------------------------------------------------------------------------------------


def test_whoever_is_late_is_reminded_from_beside_her_review(client, round_, officer):
    proposal, late, in_time = make_proposal(round_), make_reviewer(round_), make_reviewer(round_)
    assign_reviewers(round_=round_, proposals=[proposal], reviewers=[late], due_on=date(2020, 1, 1), by=officer)
    assign_reviewers(round_=round_, proposals=[proposal], reviewers=[in_time], due_on=None, by=officer)
    client.force_login(officer)

    for place in (("assignment-list", round_.reference), ("proposal-assessments", proposal.pk)):
        page = client.get(reverse(f"checklist:{place[0]}", args=place[1:])).content.decode()
        assert re.findall(r"[?]remind=([0-9]+)", page) == [str(late.pk)]
        # Nothing is handed in, so nothing can be ticked.
        assert "bulk-bar" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_reviews_takes_the_same_queries_for_three_as_for_one(
    client, round_, officer, django_assert_num_queries, count
):
    proposals = [make_proposal(round_) for _number in range(count)]
    people = [make_reviewer(round_) for _number in range(count)]
    assign_reviewers(round_=round_, proposals=proposals, reviewers=people, due_on=None, by=officer)
    client.force_login(officer)

    with django_assert_num_queries(12):
        page = client.get(reverse("checklist:assignment-list", args=[round_.reference]))

    assert page.context["listing"].total == count * count


def test_reviews_are_filtered_by_state_and_reviewer(instruments, client, round_, officer, assignment, reviewer):
    declined = make_reviewer(round_)
    Assignment.objects.create(
        proposal=assignment.proposal, reviewer=declined, state="declined", closing_reason="On leave."
    )
    client.force_login(officer)
    list_url = reverse("checklist:assignment-list", args=[round_.reference])

    def fitting(**query):
        return [row.reviewer for row in client.get(list_url, query).context["listing"].rows]

    assert fitting(state="declare") == [reviewer]
    assert fitting(state="declined") == [declined]
    assert fitting(state="abstained") == fitting(state="begin") == fitting(state="writing") == []
    begun = make_assessment(round_).reviewer
    assert fitting(state="begin") == [begun]
    answer_all(Assessment.objects.get(reviewer=begun))
    assert (fitting(state="begin"), fitting(state="writing")) == ([], [begun])
    assert fitting(reviewer=declined.pk) == [declined]
    assert fitting(state="submitted") == []


@pytest.mark.parametrize("count", [1, 3])
def test_my_reviews_take_the_same_queries_for_three_as_for_one(
    instruments, client, round_, officer, reviewer, django_assert_num_queries, count
):
    pin_shipped_instruments(round_)
    proposals = [make_proposal(round_) for _number in range(count)]
    made = assign_reviewers(round_=round_, proposals=proposals, reviewers=[reviewer], due_on=None, by=officer)
    for each in made:
        declare_no_conflict(assignment=each, by=reviewer)
    client.force_login(reviewer)
    own = reverse("checklist:my-reviews", args=[round_.reference])
    client.get(own)  # the sheets are kept from now on

    with django_assert_num_queries(13):
        page = client.get(own)

    assert len(page.context["waiting"]) == count
    assert "0 of 17 answered" in page.content.decode()


def test_my_reviews_are_for_reviewers(client, round_, officer):
    client.force_login(officer)

    assert client.get(reverse("checklist:my-reviews", args=[round_.reference])).status_code == 403
