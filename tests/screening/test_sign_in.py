"""Sign-in: nobody can sign up, guessing is slowed down over all processes, browsers can use it."""

import pytest
from django.core.management import call_command

from screening import actions
from screening.models import User

PASSWORD = "seven quiet herons"
DATABASE_CACHE = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "screening_cache"},
}


@pytest.fixture
def user(db):
    return actions.create_user(email="rana@example.org", name="Rana", password=PASSWORD)


def sign_in(client, password):
    return client.post("/accounts/login/", {"login": "rana@example.org", "password": password})


def test_the_right_password_signs_in(client, user):
    response = sign_in(client, PASSWORD)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_one_does_not(client, user):
    response = sign_in(client, "something else")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_guessing_is_stopped_even_for_the_right_password(client, user, settings):
    settings.CACHES = DATABASE_CACHE
    call_command("createcachetable")
    for _ in range(5):
        sign_in(client, "something else")

    response = sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session
    assert "Too many failed" in response.content.decode()


@pytest.mark.django_db
def test_nobody_can_sign_up(client):
    response = client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})

    assert b'name="password1"' not in response.content
    assert not User.objects.exists()


def test_a_password_can_be_set_anew_by_e_mail(client, user, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "rana@example.org"})

    [mail] = mailoutbox
    assert mail.to == ["rana@example.org"]
    assert "/accounts/password/reset/key/" in mail.body


def test_an_address_that_was_changed_opens_nothing_any_more(client, user, mailoutbox):
    sign_in(client, PASSWORD)
    client.logout()
    actions.change_user(user=user, by=None, email="rana@elsewhere.example")

    sign_in(client, PASSWORD)
    client.post("/accounts/password/reset/", {"email": "rana@example.org"})

    assert "_auth_user_id" not in client.session
    assert mailoutbox == []


def test_nobody_changes_her_own_address_past_the_record(client, user):
    sign_in(client, PASSWORD)

    response = client.post("/accounts/email/", {"action_add": "", "email": "rana@elsewhere.example"})

    assert (response.status_code, response["Location"]) == (302, "/settings/")


@pytest.mark.django_db
def test_whether_an_address_is_known_is_not_told(client, mailoutbox):
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert response.status_code == 302
    assert mailoutbox == []


class TestInTheBrowser:
    def test_the_page_has_no_faults_for_axe(self, page, axe):
        page.goto("/accounts/login/")

        assert axe(page) == []

    def test_axe_finds_a_fault_that_is_there(self, page, axe):
        page.goto("/accounts/login/")
        page.evaluate("document.documentElement.removeAttribute('lang')")

        assert [line.partition(":")[0] for line in axe(page)] == ["html-has-lang"]

    def test_signing_in_by_keyboard_alone(self, page, user, live_server):
        page.goto("/accounts/login/")
        page.locator("[name=login]").focus()
        page.keyboard.type("rana@example.org")
        page.locator("[name=password]").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_url(f"{live_server.url}/")
        [session] = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
        assert session["httpOnly"]
