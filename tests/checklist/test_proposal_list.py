"""The list of proposals: filter, search, sort, export, and who sees it."""

import pytest
from django.urls import reverse

from proposals.models import Place, Proposal, ProposalTag
from screening.models import AuditEvent
from tests.factories import (
    make_administrator,
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
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


def shown_references(response):
    return [row.reference for row in response.context["listing"].rows]


# -- The list -----------------------------------------------------------------------------------


def test_the_list_names_what_an_officer_scans_for(instruments, client, round_, officer, proposal):
    Place.objects.create(proposal=proposal, country="KH")
    handed_in(asked(proposal, make_reviewer(round_)))
    asked(proposal, make_reviewer(round_), "assigned")
    asked(proposal, make_reviewer(round_), "declined")
    asked(proposal, make_reviewer(round_), "conflicted")
    client.force_login(officer)

    page = client.get(list_url(round_)).content.decode()

    for words in ("Safe harbours", "Blue Boat", "Cambodia", "1/2", "1 conflict, 1 declined", IN_WORDS):
        assert words in page
    assert "1 to declare" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    instruments, client, round_, officer, django_assert_num_queries, count
):
    for number in range(count):
        proposal = make_proposal(round_, applicant=make_organisation(f"Boat {number}"))
        Place.objects.create(proposal=proposal, country="KH")
        handed_in(asked(proposal, make_reviewer(round_)))
    client.force_login(officer)

    with django_assert_num_queries(11):
        assert client.get(list_url(round_)).status_code == 200


def test_an_empty_round_offers_the_import(client, round_, officer):
    client.force_login(officer)

    page = client.get(list_url(round_)).content.decode()

    assert "No proposals yet" in page
    assert reverse("proposals:import-add", args=[round_.reference]) in page


def test_a_filter_that_fits_nothing_says_so(client, round_, officer, proposal):
    client.force_login(officer)

    assert "No proposal fits the filter" in client.get(list_url(round_), {"q": "nowhere"}).content.decode()


def test_search_and_filters_narrow_the_list(client, round_, officer):
    harbour = make_proposal(round_, "Harbours", reference="A")
    make_proposal(round_, "Shelters", reference="B", status="in_review")
    Place.objects.create(proposal=harbour, country="KH")
    ProposalTag.objects.create(proposal=harbour, vocabulary="four_p", code="prevention")
    ProposalTag.objects.create(proposal=harbour, vocabulary="exploitation", code="fishing")
    ProposalTag.objects.create(proposal=harbour, vocabulary="population", code="men")
    client.force_login(officer)

    queries = [
        {"q": "HARB"},
        {"status": "received"},
        {"country": "KH"},
        {"four_p": "prevention"},
        {"exploitation": "fishing"},
        {"population": "men"},
    ]

    assert [shown_references(client.get(list_url(round_), query)) for query in queries] == [["A"]] * 6


def test_the_review_filter_tells_the_stages_apart(instruments, client, round_, officer):
    people = [make_reviewer(round_) for _number in range(2)]
    make_proposal(round_, reference="none")
    one, late, done, conflict = (make_proposal(round_, reference=name) for name in ("one", "late", "done", "tied"))
    asked(one, people[0])
    asked(late, people[0], due_on="2020-01-01")
    asked(late, people[1])
    for person in people:
        handed_in(asked(done, person))
    asked(conflict, people[0], "conflicted")
    client.force_login(officer)

    def fitting(review):
        return set(shown_references(client.get(list_url(round_), {"review": review})))

    assert fitting("unassigned") == {"none", "tied"}
    assert fitting("missing") == {"none", "one", "tied"}
    assert fitting("waiting") == {"one", "late"}
    assert fitting("overdue") == {"late"}
    assert fitting("conflict") == {"tied"}
    assert fitting("complete") == {"done"}


def test_the_reviewer_filter_can_be_shared_and_means_hers_with_the_stage(instruments, client, round_, officer):
    rita, otto = make_reviewer(round_), make_reviewer(round_, name="Otto")
    one, both, taken = (make_proposal(round_, reference=name) for name in ("one", "both", "taken"))
    asked(one, rita)
    handed_in(asked(both, rita))
    asked(both, otto)
    asked(taken, rita, "withdrawn", closing_reason="Asked by mistake.")
    chair = make_member(round_, "chair")
    asked(one, chair)

    def fitting(who, **query):
        client.force_login(who)
        return set(shown_references(client.get(list_url(round_), query)))

    assert fitting(officer, reviewer=rita.pk) == {"one", "both"}
    assert fitting(officer, reviewer=rita.pk, review="waiting") == {"one"}
    assert fitting(officer, reviewer=otto.pk, review="waiting") == {"both"}
    assert fitting(chair, reviewer="@me") == {"one"}
    assert fitting(officer, reviewer="@me") == set()


