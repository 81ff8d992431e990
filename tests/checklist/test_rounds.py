"""Opening a round, its set-up and its roles: actions and pages."""

import pytest
from django.urls import reverse

from checklist.actions.rounds import CannotPin, open_round, pin_instruments, set_critical_rules, take_role
from checklist.models import Criterion, InstrumentVersion
from checklist.selectors.instruments import critical_modes, pinned_versions
from proposals.actions.rounds import CannotChangeRoles, change_round, grant_role, remove_role
from proposals.models import FundingRound
from screening.models import AuditEvent
from tests.factories import (
    make_administrator,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_open_round_pins_the_default_instruments_and_names_the_officer(instruments):
    admin, officer = make_administrator(), make_user()

    round_ = open_round(round_=FundingRound(reference="GMS", title="Mekong", currency="USD"), officer=officer, by=admin)

    assert pinned_versions(round_) == [version.pk for version in instruments]
    assert list(round_.grants.values_list("user", "role")) == [(officer.pk, "programme_officer")]
    events = AuditEvent.objects.filter(round_id=round_.pk).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["round_created", "role_granted", "round_instruments_set"]


def test_draft_cannot_be_pinned(instruments):
    draft = InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="D", short_title="D", source="s"
    )

    with pytest.raises(CannotPin, match="not published"):
        pin_instruments(round_=make_round(), versions=[draft], by=make_administrator())


def test_round_without_instruments_is_refused():
    with pytest.raises(CannotPin, match="at least one"):
        pin_instruments(round_=make_round(), versions=[], by=make_administrator())


def test_critical_rules_of_the_round_replace_the_default_and_only_differences_are_kept(instruments):
    round_ = make_round()
    first, second = (Criterion.objects.get(version=instruments[0], key=key) for key in ("1", "9"))

    set_critical_rules(
        round_=round_, rules={first.pk: first.critical_rule, second.pk: "block"}, by=make_administrator()
    )

    assert critical_modes(round_) == {instruments[0].pk: {"9": "block"}}
    assert AuditEvent.objects.get(event="round_critical_set").after == {str(second.pk): "block"}


def test_change_round_records_only_what_differs():
    round_ = make_round(title="Before")
    round_.title = "After"

    change_round(round_=round_, by=make_administrator())

    event = AuditEvent.objects.get(event="round_changed")
    assert (event.before, event.after) == ({"title": "Before"}, {"title": "After"})


def test_last_programme_officer_stays():
    round_ = make_round()
    officer = make_officer(round_)

    with pytest.raises(CannotChangeRoles, match="only programme officer"):
        remove_role(grant=round_.grants.get(), by=officer)


def test_only_who_runs_the_round_gives_and_takes_roles():
    round_ = make_round()
    chair, grant = make_member(round_, "chair"), make_reviewer(round_).grants.get()

    for who in (chair, grant.user, make_officer(make_round()), make_auditor()):
        with pytest.raises(CannotChangeRoles, match="Only an administrator or a programme officer"):
            grant_role(round_=round_, user=who, role="programme_officer", by=who)
        with pytest.raises(CannotChangeRoles, match="Only an administrator or a programme officer"):
            take_role(grant=grant, by=who)

    assert sorted(round_.grants.values_list("role", flat=True)) == ["chair", "reviewer"]


def test_a_reviewer_who_still_owes_an_assessment_keeps_her_role(instruments):
    round_ = make_round()
    officer, reviewer = make_officer(round_), make_reviewer(round_)
    make_assessment(round_, reviewer)

    with pytest.raises(CannotChangeRoles, match="Take these back first"):
        take_role(grant=reviewer.grants.get(), by=officer)

    reviewer.assignments.update(state="withdrawn", closing_reason="Moved on")
    take_role(grant=reviewer.grants.get(), by=officer)
    assert not reviewer.grants.exists()


def test_taking_a_role_by_what_is_no_number_is_not_found(client):
    round_ = make_round()
    client.force_login(make_officer(round_))

    response = client.post(f"/rounds/{round_.reference}/people/", {"take": "\u00b2"})

    assert response.status_code == 404


def test_giving_a_role_twice_changes_nothing():
    round_, user, by = make_round(), make_user(), make_administrator()

    grant_role(round_=round_, user=user, role="reviewer", by=by)
    grant_role(round_=round_, user=user, role="reviewer", by=by)

    assert round_.grants.count() == 1
    assert AuditEvent.objects.filter(event="role_granted").count() == 1


def test_reviewer_sees_the_round_without_its_figures(client, instruments):
    round_ = make_round(title="Mekong")
    make_proposal(round_)
    client.force_login(make_reviewer(round_))

    page = client.get(round_.get_absolute_url()).content.decode()

    assert "Mekong" in page
    assert "Where it stands" not in page


def test_stranger_does_not_learn_that_a_round_exists(client):
    round_ = make_round()
    client.force_login(make_user())

    assert client.get(round_.get_absolute_url()).status_code == 404


def test_officer_gives_and_takes_roles_in_the_browser(client):
    round_ = make_round()
    client.force_login(make_officer(round_))
    url = reverse("checklist:round-people", args=[round_.reference])
    person = make_user("Rita")

    client.post(url, {"user": person.pk, "role": "reviewer"})
    grant = round_.grants.get(user=person)
    page = client.get(url).content.decode()
    client.post(url, {"take": grant.pk})

    assert "Rita" in page
    assert not round_.grants.filter(user=person).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_round_list_takes_the_same_queries(client, django_assert_num_queries, count):
    officer = make_officer(make_round())
    for _number in range(count - 1):
        make_officer(make_round())
        make_round().grants.create(user=officer, role="reviewer")
    client.force_login(officer)

    with django_assert_num_queries(5):
        client.get(reverse("checklist:round-list"))


@pytest.mark.parametrize("count", [1, 3])
def test_people_of_a_round_take_the_same_queries(client, django_assert_num_queries, count):
    round_ = make_round()
    client.force_login(make_officer(round_))
    for _number in range(count):
        make_reviewer(round_)

    with django_assert_num_queries(12):
        client.get(reverse("checklist:round-people", args=[round_.reference]))
