"""Is a received file what it says, and can it be taken? Looks at bytes; knows no models.

`check_file` is the only maker of a CheckedFile, and the only thing that `add_document` takes.
"""

import hashlib
import re
import tempfile
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from . import document_reading

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}
MAX_NAME = 200
START = 1024

PDF_START = re.compile(rb"^(\xef\xbb\xbf)?\s*%PDF-\d\.\d[ \t]*(%[^<\r\n]*)?[\r\n]")
MARKUP = re.compile(rb"<\s*(script|html|!doctype|svg|iframe|\?php)", re.IGNORECASE)
ZIP_START = b"PK\x03\x04"
OLD_OFFICE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A protected .docx is an old-style container that holds a stream of this name.
PROTECTED_STREAM = "EncryptedPackage".encode("utf-16-le")


class RefusedFile(Exception):
    """The file is not taken; the message says why, for people."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that was opened with a real parser and is what its name says."""

    file: File
    name: str
    media_type: str
    size: int
    sha256: str
    page_count: int | None


def check_file(file, name, *, seconds=document_reading.CHECK_SECONDS):
    """Return a CheckedFile for a Django `File`, or raise RefusedFile; opening it takes no longer than `seconds`."""
    name = clean_name(name)
    kind = _kind_by_name(name)
    size = file.size
    if not size:
        raise RefusedFile(_("The file is empty."))
    if size > max_size():
        raise RefusedFile(
            _("The file has %(size)s MB; at most %(limit)s MB are taken.")
            % {"size": -(-size // 1024**2), "limit": settings.SCREENING_MAX_DOCUMENT_MB}
        )
    _check_start(file, kind)
    sha256 = _fingerprint(file)
    try:
        with on_disk(file) as path:
            page_count = document_reading.inspect(path, kind, seconds=seconds)
    except document_reading.UnreadableFile as problem:
        raise RefusedFile(_(str(problem))) from problem
    file.seek(0)
    return CheckedFile(file, name, MEDIA_TYPES[kind], size, sha256, page_count)


def max_size():
    """In bytes."""
    return settings.SCREENING_MAX_DOCUMENT_MB * 1024**2


def clean_name(name):
    """The name to show: composed, one line, no path, nothing that turns the direction of text."""
    name = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    # Joiners are kept: Khmer, Persian and Indian words need them.
    shown = (c for c in name if c.isprintable() or c == " " or c in "\u200c\u200d")
    name = " ".join("".join(shown).split()).strip(". ")
    if len(name) > MAX_NAME:
        suffix = PurePosixPath(name).suffix[:10]
        name = name[: MAX_NAME - len(suffix)].rstrip(". ") + suffix
    return name or _("unnamed")


@contextmanager
def on_disk(file):
    """The path of the file's content, for another process; a copy where it is only in memory."""
    if hasattr(file, "temporary_file_path"):
        yield file.temporary_file_path()
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        file.seek(0)
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy.name


def _kind_by_name(name):
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    if suffix in MEDIA_TYPES:
        return suffix
    if suffix in ("docm", "xlsm", "dotm", "xltm", "xlsb"):
        raise RefusedFile(_("Files with macros are not taken. Save it as .docx or .xlsx."))
    if suffix in ("doc", "rtf", "odt", "pages"):
        raise RefusedFile(_("Files of this kind are not taken. Save it as .docx or PDF."))
    if suffix in ("xls", "ods", "csv", "numbers"):
        raise RefusedFile(_("Files of this kind are not taken. Save it as .xlsx or PDF."))
    raise RefusedFile(_("Only PDF, Word (.docx) and Excel (.xlsx) files are taken."))


def _check_start(file, kind):
    """What the first bytes say already; the parser has the last word."""
    file.seek(0)
    start = file.read(START)
    if start.startswith(OLD_OFFICE_START):
        _refuse_old_office(file)
    if kind == "pdf":
        if b"%PDF-" not in start:
            raise RefusedFile(_("The name ends in .pdf, but the file is not a PDF."))
        before_first_object = start.split(b" obj", 1)[0]
        if not PDF_START.match(start) or MARKUP.search(before_first_object):
            raise RefusedFile(_("The file begins like a PDF but has other content mixed in. Save it as PDF anew."))
    elif not start.startswith(ZIP_START):
        raise RefusedFile(
            _("The name ends in .%(suffix)s, but the file is not a Word or Excel file.") % {"suffix": kind}
        )


def _refuse_old_office(file):
    file.seek(0)
    # At most the size limit, which was checked before.
    if PROTECTED_STREAM in file.read():
        raise RefusedFile(_(document_reading.REASONS["encrypted"]))
    raise RefusedFile(_("The file is in the format of old Word or Excel. Save it as .docx, .xlsx or PDF."))


def _fingerprint(file):
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
