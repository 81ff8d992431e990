"""Files that no row names: what a worker leaves behind that is killed between writing a file and noting it.

Files of rows lie in documents/ (see `storage_name`); some are written to tmp/ first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models

# Whatever is being written now is younger.
OLDER_THAN_SECONDS = 24 * 3600
AT_ONCE = 500
# So many are no sign of a wrong database.
FEW = 50

logger = logging.getLogger(__name__)


def clear_orphans(*, now: float | None = None) -> int:
    """Delete files older than a day that no row names, and return how many they were.

    Where they are most of the store, or all of it, it belongs to another database: nothing is deleted then.
    """
    if not isinstance(default_storage, FileSystemStorage):  # another store has no folders to look through
        return 0
    before = (time.time() if now is None else now) - OLDER_THAN_SECONDS
    root = Path(default_storage.location)
    kept, unfinished, orphans = 0, list(_old_files(root / "tmp", root, before)), []
    for names in _several(_old_files(root / "documents", root, before)):
        unnamed = _unnamed(names)
        kept += len(names) - len(unnamed)
        orphans += unnamed
    if orphans and (not kept or len(orphans) > max(kept, FEW)):
        logger.error("%s files in the store are named by no row, %s are: is this its database?", len(orphans), kept)
        return 0
    for name in [*unfinished, *orphans]:
        default_storage.delete(name)
    if unfinished or orphans:
        logger.info("%s files that no row names were deleted from the store", len(unfinished) + len(orphans))
    return len(unfinished) + len(orphans)


def _several(names: Iterator[str]) -> Iterator[list[str]]:
    while several := list(islice(names, AT_ONCE)):
        yield several


def _old_files(folder: Path, root: Path, before: float) -> Iterator[str]:
    """Names, as rows hold them, of files that were last written before this moment."""
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < before:
                yield path.relative_to(root).as_posix()
        except FileNotFoundError:  # somebody else was quicker
            continue


def _unnamed(names: list[str]) -> list[str]:
    """Those that no row names."""
    named: set[str] = set()
    for field in _file_fields():
        rows = field.model._base_manager.filter(**{f"{field.name}__in": names})
        named.update(rows.values_list(field.name, flat=True))
    return [name for name in names if name not in named]


def _file_fields() -> list[models.FileField]:
    """Every field of every model that names a file."""
    found = (field for model in apps.get_models() for field in model._meta.local_fields)
    return [field for field in found if isinstance(field, models.FileField)]
