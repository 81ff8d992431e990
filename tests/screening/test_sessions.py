"""Sessions are read by a statement of our own; it finds what Django's own store finds."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangosOwn
from django.contrib.sessions.models import Session
from django.utils import timezone

from screening.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored(**values):
    session = DjangosOwn()
    session.update(values)
    session.save()
    return session.session_key


def test_a_live_session_is_read_in_one_query(django_assert_num_queries):
    key = stored(name="Nok", rounds=[1, 2])

    with django_assert_num_queries(1):
        found = dict(SessionStore(key).items())

    assert found == {"name": "Nok", "rounds": [1, 2]} == dict(DjangosOwn(key).items())


@pytest.mark.parametrize("seconds", [-1, -3600])
def test_an_expired_session_is_none(seconds):
    key = stored(name="Nok")
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + timedelta(seconds=seconds))
    store = SessionStore(key)

    assert dict(store.items()) == {}
    assert store.session_key is None


@pytest.mark.parametrize("key", ["a" * 32, "' OR 1=1 --      "])
def test_an_unknown_session_is_none(key):
    stored(name="Nok")

    assert dict(SessionStore(key).items()) == {}


def test_what_is_written_is_read_again():
    session = SessionStore()
    session["name"] = "Nok"
    session.save()

    again = SessionStore(session.session_key)
    again["name"] = "Dao"
    again.save()

    assert SessionStore(session.session_key)["name"] == "Dao"


def test_the_site_uses_them(settings):
    assert settings.SESSION_ENGINE == "screening.sessions"


def test_a_cookie_that_no_database_can_look_for_is_no_session():
    """Quoted, a cookie may name any sign by its number."""
    store = SessionStore("\0bcdefghijk")

    assert dict(store.items()) == {}
    assert store.session_key is None
