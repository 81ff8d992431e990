"""Possible conflicts of interest: the signs, and what people decide about them."""

import pytest

from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import assign_reviewers
from checklist.actions.conflicts import (
    CannotDecideConflict,
    MayNotDecideConflict,
    confirm_conflict,
    dismiss_conflict,
    find_conflicts,
    find_in_round,
)
from checklist.actions.reviewers import Tie, declare_tie, remove_tie
from checklist.conflicts import SIGN_TEXTS, Body, Party, Person, Sign, SignKind, find_signs
from checklist.enums import AssignmentState, SuspicionKind, SuspicionState
from checklist.models import Assessment, Assignment, ReviewerTie, SuspectedConflict
from checklist.selectors.assigning import plan_pairs
from checklist.selectors.conflicts import forbidden_in
from proposals import rules as proposal_rules
from proposals.enums import AccessLevel
from proposals.models import OrganisationAlias, Participation, ProposalAccess
from screening.models import AuditEvent, User
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_organisation,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
)

BOAT = Body("boat", "Blue Boat", {"blue boat": "Blue Boat", "bb": "BB"}, ("blueboat.example",))


# -- The signs, without a database --------------------------------------------------------------


def signs(person, bodies=(BOAT,), joint=None, applicant="boat"):
    return find_signs([Party("p", applicant, tuple(bodies))], [person], joint).get(("p", person.id), ())


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Person(1, "Blue Boat Ltd.", "blue boat"), Sign(SignKind.SAME_ORGANISATION, "Blue Boat")),
        (Person(1, "BB", "bb"), Sign(SignKind.SAME_ORGANISATION, "Blue Boat (BB)")),
        (Person(1, domain="blueboat.example"), Sign(SignKind.EMAIL_DOMAIN, "blueboat.example, Blue Boat")),
        (Person(1, domain="asia.blueboat.example"), Sign(SignKind.EMAIL_DOMAIN, "asia.blueboat.example, Blue Boat")),
        (Person(1, ties=frozenset({"boat"})), Sign(SignKind.DECLARED_TIE, "Blue Boat")),
    ],
)
def test_each_sign_says_what_was_compared(person, expected):
    assert signs(person) == (expected,)


@pytest.mark.parametrize(
    "person",
    [
        Person(1),
        Person(1, "Lamp Post", "lamp post", "lamp.example", frozenset({"lamp"}), frozenset({"lamp"})),
        Person(1, domain="example"),
        Person(1, domain="notblueboat.example"),
    ],
)
def test_nothing_in_common_is_no_sign(person):
    assert signs(person) == ()


@pytest.mark.parametrize("domain", ["gmail.com", "yahoo.co.uk", "proton.me"])
def test_an_address_at_a_public_provider_says_nothing(domain):
    assert signs(Person(1, domain=domain), [Body("x", "X", {}, (domain,))], applicant="x") == ()


def test_an_earlier_partnership_is_one_in_another_proposal():
    person = Person(1, "Lamp Post", "lamp post", bodies=frozenset({"lamp"}))

    assert signs(person, joint={"lamp": {"boat": {"p"}}}) == ()
    assert signs(person, joint={"lamp": {"boat": {"p", "q"}}}) == (
        Sign(SignKind.EARLIER_PARTNERSHIP, "Lamp Post, Blue Boat"),
    )


def test_one_sign_of_a_kind_names_all_that_was_found():
    other = Body("lamp", "Lamp Post", {"lamp post": "Lamp Post"})

    found = signs(Person(1, ties=frozenset({"boat", "lamp"})), [BOAT, other])

    assert found == (Sign(SignKind.DECLARED_TIE, "Blue Boat; Lamp Post"),)


def test_signs_and_stored_kinds_are_the_same():
    assert {str(kind) for kind in SIGN_TEXTS} == set(SuspicionKind.values)


# -- Found, kept, decided -----------------------------------------------------------------------


@pytest.fixture
def round_(db):
    return make_round("MEKONG")


@pytest.fixture
def proposal(round_):
    return make_proposal(round_, applicant=make_organisation("Blue Boat"))


@pytest.fixture
def tied(round_):
    return make_reviewer(round_, name="Tied Reviewer", organisation_name="Blue Boat")


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair")