def test_the_list_sorts_by_fewest_assessments(instruments, client, round_, officer):
    full, bare = make_proposal(round_, reference="A"), make_proposal(round_, reference="B")
    handed_in(asked(full, make_reviewer(round_)))
    client.force_login(officer)

    assert shown_references(client.get(list_url(round_), {"sort": "reviews"})) == [bare.reference, full.reference]
    assert shown_references(client.get(list_url(round_), {"sort": "-reviews"})) == [full.reference, bare.reference]


def test_a_list_can_be_gone_through_one_by_one(client, round_, officer):
    first, second, third = (make_proposal(round_, f"Harbour {name}", reference=name) for name in "ABC")
    make_proposal(round_, "Shelter", reference="B2")
    client.force_login(officer)

    page = client.get(
        reverse("checklist:proposal-detail", args=[second.pk]), {"list": "q=harbour&sort=-reference", "at": "1"}
    )

    assert (page.context["queue"]["previous"], page.context["queue"]["next"]) == (third.pk, first.pk)


def test_a_place_that_is_no_longer_true_is_not_shown(client, round_, officer, proposal):
    make_proposal(round_)
    client.force_login(officer)

    page = client.get(reverse("checklist:proposal-detail", args=[proposal.pk]), {"list": "", "at": "1"})

    assert page.context["queue"] is None


def test_an_export_holds_all_pages_of_the_filter_and_is_recorded(client, round_, officer):
    for number in range(60):
        make_proposal(round_, f"Harbour {number}")
    make_proposal(round_, "Shelter")
    client.force_login(officer)

    lines = exported(client, round_, q="harbour").strip().splitlines()

    assert len(lines) == 61
    assert lines[0] == (
        "Reference,Title,Applicant,Countries,Amount,Currency,State,Reviews,Will not review,Checklists,Waiting for"
    )
    event = AuditEvent.objects.get(event="list_exported")
    assert (event.actor_id, event.round_id) == (officer.pk, round_.pk)
    assert event.after == {"file": "proposals-MEKONG.csv", "rows": 60, "filter": "q=harbour"}


def test_an_export_as_a_workbook_is_a_file_to_keep(client, round_, officer, proposal):
    client.force_login(officer)

    response = client.get(list_url(round_), {"export": "xlsx"})

    assert response["Content-Disposition"] == 'attachment; filename="proposals-MEKONG.xlsx"'
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_an_observer_reads_the_list_but_takes_nothing_away(client, round_, proposal):
    observer = make_member(round_, "observer")
    asked(proposal, make_reviewer(round_, name="Nameless Reviewer"))
    client.force_login(observer)

    page = client.get(list_url(round_))

    assert "Nameless Reviewer" not in page.content.decode()
    assert "0/1" not in page.content.decode()
    assert client.get(list_url(round_), {"export": "csv"}).status_code == 403


@pytest.mark.parametrize(
    "make, status",
    [
        (make_officer, 200),
        (lambda round_: make_member(round_, "chair"), 200),
        (lambda round_: make_member(round_, "observer"), 200),
        (lambda round_: make_auditor(), 200),
        (lambda round_: make_administrator(), 403),
        (make_reviewer, 403),
        (lambda round_: make_user(), 404),
    ],
)
def test_who_sees_the_list(client, round_, make, status):
    client.force_login(make(round_))

    assert client.get(list_url(round_)).status_code == status


@pytest.mark.parametrize(
    "make", [make_officer, lambda round_: make_member(round_, "observer"), lambda _r: make_auditor()]
)
def test_the_quick_way_to_list_a_round_gives_what_may_be_seen(round_, make):
    user = make(round_)
    seen, closed, named = (make_proposal(round_) for _number in range(3))
    make_proposal(make_round())
    open_to(closed, user, "closed")
    open_to(named, user, "named")

    listed = set(Proposal.objects.listed_to(user, round_))

    assert listed == {seen, named}
    assert listed == set(Proposal.objects.visible_to(user).filter(round=round_))
