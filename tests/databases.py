"""What takes long to make and is the same for all: made once in a test run, copied by every process."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.screening.test_serve import environment


def shared_folder(base: Path) -> Path:
    """The directory that all processes of this run see; `base` is pytest's directory of this one."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def migrated(folder: Path) -> Path:
    """An SQLite file with all tables and nothing in them, as `migrate` makes it."""
    return _made_once(folder / "migrated", lambda data: _manage(data, "migrate", "-v0")) / "db.sqlite3"


def prepared(folder: Path) -> Path:
    """A data directory without people: tables, instruments, static files."""

    def prepare(data: Path) -> None:
        data.mkdir(mode=0o700)
        shutil.copy(migrated(folder), data)
        _manage(data, "prepare")

    return _made_once(folder / "prepared", prepare)


def _made_once(target: Path, make: Callable[[Path], None]) -> Path:
    with _locked(target.with_suffix(".lock")):
        if not target.exists():
            unfinished = target.with_suffix(".unfinished")
            make(unfinished)
            unfinished.rename(target)
    return target


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _manage(data: Path, *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment(data), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