@pytest.fixture
def suspicion(proposal, tied, officer):
    return find_conflicts(proposals=[proposal], people=[tied], by=officer)[0]


def test_what_is_found_is_kept_once_and_recorded(suspicion, proposal, tied, officer):
    again = find_conflicts(proposals=[proposal], people=[tied], by=officer)

    assert again == []
    row = SuspectedConflict.objects.get()
    assert (row.proposal, row.reviewer, row.kind, row.state) == (proposal, tied, "same_organisation", "open")
    event = AuditEvent.objects.get(event="conflict_suspected")
    assert (event.thread, event.subject_label) == (proposal.thread, "Tied Reviewer")


def test_aliases_ties_domains_and_partnerships_are_read_from_the_database(round_, proposal, officer):
    OrganisationAlias.objects.create(organisation=proposal.applicant, name="BB", name_key="bb")
    proposal.applicant.email_domain = "blueboat.example"
    proposal.applicant.save()
    partner = make_organisation("Lamp Post")
    elsewhere = make_proposal(make_round(), applicant=proposal.applicant)
    Participation.objects.create(proposal=elsewhere, organisation=partner)
    alias = make_reviewer(round_, organisation_name="B.B.")
    mail = make_reviewer(round_, email="rita@blueboat.example")
    tie, ended = make_reviewer(round_), make_reviewer(round_)
    ReviewerTie.objects.create(user=tie, organisation=proposal.applicant, kind="board")
    ReviewerTie.objects.create(user=ended, organisation=proposal.applicant, kind="board", until="2020-01-01")
    partner_of = make_reviewer(round_, organisation_name="Lamp Post")
    OrganisationAlias.objects.create(organisation=proposal.applicant, name="B B", name_key="b b")

    find_in_round(round_=round_, by=officer)

    found = set(SuspectedConflict.objects.values_list("reviewer_id", "kind"))
    assert found == {
        (alias.pk, "same_organisation"),
        (mail.pk, "email_domain"),
        (tie.pk, "declared_tie"),
        (partner_of.pk, "earlier_partner"),
    }


def test_a_confirmed_conflict_closes_the_proposal_and_keeps_the_draft(instruments, round_, proposal, tied, chair):
    draft = make_assessment(proposal=proposal, reviewer=tied)
    [row] = find_conflicts(proposals=[proposal], people=[tied], by=chair)

    confirm_conflict(suspicion=row, reason="She is on the payroll.", by=chair)

    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_by) == (SuspicionState.CONFIRMED, "She is on the payroll.", chair)
    assignment = Assignment.objects.get()
    assert (assignment.state, assignment.closing_reason) == (AssignmentState.CONFLICTED, "She is on the payroll.")
    assert ProposalAccess.objects.get(user=tied).level == AccessLevel.CLOSED
    assert Assessment.objects.filter(pk=draft.pk).exists()
    assert not proposal_rules.can_read_proposal(User.objects.get(pk=tied.pk), proposal)
    assert AuditEvent.objects.get(event="conflict_confirmed").note == "She is on the payroll."


def test_a_submitted_assessment_has_to_be_reopened_first(instruments, round_, proposal, tied, chair):
    done = make_assessment(proposal=proposal, reviewer=tied)
    answer_all(done)
    submit_assessment(assessment=done, by=tied)
    [row] = find_conflicts(proposals=[proposal], people=[tied], by=chair)

    with pytest.raises(CannotDecideConflict, match="Reopen it first"):
        confirm_conflict(suspicion=row, reason="Payroll.", by=chair)

    row.refresh_from_db()
    assert row.state == SuspicionState.OPEN


def test_a_chair_with_a_conflict_is_shut_out_too(proposal, round_, officer):
    chair = make_member(round_, "chair", organisation_name="Blue Boat")
    [row] = find_in_round(round_=round_, by=officer)

    confirm_conflict(suspicion=row, reason="Her own proposal.", by=officer)

    assert row.reviewer == chair
    assert not proposal_rules.can_read_proposal(User.objects.get(pk=chair.pk), proposal)


