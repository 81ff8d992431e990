"""Saving a workbook so that the same rows always give the same bytes."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import zipfile
from typing import IO, Any

# The earliest moment that a ZIP file knows. When a file was taken out stands in the audit trail.
NO_DATE = dt.datetime(1980, 1, 1)  # noqa: DTZ001 - openpyxl and ZIP know no time zones


def saved(workbook: Any) -> IO[bytes]:
    """The workbook in an open temporary file that vanishes when it is closed.

    Neither the moment of saving nor anything else of the machine stands in it, so that two exports
    can be compared byte by byte.
    """
    # Loaded when needed: it takes a moment.
    from openpyxl.writer.excel import ExcelWriter

    workbook.properties.created = workbook.properties.modified = NO_DATE
    file = tempfile.TemporaryFile()
    # This is what Workbook.save() does, but for the dates. The writer closes the archive.
    ExcelWriter(workbook, _Dateless(file, "w", zipfile.ZIP_DEFLATED)).save()
    file.seek(0)
    return file


class _Dateless(zipfile.ZipFile):
    """An archive whose entries say nothing of when they were written."""

    def writestr(self, name: Any, data: Any, *_args: Any, **_more: Any) -> None:
        super().writestr(_entry(name), data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, name: Any = None, *_args: Any, **_more: Any) -> None:
        with open(filename, "rb") as source, self.open(_entry(name or filename), "w") as target:
            shutil.copyfileobj(source, target)


def _entry(name: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(str(name), NO_DATE.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
