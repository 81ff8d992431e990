"""What the settings make of the environment, each time in a fresh interpreter."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

SHOW = """
import json, os, sys
import django
from django.conf import settings
database = dict(settings.DATABASES["default"])
names = sys.argv[1:]
print(json.dumps({name: database.get(name[3:]) if name.startswith("DB_") else getattr(settings, name) for name in names}, default=str))
"""


def load(*names: str, module: str = "base", code: int = 0, **environment: str):
    """The named settings (DB_X: entry X of the default database) under this environment."""
    shown = subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"screening.settings.{module}",
            "SECRET_KEY": "x" * 50,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.returncode == code, shown.stderr
    return json.loads(shown.stdout) if code == 0 else shown.stderr


def test_a_local_site_speaks_http_to_this_machine_only(tmp_path):
    found = load(
        "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
        SCREENING_DATA=str(tmp_path),
    )  # fmt: skip

    assert found == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
    }


@pytest.mark.parametrize(
    "environment",
    [{"SCREENING_ALLOWED_HOSTS": "screening.example.org"}, {"SCREENING_HTTPS": "1"}],
    ids=["host", "https"],
)
def test_a_site_that_others_reach_insists_on_https(tmp_path, environment):
    found = load(
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
        SCREENING_DATA=str(tmp_path), **environment,
    )  # fmt: skip

    assert found == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
    }


def test_production_wants_its_host_names(tmp_path):
    error = load("DEBUG", module="prod", code=1, SCREENING_DATA=str(tmp_path))

    assert "Set SCREENING_ALLOWED_HOSTS" in error


def test_reading_the_settings_makes_no_files(tmp_path):
    load("DEBUG", SCREENING_DATA=str(tmp_path / "data"))

    assert list(tmp_path.iterdir()) == []


class TestDatabase:
    def test_sqlite_takes_its_lock_at_the_beginning(self, tmp_path):
        found = load("DB_NAME", "DB_OPTIONS", SCREENING_DATA=str(tmp_path))

        assert found["DB_NAME"] == str(tmp_path / "db.sqlite3")
        assert found["DB_OPTIONS"] == {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }

    def test_postgresql_over_the_network(self, tmp_path):
        found = load(
            "DB_ENGINE", "DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", "DB_PORT", "DB_CONN_HEALTH_CHECKS",
            SCREENING_DATA=str(tmp_path), DATABASE_URL="postgres://donor:p%40ss@db.example.org:5433/screening",
        )  # fmt: skip

        assert found == {
            "DB_ENGINE": "django.db.backends.postgresql",
            "DB_NAME": "screening",
            "DB_USER": "donor",
            "DB_PASSWORD": "p@ss",
            "DB_HOST": "db.example.org",
            "DB_PORT": 5433,
            "DB_CONN_HEALTH_CHECKS": True,
        }

    def test_postgresql_over_a_socket(self, tmp_path):
        found = load(
            "DB_NAME", "DB_USER", "DB_HOST", "DB_OPTIONS",
            SCREENING_DATA=str(tmp_path), DATABASE_URL="postgres://donor@/screening?host=/run/postgresql",
        )  # fmt: skip

        assert found["DB_NAME"] == "screening"
        assert found["DB_USER"] == "donor"
        assert not found["DB_HOST"]
        assert found["DB_OPTIONS"] == {"host": "/run/postgresql"}


def test_rate_limits_are_counted_for_all_processes_together(tmp_path):
    found = load("CACHES", SCREENING_DATA=str(tmp_path))

    assert found["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


class TestEmail:
    def test_stays_in_the_data_directory(self, tmp_path):
        found = load("EMAIL_BACKEND", "EMAIL_FILE_PATH", SCREENING_DATA=str(tmp_path))

        assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
        assert found["EMAIL_FILE_PATH"] == str(tmp_path / "emails")

    def test_goes_to_the_server_that_is_named(self, tmp_path):
        found = load(
            "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS",
            SCREENING_DATA=str(tmp_path), EMAIL_URL="smtp+tls://user:secret@mail.example.org:587",
        )  # fmt: skip

        assert found == {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "mail.example.org",
            "EMAIL_PORT": 587,
            "EMAIL_USE_TLS": True,
        }


def test_every_own_setting_is_explained():
    import re
    from pathlib import Path

    from screening.settings import base

    used = set()
    for path in Path(base.__file__).parent.glob("*.py"):
        used |= set(re.findall(r'env\.\w+\("(SCREENING_\w+)"', path.read_text()))

    assert used
    assert {name for name in used if not re.search(rf"^{name} ", base.__doc__, re.MULTILINE)} == set()