def test_a_dismissed_sign_is_neither_a_warning_nor_found_again(suspicion, proposal, tied, chair, officer):
    dismiss_conflict(suspicion=suspicion, reason="Another Blue Boat.", by=chair)

    [pair] = plan_pairs([proposal], [tied])
    assert (pair.warning, pair.obstacle) == ("", "")
    assert find_conflicts(proposals=[proposal], people=[tied], by=officer) == []
    assert AuditEvent.objects.get(event="conflict_dismissed").note == "Another Blue Boat."


def test_something_else_of_the_same_kind_opens_it_again(suspicion, proposal, tied, chair, officer):
    dismiss_conflict(suspicion=suspicion, reason="Another Blue Boat.", by=chair)
    OrganisationAlias.objects.create(
        organisation=make_organisation("Lamp Post"), name="Blue Boat", name_key="blue boat"
    )
    Participation.objects.create(proposal=proposal, organisation=make_organisation("Lamp Post"))

    [row] = find_conflicts(proposals=[proposal], people=[tied], by=officer)

    assert (row.pk, row.state, row.reason, row.decided_by) == (suspicion.pk, SuspicionState.OPEN, "", None)


@pytest.mark.parametrize("decide", [confirm_conflict, dismiss_conflict])
def test_only_whoever_runs_the_round_and_has_no_conflict_of_her_own_decides(decide, suspicion):
    outsider = make_member(suspicion.proposal.round, "observer")
    torn = make_member(suspicion.proposal.round, "programme_officer", name="Torn Officer")
    open_to(suspicion.proposal, torn, AccessLevel.CLOSED)

    for person in (outsider, torn):
        with pytest.raises(MayNotDecideConflict, match="to whom the proposal is open"):
            decide(suspicion=suspicion, reason="I say so.", by=person)

    suspicion.refresh_from_db()
    assert suspicion.state == SuspicionState.OPEN


@pytest.mark.parametrize("decide", [confirm_conflict, dismiss_conflict])
def test_nobody_decides_about_herself_without_a_reason_or_twice(suspicion, tied, chair, decide):
    with pytest.raises(CannotDecideConflict, match="Somebody else"):
        decide(suspicion=suspicion, reason="I am sure.", by=tied)
    with pytest.raises(CannotDecideConflict, match="Say why"):
        decide(suspicion=suspicion, reason="  ", by=chair)
    dismiss_conflict(suspicion=suspicion, reason="Another one.", by=chair)
    with pytest.raises(CannotDecideConflict, match="already"):
        decide(suspicion=suspicion, reason="Again.", by=chair)


def test_what_is_no_longer_found_is_marked_and_opens_again_when_it_is(round_, proposal, officer):
    reviewer = make_reviewer(round_, name="Tied by Board")
    tie = declare_tie(user=reviewer, tie=Tie(proposal.applicant.name, "board"), by=reviewer)
    row = SuspectedConflict.objects.get(reviewer=reviewer)

    remove_tie(tie=tie, by=reviewer)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (SuspicionState.GONE, None)
    assert AuditEvent.objects.filter(event="conflict_gone").count() == 1
    assert (proposal.pk, reviewer.pk) not in forbidden_in(round_)
    with pytest.raises(CannotDecideConflict, match="already"):
        dismiss_conflict(suspicion=row, reason="She left.", by=officer)

    declare_tie(user=reviewer, tie=Tie(proposal.applicant.name, "board"), by=reviewer)
    row.refresh_from_db()
    assert (row.state, row.decided_at) == (SuspicionState.OPEN, None)


def test_what_somebody_decided_about_stays_decided(suspicion, tied, proposal, chair, officer):
    dismiss_conflict(suspicion=suspicion, reason="Another Blue Boat.", by=chair)
    tied.organisation_name = "Quiet Water"
    tied.save()

    find_conflicts(proposals=[proposal], people=[tied], by=officer)

    suspicion.refresh_from_db()
    assert (suspicion.state, suspicion.reason) == (SuspicionState.DISMISSED, "Another Blue Boat.")


def test_the_list_says_that_it_is_no_longer_found(client, officer_of_round, round_, suspicion, tied, proposal, officer):
    tied.organisation_name = "Quiet Water"
    tied.save()
    find_conflicts(proposals=[proposal], people=[tied], by=officer)
    client.force_login(officer_of_round)

    page = client.get(f"/rounds/{round_.reference}/conflicts/?state=gone").content.decode()

    assert "Tied Reviewer" in page
    assert "What it rested on was removed or has ended." in page


