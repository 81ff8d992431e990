"""What reviewers bring, their ties, and the other names of organisations."""

import pytest

from checklist.actions.organisations import CannotChangeOrganisation, add_alias, remove_alias, set_email_domain
from checklist.actions.reviewers import CannotChangeProfile, Tie, declare_tie, remove_tie, set_skills
from checklist.models import SuspectedConflict
from checklist.selectors.reviewers import skills_of
from proposals.models import Organisation
from screening.models import AuditEvent
from tests.factories import make_member, make_organisation, make_proposal, make_reviewer, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make_round("MEKONG")


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def officer_of_round(round_):
    return make_member(round_, "programme_officer")


def test_skills_are_replaced_and_recorded(reviewer):
    set_skills(user=reviewer, skills={"language": ["en", "km"], "four_p": ["protection"]}, by=reviewer)
    set_skills(user=reviewer, skills={"language": ["km"], "four_p": ["protection"]}, by=reviewer)
    set_skills(user=reviewer, skills={"language": ["km"], "four_p": ["protection"]}, by=reviewer)

    assert skills_of([reviewer])[reviewer.pk] == {"language": {"km"}, "four_p": {"protection"}}
    events = AuditEvent.objects.filter(event="skills_set").order_by("pk")
    assert [each.after for each in events] == [
        {"language": ["en", "km"], "four_p": ["protection"]},
        {"language": ["km"]},
    ]


@pytest.mark.parametrize("skills", [{"language": ["Khmer"]}, {"country": ["ZZ"]}, {"population": ["everybody"]}])
def test_unknown_codes_are_refused(reviewer, skills):
    with pytest.raises(CannotChangeProfile, match="not in the list"):
        set_skills(user=reviewer, skills=skills, by=reviewer)


def test_a_tie_is_compared_with_proposals_at_once(round_, reviewer):
    proposal = make_proposal(round_, applicant=make_organisation("Blue Boat"))

    tie = declare_tie(user=reviewer, tie=Tie("BLUE boat Ltd.", "board"), by=reviewer)

    assert tie.organisation == proposal.applicant
    suspicion = SuspectedConflict.objects.get()
    assert (suspicion.proposal, suspicion.reviewer, suspicion.kind) == (proposal, reviewer, "declared_tie")
    assert AuditEvent.objects.get(event="tie_declared").after["organisation"] == "Blue Boat"


def test_a_tie_to_an_organisation_that_is_not_here_yet_waits_for_it(reviewer):
    tie = declare_tie(user=reviewer, tie=Tie("Quiet Water", "paid", "In 2024."), by=reviewer)
    again = declare_tie(user=reviewer, tie=Tie("quiet  water", "paid", "In 2025."), by=reviewer)

    assert (again.pk, again.note) == (tie.pk, "In 2025.")
    assert Organisation.objects.get().name == "Quiet Water"
    remove_tie(tie=again, by=reviewer)
    assert not reviewer.ties.exists()
    assert AuditEvent.objects.filter(event="tie_removed").count() == 1


@pytest.mark.parametrize(
    ("tie", "field"),
    [
        (Tie("  ", "board"), "organisation"),
        (Tie("x" * 301, "board"), "organisation"),
        (Tie("Blue Boat", "friend"), "kind"),
        (Tie("Blue Boat", "other"), "note"),
    ],
)
def test_ties_that_say_too_little_are_refused(reviewer, tie, field):
    with pytest.raises(CannotChangeProfile) as refusal:
        declare_tie(user=reviewer, tie=tie, by=reviewer)

    assert refusal.value.field == field


def test_another_name_and_a_domain_find_conflicts_at_once(round_, officer_of_round):
    organisation = make_proposal(round_, applicant=make_organisation("Blue Boat")).applicant
    by_name = make_reviewer(round_, organisation_name="BB")
    by_mail = make_reviewer(round_, email="rita@blueboat.example")

    add_alias(organisation=organisation, name="BB", by=officer_of_round)
    set_email_domain(organisation=organisation, email_domain="info@BlueBoat.example", by=officer_of_round)

    found = set(SuspectedConflict.objects.values_list("reviewer_id", "kind"))
    assert found == {(by_name.pk, "same_organisation"), (by_mail.pk, "email_domain")}
    organisation.refresh_from_db()
    assert organisation.email_domain == "blueboat.example"
    remove_alias(alias=organisation.aliases.get(), by=officer_of_round)
    events = AuditEvent.objects.exclude(event="conflict_suspected").order_by("pk")
    assert [each.event for each in events] == ["alias_added", "organisation_changed", "alias_removed"]


def test_names_that_are_taken_and_domains_that_are_none_are_refused(officer_of_round):
    boat = make_organisation("Blue Boat")
    make_organisation("Lamp Post")

    for name in ("", "Blue Boat", "lamp post"):
        with pytest.raises(CannotChangeOrganisation):
            add_alias(organisation=boat, name=name, by=officer_of_round)
    with pytest.raises(CannotChangeOrganisation, match="after the @"):
        set_email_domain(organisation=boat, email_domain="no domain", by=officer_of_round)


# -- The pages ----------------------------------------------------------------------------------


def test_my_own_page(client, reviewer):
    client.force_login(reviewer)
    page = "/settings/profile/"

    unknown = client.post(page, {"step": "skills", "language": "English, Elvish", "country": ""})
    client.post(page, {"step": "skills", "language": "English; Khmer", "country": "Cambodia", "four_p": ["protection"]})
    client.post(page, {"step": "tie", "organisation": "Blue Boat", "kind": "family", "note": "", "until": ""})

    assert "There is no language called “Elvish”." in unknown.content.decode()
    assert skills_of([reviewer])[reviewer.pk] == {
        "language": {"en", "km"}, "country": {"KH"}, "four_p": {"protection"},
    }  # fmt: skip
    shown = client.get(page).content.decode()
    assert "Blue Boat" in shown
    client.post(page, {"take": reviewer.ties.get().pk})
    assert not reviewer.ties.exists()


def test_organisations_are_offered_only_where_she_may_know_of_them(client, reviewer, round_, officer_of_round):
    make_proposal(round_, applicant=make_organisation("Secret Applicant"))

    client.force_login(reviewer)
    assert "Secret Applicant" not in client.get("/settings/profile/").content.decode()
    client.force_login(officer_of_round)
    page = client.get(f"/rounds/{round_.reference}/reviewers/{reviewer.pk}/").content.decode()
    assert "Secret Applicant" in page


def test_an_officer_keeps_organisations(client, officer_of_round):
    boat = make_organisation("Blue Boat")
    client.force_login(officer_of_round)
    page = f"/organisations/{boat.pk}/"

    client.post(page, {"step": "alias", "alias": "BB"})
    client.post(page, {"step": "domain", "email_domain": "blueboat.example"})

    found = client.get("/organisations/", {"q": "bb"}).context["listing"]
    assert [(row.name, row.alias_count, row.email_domain) for row in found.rows] == [
        ("Blue Boat", 1, "blueboat.example")
    ]
    client.post(page, {"take": boat.aliases.get().pk})
    assert not boat.aliases.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(client, officer_of_round, django_assert_num_queries, count):
    for number in range(count):
        make_organisation(f"Boat {number}")
    client.force_login(officer_of_round)

    with django_assert_num_queries(6):
        assert client.get("/organisations/").context["listing"].total == count
