"""The list of proposals and the pages of one: who sees what, in how many queries."""

import pytest
from django.urls import reverse

from checklist.models import Assessment, Assignment, InstrumentVersion, SubmittedScore
from proposals.models import Participation, Place, Proposal, ProposalTag
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

pytestmark = pytest.mark.django_db
# Eleven marks that occur nowhere else on a page; in words "3 favourable, 8 adverse".
MARKS = "FFFAAAAAAAA"
IN_WORDS = "3 favourable, 8 adverse"


@pytest.fixture
def round_():
    return make_round("MEKONG", reviewers_wanted=2)


@pytest.fixture
def proposal(round_):
    return make_proposal(round_, "Safe harbours", summary="Counselling at four harbours.")


def asked(proposal, reviewer, state="declared", **fields):
    """An assignment with the access that goes with its state."""
    if state in ("declared", "conflicted"):
        fields.setdefault("declared_at", proposal.created_at)
        fields.setdefault("declaration", "Said in words.")
    if state == "declined":
        fields.setdefault("closing_reason", "On leave.")
    level = {"assigned": "named", "declared": "full", "conflicted": "closed"}.get(state)
    if level:
        open_to(proposal, reviewer, level)
    return Assignment.objects.create(proposal=proposal, reviewer=reviewer, state=state, **fields)


def handed_in(assignment, marks=MARKS):
    """A submitted assessment with the marks of one checklist."""
    assessment = Assessment.objects.create(
        assignment=assignment,
        proposal=assignment.proposal,
        reviewer=assignment.reviewer,
        state="submitted",
        submitted_at=assignment.assigned_at,
        submission_number=1,
    )
    version = InstrumentVersion.objects.filter(result_kind="share").first()
    SubmittedScore.objects.create(assessment=assessment, version=version, marks=marks, judged=11, total=11)
    return assessment


def list_url(round_):
    return reverse("checklist:proposal-list", args=[round_.reference])


def shown_references(response):
    return [row.reference for row in response.context["listing"].rows]


def exported(client, round_, **query):
    response = client.get(list_url(round_), {"export": "csv", **query})
    return b"".join(response.streaming_content).decode("utf-8-sig")


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

    assert "draft, 1 of 17 answered" in page
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
