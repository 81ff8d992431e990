"""Sign-in: nobody can sign up, guessing is slowed down over all processes, browsers can use it."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command

from screening import actions
from screening.audit import sentence
from screening.models import AuditEvent, User

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


def events():
    return list(AuditEvent.objects.filter(event__contains="sign").order_by("pk").values_list("event", flat=True))


def test_signing_in_and_out_is_on_record(client, user):
    sign_in(client, PASSWORD)
    client.post("/accounts/logout/")

    assert events() == ["signed_in", "signed_out"]
    assert set(AuditEvent.objects.filter(event__startswith="signed").values_list("actor_id", "subject_id")) == {
        (user.pk, str(user.pk))
    }


def test_a_failure_is_on_record_at_the_account_without_what_was_typed(client, user):
    sign_in(client, "something else")

    [event] = AuditEvent.objects.filter(event="sign_in_failed")
    assert (event.subject_id, event.actor_id, event.actor_label) == (str(user.pk), None, "Screening")
    assert sentence(event) == "Somebody failed to sign in as Rana"
    assert (event.before, event.after, event.note) == (None, None, "")


def test_of_an_unknown_address_nothing_is_kept(client, user, caplog):
    client.post("/accounts/login/", {"login": "nobody@example.org", "password": PASSWORD})

    assert events() == []
    assert "nobody@example.org" not in caplog.text


def test_whoever_may_not_sign_in_any_more_is_nobody(client, user):
    sign_in(client, PASSWORD)
    user.is_active = False
    user.save()

    assert client.get("/")["Location"].startswith("/accounts/login/")


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


def test_a_failed_second_step_is_on_record_at_the_account(client, user):
    TOTP.activate(user, generate_totp_secret())

    sign_in(client, PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    [event] = AuditEvent.objects.filter(event="second_step_failed")
    assert (event.subject_id, event.actor_id) == (str(user.pk), None)
    assert "signed_in" not in events()
    assert sentence(event) == "Somebody failed the second step of signing in as Rana"
    assert (event.before, event.after, event.note) == (None, None, "")
