"""The settings of an installation, with the floor views beside our own."""

from screening.settings.base import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "benchmarks" / "templates")  # noqa: F405
# Rows that people wait for are logged in no benchmark.
LOGGING["handlers"]["console"] = {"class": "logging.NullHandler"}  # noqa: F405
