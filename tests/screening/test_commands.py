"""create_administrator and prepare."""

import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from checklist.demo.content import read_content
from checklist.management.commands import create_demo
from screening import installation
from screening.demo import DEMO_ACCOUNTS
from screening.models import User

GOOD_PASSWORD = "seven quiet herons"


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for name in ("EMAIL", "NAME", "PASSWORD"):
        monkeypatch.delenv(f"SCREENING_ADMIN_{name}", raising=False)


@pytest.fixture
def _given(monkeypatch):
    monkeypatch.setenv("SCREENING_ADMIN_EMAIL", "first@example.org")
    monkeypatch.setenv("SCREENING_ADMIN_NAME", "Ana First")
    monkeypatch.setenv("SCREENING_ADMIN_PASSWORD", GOOD_PASSWORD)


@pytest.mark.django_db
class TestCreateAdministrator:
    @pytest.mark.usefixtures("_given")
    def test_takes_all_from_the_environment(self):
        call_command("create_administrator", stdout=io.StringIO())

        user = User.objects.get()
        assert (user.email, user.name, user.is_administrator) == ("first@example.org", "Ana First", True)
        assert user.check_password(GOOD_PASSWORD)

    def test_names_what_is_missing(self):
        with pytest.raises(CommandError, match="SCREENING_ADMIN_EMAIL"):
            call_command("create_administrator")
        with pytest.raises(CommandError, match="SCREENING_ADMIN_PASSWORD"):
            call_command("create_administrator", email="first@example.org")

        assert not User.objects.exists()

    @pytest.mark.usefixtures("_given")
    def test_refuses_a_weak_password(self, monkeypatch):
        monkeypatch.setenv("SCREENING_ADMIN_PASSWORD", "1234")

        with pytest.raises(CommandError, match="too short"):
            call_command("create_administrator")

        assert not User.objects.exists()

    @pytest.mark.usefixtures("_given")
    def test_refuses_the_same_address_twice(self):
        call_command("create_administrator", stdout=io.StringIO())

        with pytest.raises(CommandError, match="already"):
            call_command("create_administrator", stdout=io.StringIO())

        assert User.objects.count() == 1


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("SCREENING_DEMO")  # set by the test settings; here the marker decides
    settings.SCREENING_DATA = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "data" / "static"
    return tmp_path / "data"


def shortened(content):
    return replace(content, practice=(), proposals=content.proposals[:1])


@pytest.mark.django_db
class TestPrepare:
    @pytest.mark.usefixtures("_given")
    def test_makes_the_first_administrator_once(self, data):
        call_command("prepare", empty=True, stdout=io.StringIO())
        call_command("prepare", empty=True, stdout=io.StringIO())

        assert [user.email for user in User.objects.all()] == ["first@example.org"]
        assert (data / "static" / "css").is_dir()
        assert not installation.is_demo(data)

    @pytest.mark.usefixtures("_given")
    def test_an_empty_system_never_gets_the_demo_later(self, data):
        call_command("prepare", empty=True, stdout=io.StringIO())
        call_command("prepare", demo=True, stdout=io.StringIO())

        assert User.objects.count() == 1

    def test_the_demo_is_made_and_its_accounts_are_shown(self, data, monkeypatch):
        # One proposal of each round: the whole demo is looked at in tests/checklist/test_create_demo.py.
        monkeypatch.setattr(create_demo, "read_content", lambda folder: shortened(read_content(folder)))
        out = io.StringIO()

        call_command("prepare", demo=True, stdout=out)

        assert installation.is_demo(data)
        assert {account.email for account in DEMO_ACCOUNTS} <= set(User.objects.values_list("email", flat=True))
        for account in DEMO_ACCOUNTS:
            assert f"{account.email:<24}  {account.password}" in out.getvalue()

    @pytest.mark.usefixtures("_given")
    def test_the_demo_is_not_mistaken_for_an_empty_system(self, data):
        call_command("prepare", empty=True, stdout=io.StringIO())
        (data / installation.DEMO_MARKER).touch()

        with pytest.raises(CommandError, match="holds the demo") as refusal:
            call_command("prepare", empty=True, stdout=io.StringIO())

        assert refusal.value.returncode == 2

    def test_alone_makes_no_people(self, data):
        call_command("prepare", stdout=io.StringIO())

        assert not User.objects.exists()
