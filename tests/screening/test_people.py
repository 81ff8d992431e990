"""Adding and changing people, and one's own settings: actions and pages."""

import pytest
from django.urls import reverse

from screening.actions import CannotChangeUser, CannotCreateUser, change_user, create_user
from screening.models import AuditEvent, User
from tests.factories import make_administrator, make_auditor, make_officer, make_round, make_user

pytestmark = pytest.mark.django_db


def test_create_user_records_who_added_her():
    admin = make_administrator()

    user = create_user(email="nina@example.org", name="Nina", password="a-rather-long-secret-9", by=admin)

    event = AuditEvent.objects.get(event="user_created")
    assert (event.actor_id, event.subject_id, event.after["email"]) == (admin.pk, str(user.pk), "nina@example.org")
    assert user.check_password("a-rather-long-secret-9")


def test_same_address_in_another_case_is_refused():
    make_user(email="nina@example.org")

    with pytest.raises(CannotCreateUser, match="already"):
        create_user(email="NINA@example.org", name="Nina")


def test_weak_password_is_refused_in_words():
    with pytest.raises(CannotCreateUser, match="12 characters"):
        create_user(email="nina@example.org", name="Nina", password="short")


def test_last_administrator_stays():
    admin = make_administrator()
    by = User.objects.get(pk=admin.pk)

    with pytest.raises(CannotChangeUser, match="last administrator"):
        change_user(user=admin, by=by, is_administrator=False)
    with pytest.raises(CannotChangeUser, match="last administrator"):
        change_user(user=admin, by=by, is_active=False)


def test_nobody_but_an_administrator_adds_people_or_makes_herself_one():
    officer = make_officer(make_round())
    by = User.objects.get(pk=officer.pk)

    for who in (by, make_auditor()):
        with pytest.raises(CannotCreateUser, match="Only an administrator"):
            create_user(email="nina@example.org", name="Nina", is_administrator=True, by=who)
        with pytest.raises(CannotChangeUser, match="Only an administrator"):
            change_user(user=officer, by=who, is_administrator=True)

    assert not User.objects.filter(is_administrator=True).exists()


def test_administrator_adds_and_changes_a_person_in_the_browser(client):
    client.force_login(make_administrator())

    client.post(reverse("screening:user-add"), {"name": "Nina", "email": "nina@example.org", "language": "fr"})
    person = User.objects.get(email="nina@example.org")
    response = client.post(
        reverse("screening:user-edit", args=[person.pk]),
        {"name": "Nina B", "email": "nina@example.org", "language": "fr", "is_active": "on", "is_auditor": "on"},
    )

    person.refresh_from_db()
    assert response.status_code == 302
    assert (person.name, person.is_auditor) == ("Nina B", True)


def test_taken_address_is_said_and_what_was_typed_is_kept(client):
    make_user(email="nina@example.org")
    client.force_login(make_administrator())

    response = client.post(
        reverse("screening:user-add"), {"name": "Nina Second", "email": "Nina@example.org", "language": "en"}
    )

    page = response.content.decode()
    assert "here already" in page
    assert "Nina Second" in page


def test_only_administrators_change_people_and_auditors_read_them(client):
    person = make_user()
    add, change, people = (
        reverse("screening:user-add"),
        reverse("screening:user-edit", args=[person.pk]),
        reverse("screening:user-list"),
    )

    client.force_login(person)
    assert [client.get(url).status_code for url in (people, add, change)] == [403, 403, 403]
    client.force_login(make_auditor())
    assert [client.get(url).status_code for url in (people, add, change)] == [200, 403, 403]


def test_own_settings_are_saved_and_used(client):
    user = make_user()
    client.force_login(user)

    client.post(reverse("screening:settings"), {"language": "fr", "theme": "dark"})

    user.refresh_from_db()
    assert (user.language, user.theme, user.has_shortcuts) == ("fr", "dark", False)
    assert 'lang="fr"' in client.get(reverse("screening:settings")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_people_list_takes_the_same_queries(client, django_assert_num_queries, count):
    for _number in range(count):
        make_user()
    client.force_login(make_administrator())

    with django_assert_num_queries(4):
        client.get(reverse("screening:user-list"))
