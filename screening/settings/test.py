"""For the tests: quick, quiet, nothing outside temporary directories."""

import os
import tempfile
from pathlib import Path

# Both before the defaults are read: tests neither touch the data directory nor make a key.
os.environ["SCREENING_DATA"] = str(Path(tempfile.gettempdir()) / f"screening-tests-{os.getpid()}")
os.environ["SECRET_KEY"] = "only-for-tests-" + "0123456789abcdef" * 4
os.environ["SCREENING_DEMO"] = "0"

from screening.settings.base import *  # noqa: F403 (reads the lines above)
from tests.strict_templates import UndefinedVariable

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")  # noqa: F405
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

_database = DATABASES["default"]  # noqa: F405
_database["CONN_MAX_AGE"] = 0
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the live server of browser tests has connections of its own.
    _database["TEST"] = {"NAME": str(SCREENING_DATA / "test.sqlite3")}  # noqa: F405
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

LOGGING["handlers"]["file"] = {"class": "logging.NullHandler"}  # noqa: F405