def test_many_pairs_are_compared_in_as_many_queries_as_one(round_, officer, django_assert_num_queries):
    lamp = make_organisation("Lamp Post")
    few = [make_proposal(round_)]
    many = [make_proposal(round_, applicant=lamp) for _number in range(12)]
    reviewers = [make_reviewer(round_, organisation_name="Quiet Water") for _number in range(4)]

    with django_assert_num_queries(10):
        find_conflicts(proposals=few, people=reviewers[:1], by=officer)
    with django_assert_num_queries(10):
        find_conflicts(proposals=many, people=reviewers, by=officer)


def test_the_plan_warns_of_a_reviewer_from_the_applicant_or_a_partner(round_):
    applicant, partner = make_organisation("Blue Boat"), make_organisation("Lamp Post")
    partner.website = "https://www.lamp-post.org/about"
    partner.save()
    proposal = make_proposal(round_, applicant=applicant)
    Participation.objects.create(proposal=proposal, organisation=partner)
    at_applicant = make_reviewer(round_, organisation_name="BLUE  boat.")
    at_partner = make_reviewer(round_, email="rita@lamp-post.org")
    elsewhere = make_reviewer(round_, organisation_name="Quiet Water")

    plan = plan_pairs([proposal], [at_applicant, at_partner, elsewhere])

    assert [pair.warning for pair in plan] == [
        "seems to belong to an organisation that takes part: Blue Boat",
        "has an e-mail address of an organisation that takes part: lamp-post.org, Lamp Post",
        "",
    ]
    assert all(pair.is_possible for pair in plan)


def test_asking_many_takes_as_many_queries_as_asking_few(round_, officer, django_assert_num_queries):
    few = [make_proposal(round_)]
    many = [make_proposal(round_) for _number in range(20)]
    reviewers = [make_reviewer(round_), make_reviewer(round_)]
    assert proposal_rules.can_assign_reviewers(officer, round_)  # her roles are read once per request

    with django_assert_num_queries(34):
        assign_reviewers(round_=round_, proposals=few, reviewers=reviewers[:1], due_on=None, by=officer)
    with django_assert_num_queries(34):
        assign_reviewers(round_=round_, proposals=many, reviewers=reviewers, due_on=None, by=officer)


# -- The pages ----------------------------------------------------------------------------------


def test_the_list_has_a_tab_for_every_state(client, officer_of_round, round_, suspicion, tied):
    client.force_login(officer_of_round)

    page = client.get(f"/rounds/{round_.reference}/conflicts/").content.decode()

    assert "Tied Reviewer" in page
    assert "seems to belong to an organisation that takes part: Blue Boat" in page
    for state in ("confirmed", "dismissed", "declared"):
        assert (
            "Tied Reviewer" not in client.get(f"/rounds/{round_.reference}/conflicts/?state={state}").content.decode()
        )


@pytest.fixture
def officer_of_round(round_):
    return make_member(round_, "programme_officer")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(client, officer_of_round, round_, tied, django_assert_num_queries, count):
    for _number in range(count):
        make_proposal(round_)
    find_in_round(round_=round_, by=officer_of_round)
    client.force_login(officer_of_round)

    with django_assert_num_queries(8):
        assert client.get(f"/rounds/{round_.reference}/conflicts/").context["listing"].total == count


def test_deciding_on_the_page(client, officer_of_round, suspicion):
    client.force_login(officer_of_round)
    url = f"/conflicts/{suspicion.pk}/"

    missing = client.post(url, {"answer": "confirm", "reason": ""})
    done = client.post(url, {"answer": "confirm", "reason": "On the payroll."})

    assert "Say why." in missing.content.decode()
    assert done.status_code == 302
    suspicion.refresh_from_db()
    assert suspicion.state == SuspicionState.CONFIRMED


def test_a_conflict_about_a_proposal_closed_to_her_is_not_listed(client, officer_of_round, round_, suspicion, proposal):
    ProposalAccess.objects.create(proposal=proposal, user=officer_of_round, level=AccessLevel.CLOSED)
    client.force_login(officer_of_round)

    assert client.get(f"/rounds/{round_.reference}/conflicts/").context["listing"].total == 0
    assert client.get(f"/conflicts/{suspicion.pk}/").status_code == 404
