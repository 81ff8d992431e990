"""Opens received files in a child process with limits on time and memory. No Django models.

`inspect` answers whether a file is what it says; `read` gives its pages one by one; `read_form` says
what was filled into it. What goes wrong in the child, a crash and an endless loop included, comes back as UnreadableFile.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop as _

PARSER = Path(__file__).with_name("document_parser")
CHECK_SECONDS = 30
READ_SECONDS = 600
MAX_LINE = 4_000_000  # bytes; a line is one page

# code -> sentence, translated where it is shown.
REASONS = {
    "damaged": _("The file is damaged or is not what its name says; it could not be opened."),
    "encrypted": _("The file is protected by a password. Save a copy without one."),
    "no_pages": _("The file has no pages."),
    "too_many_pages": _("The file has more than 1,000 pages. Divide it into several files."),
    "bomb": _("The file would unpack to far more than it should hold. Save it anew or send a PDF."),
    "nested": _("The file contains another archive. Send the files in it one by one."),
    "macros": _("The file contains macros. Save it without them, as .docx or .xlsx."),
    "not_office": _("The file is a ZIP archive, not a Word or Excel file."),
    "no_fields": _(
        "There are no fields in this PDF. It may have been printed or scanned; upload the file that you filled in."
    ),
    "xfa": _("This PDF is a form of another kind (XFA). Fill in the file as you took it from here."),
    "is_docx": _("The file is a Word document, but its name does not end in .docx."),
    "is_xlsx": _("The file is an Excel workbook, but its name does not end in .xlsx."),
    "memory": _("Opening the file needs too much memory."),
    "time": _("Opening the file takes too long."),
    "crash": _("The program that opens such files broke on it."),
}


class UnreadableFile(Exception):
    """The file cannot be opened or read; `code` is a key of REASONS, the message its English sentence."""

    def __init__(self, code, detail=""):
        self.code = code if code in REASONS else "damaged"
        self.detail = detail
        super().__init__(REASONS[self.code])


@dataclass(frozen=True)
class ReadPage:
    """One page, heading or sheet. `picture` is a file in the directory given to `read`, or None."""

    number: int
    title: str
    text: str
    picture: Path | None
    width: int | None
    height: int | None


def inspect(path, kind, *, seconds=CHECK_SECONDS):
    """The number of pages of a PDF, None for other kinds; raises UnreadableFile."""
    with _child(["check", kind, str(path)], seconds) as messages:
        for message in messages:
            if "done" in message:
                return message["done"]
    raise UnreadableFile("crash")


def read(path, kind, directory, *, seconds=READ_SECONDS):
    """Yield a ReadPage for every page, in order, as they are made. Pictures lie in `directory`.

    Raises UnreadableFile, also after some pages have come.
    """
    with _child(["read", kind, str(path), str(directory)], seconds) as messages:
        for message in messages:
            if "done" in message:
                return
            name = message.get("picture")
            yield ReadPage(
                number=message["page"],
                title=message["title"],
                text=message["text"],
                picture=Path(directory) / name if name else None,
                width=message.get("width"),
                height=message.get("height"),
            )
    raise UnreadableFile("crash")


def read_form(path, kind, *, seconds=CHECK_SECONDS):
    """Yield what `document_parser.form_fields` says of the fields or cells of a form; raises UnreadableFile."""
    with _child(["form", kind, str(path)], seconds) as messages:
        for message in messages:
            if "done" in message:
                return
            yield message
    raise UnreadableFile("crash")


@contextmanager
def _child(arguments, seconds):
    """The messages of one run of the parser. The process is gone when the block ends."""
    process = subprocess.Popen(  # noqa: S603 (our own program; no shell)
        [sys.executable, "-I", str(PARSER), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=PARSER.parent,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    timed_out = threading.Event()

    def give_up():
        timed_out.set()
        _kill(process)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield _messages(process.stdout)
    except UnreadableFile as problem:
        if timed_out.is_set():
            raise UnreadableFile("time") from None
        raise problem from None
    finally:
        timer.cancel()
        _kill(process)
        process.stdout.close()
        process.wait()


def _messages(stream):
    """What the child says; the end without a last word is a crash."""
    while True:
        line = stream.readline(MAX_LINE)
        if not line:
            raise UnreadableFile("crash")
        try:
            message = json.loads(line)
        except ValueError:
            raise UnreadableFile("crash") from None
        if "refused" in message:
            raise UnreadableFile(message["refused"], message.get("detail", ""))
        yield message


def _kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # it has ended (macOS says so by refusing)
