"""Opens a file that came back: what stands in its fields, under their names.

The file is opened in a child process with limits on time and memory, after the first look that
every received file gets. No database.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from proposals.document_checks import CheckedFile, RefusedFile, check_file, clean_name, on_disk
from proposals.document_reading import UnreadableFile, read_form

from .plan import ASSESSMENT, TOKEN, VERSIONS
from .workbook import KEYS, SHEET

MAX_BYTES = 10 * 1024 * 1024
# Whoever uploads waits for it.
ALL_SECONDS = 60
ONE_SECONDS = 20
KINDS = (".pdf", ".xlsx")
# What the parser says of files that no form is: the advice for documents would mislead.
TOO_MUCH = ("bomb", "nested", "too_many_pages")
MACROS = (".xlsm", ".xltm", ".xlsb")


class Spoiled(Exception):
    """The file cannot be taken over; the message says why and what to do."""


@dataclass(frozen=True)
class ReadForm:
    """What stands in a file. `questions` are the words it asks with, by the name of the field."""

    token: str
    assessment: str
    versions: str
    values: dict[str, list[str]]
    questions: dict[str, str]
    pages: str = ""
    data_token: str = ""


@dataclass(frozen=True)
class UploadedForm:
    """One uploaded file: what was read, or why it could not be."""

    name: str
    sha256: str
    file: CheckedFile | None
    form: ReadForm | None
    problem: str = ""


class Clock:
    """The time that all files of one upload may take together, and one of them."""

    def __init__(self) -> None:
        self._until = time.monotonic() + ALL_SECONDS

    def seconds(self) -> float:
        """How long the next step may take. Raises Spoiled where no time is left."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise Spoiled(_("The files before it took all the time there is. Upload this one again."))
        return min(left, ONE_SECONDS)


def read_uploads(files) -> list[UploadedForm]:
    """Look at the files of one upload, one after the other, for about a minute at most."""
    clock = Clock()
    return [read_upload(file, file.name, clock) for file in files]


def read_upload(file, name, clock: Clock | None = None) -> UploadedForm:
    """Look at one uploaded file; never raises for what is wrong with it."""
    name, clock = clean_name(name), clock or Clock()
    try:
        checked = _checked(file, name, clock)
    except (RefusedFile, Spoiled) as problem:
        return UploadedForm(name, "", None, None, _own_words(problem.__cause__) or str(problem))
    kind = PurePosixPath(name).suffix.lower().removeprefix(".")
    try:
        with on_disk(checked.file) as path:
            found = list(read_form(path, kind, seconds=clock.seconds()))
        form = _pdf_form(found) if kind == "pdf" else _workbook_form(found)
    except UnreadableFile as problem:
        return UploadedForm(name, checked.sha256, checked, None, _own_words(problem) or _(str(problem)))
    except Spoiled as problem:
        return UploadedForm(name, checked.sha256, checked, None, str(problem))
    return UploadedForm(name, checked.sha256, checked, form)


def _checked(file, name, clock):
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in MACROS:
        raise RefusedFile(_macros())
    if suffix not in KINDS:
        raise RefusedFile(_("This is neither a PDF nor an Excel file (.xlsx). Upload the form itself."))
    if file.size > MAX_BYTES:
        raise RefusedFile(_("The file is larger than %(n)s MB; no form is.") % {"n": MAX_BYTES // 1024**2})
    return check_file(file, name, seconds=clock.seconds())


def _pdf_form(found):
    fields = [each for each in found if "field" in each]
    values: dict[str, list[str]] = {}
    for each in fields:
        # A name that stands twice: what both say alike is said once, and nothing is left out.
        said = values.setdefault(each["field"], [])
        said.extend(value for value in each["values"] if value not in said)
    if TOKEN not in values:
        raise Spoiled(_not_ours())
    if any(len(values.get(name, [])) > 1 for name in (TOKEN, ASSESSMENT, VERSIONS)):
        raise Spoiled(mixed_forms())
    questions = {each["field"]: each["tooltip"] for each in fields}
    pages = "\n".join(each["text"] for each in found if "text" in each)
    token, assessment, versions = (_only(values.pop(name, [])) for name in (TOKEN, ASSESSMENT, VERSIONS))
    data = next((each["data"] for each in found if "data" in each), "")
    return ReadForm(token, assessment, versions, values, questions, pages, data)


def _workbook_form(found):
    """The cells of the form by their names, as the hidden sheet says."""
    formula = next((each["formula"] for each in found if "formula" in each), "")
    rows = {(each["sheet"], each["row"]): each["cells"] for each in found if "sheet" in each}
    keys = _Keys([cells for (sheet, _row), cells in sorted(rows.items()) if sheet == KEYS])
    if not keys.facts.get(TOKEN):
        raise Spoiled(_not_ours())
    if formula:
        raise Spoiled(
            _("The cell %(cell)s holds a formula. Type the answer itself.") % {"cell": formula.rpartition("!")[2]}
        )
    values, questions = {}, {}
    for name, (row, column) in keys.places.items():
        cells = rows.get((SHEET, row), [])
        values[name] = [cells[column - 1]] if column <= len(cells) else [""]
        questions[name] = cells[1] if len(cells) > 1 else ""
    facts = (keys.facts.get(name, "") for name in (TOKEN, ASSESSMENT, VERSIONS))
    return ReadForm(*facts, values, questions)


@dataclass
class _Keys:
    """The hidden sheet: facts in two columns, places in three."""

    lines: list[list[str]]
    facts: dict[str, str] = field(init=False, default_factory=dict)
    places: dict[str, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self):
        for name, first, second, *_rest in (line + ["", ""] for line in self.lines if len(line) > 1):
            if not second:
                self.facts[name] = first
            elif first.isdecimal() and second.isdecimal() and len(first + second) < 10:
                self.places[name] = (int(first), max(1, int(second)))


def _own_words(problem):
    """Why a file could not be opened, where the words for documents do not fit a form; else ""."""
    code = getattr(problem, "code", "")
    if code == "macros":
        return _macros()
    if code in TOO_MUCH:
        return _("This file holds far more than a form does. Upload the form as you took it from here, filled in.")
    return ""


def _macros():
    return _("Files with macros are not taken. Save the form as .xlsx and upload that.")


def _not_ours():
    return _("This is not one of our forms. Upload the form that you took from here, filled in.")


def mixed_forms():
    return _("Two different forms are mixed in this file. Upload the form as you took it from here.")


def _only(values):
    return values[0] if len(values) == 1 else ""
