"""Files that no row names go after a day; whatever a row names, or may name soon, stays."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from checklist.models import IssuedReport, Letterhead
from screening import orphans
from screening.management.commands import run_worker
from tests.factories import make_round

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _own_store(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def written(name, age=DAY + 60):
    default_storage.save(name, ContentFile(b"words"))
    then = time.time() - age
    os.utime(default_storage.path(name), (then, then))
    return name


def is_there(name):
    return default_storage.exists(name)


def named_by_a_row(name):
    IssuedReport.objects.create(
        kind="round", round=make_round("R"), content_key="k", file=name, sha256="0" * 64, size=5, page_count=1
    )
    return name


def test_what_a_killed_worker_left_goes_after_a_day():
    named_by_a_row(written("documents/ab/kept"))
    left = [written("documents/ab/left"), written("tmp/half.pdf")]
    young = [written("documents/ab/young", age=60), written("tmp/young.pdf", age=60)]

    assert orphans.clear_orphans() == 2

    assert [is_there(name) for name in left] == [False, False]
    assert [is_there(name) for name in young] == [True, True]


def test_what_a_row_of_any_model_names_stays():
    report, logo = named_by_a_row(written("documents/ab/report")), written("documents/cd/logo")
    Letterhead.objects.create(logo=logo)
    left = written("documents/ef/left")

    assert orphans.clear_orphans() == 1

    assert (is_there(report), is_there(logo), is_there(left)) == (True, True, False)


def test_nothing_else_in_the_store_is_touched():
    other = written("other/place")

    assert orphans.clear_orphans() == 0
    assert is_there(other)


def test_a_store_of_another_database_is_left_alone(monkeypatch):
    monkeypatch.setattr(orphans, "FEW", 2)
    named_by_a_row(written("documents/ab/kept"))
    names = [written(f"documents/ab/{n}") for n in range(3)]

    assert orphans.clear_orphans() == 0
    assert all(map(is_there, names))


def test_a_small_store_of_which_the_database_knows_nothing_is_left_alone():
    names = [written(f"documents/ab/{n}") for n in range(3)]

    assert orphans.clear_orphans() == 0
    assert all(map(is_there, names))


def test_the_daily_work_clears_them(monkeypatch):
    named_by_a_row(written("documents/ab/kept"))
    monkeypatch.setattr(run_worker, "call_command", lambda *_args, **_options: None)  # tests keep no task results
    left = written("documents/ab/left")

    run_worker.tidy()

    assert not is_there(left)
