"""What the kinds of reports have in common: their options, their makers, and the finished document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import ReportKind
from checklist.naming import by_letter
from checklist.selectors.letterheads import Look
from checklist.selectors.redactions import hidden_words
from checklist.sensitive import LEFT_OUT, without
from screening.pdf import EmbeddedFile, prepare_pdf

A4, LETTER = PAPERS = ("a4", "letter")
NAMED, LETTERS = NAMES = ("named", "letters")

# Modules are named, not imported: makers read views' addresses and each other's values.
MAKERS = {
    ReportKind.SCORECARD: "checklist.reporting.scorecard.MAKER",
    ReportKind.PROPOSAL: "checklist.reporting.proposal.MAKER",
    ReportKind.ROUND: "checklist.reporting.round.MAKER",
    ReportKind.FEEDBACK: "checklist.reporting.feedback.MAKER",
    ReportKind.QUESTIONS: "checklist.reporting.questions.MAKER",
    ReportKind.DECISION: "checklist.reporting.decision.MAKER",
}


class UnknownReport(ValueError):
    """There is no report of this kind, or the options name something there is not."""


@dataclass(frozen=True)
class Options:
    """How a report is to look. `names` says whether reviewers stand by name or as A, B, C."""

    language: str
    paper: str = A4
    names: str = NAMED

    def __post_init__(self) -> None:
        known = self.language in dict(settings.LANGUAGES) and self.paper in PAPERS and self.names in NAMES
        if not known:
            raise UnknownReport(self.key)

    @property
    def key(self) -> str:
        """ "en.a4.named": stands in job keys and addresses."""
        return f"{self.language}.{self.paper}.{self.names}"

    @classmethod
    def from_key(cls, key: str) -> Options:
        """The reverse of `key`. Raises UnknownReport."""
        parts = key.split(".")
        if len(parts) != 3:
            raise UnknownReport(key)
        return cls(*parts)


@dataclass(frozen=True)
class Stamp:
    """Under which number and when a report left the house, and the number of the issue it replaces, or ""."""

    number: str
    issued_at: datetime
    supersedes: str = ""

    @property
    def line(self) -> str:
        """What stands at the foot of every page, in the language in force."""
        said = _("%(number)s, issued %(day)s") % {
            "number": self.number,
            "day": date_format(self.issued_at.astimezone(UTC), "j F Y"),
        }
        if self.supersedes:
            said += ", " + _("replaces %(number)s") % {"number": self.supersedes}
        return said

    def to_json(self) -> str:
        moment = self.issued_at.astimezone(UTC).isoformat(timespec="seconds")
        return json.dumps({"number": self.number, "issued_at": moment, "supersedes": self.supersedes}, indent=1)


class Report(Protocol):
    """What every `build` gives: frozen values, all words in the language of the report.

    `dated_at` is the time of the newest thing the report shows, never the time it is made, so that the
    same state gives the same bytes.
    """

    reference: str
    title: str
    language: str
    dated_at: datetime

    def to_json(self) -> str: ...


@dataclass(frozen=True)
class Maker:
    """One kind of report.

    `load(pk)` gives the subject with what the other functions read, or None. `may_read(user, subject)`
    says whether the person may know of it (else 404) and make it. `build(subject, options, user)` gathers
    the values as this person may see them. `holders(subject)` names what an IssuedReport belongs to.
    `back(subject)` is (words, address) of the page it is reached from.
    """

    kind: ReportKind
    template: str
    load: Callable[[int], Any]
    may_read: Callable[[Any, Any], bool]
    build: Callable[[Any, Options, Any], Any]
    holders: Callable[[Any], dict[str, Any]]
    back: Callable[[Any], tuple[str, str]]
    # Which options are offered; a letter to an applicant names no reviewers at all.
    offers: tuple[str, ...] = field(default=("language", "paper", "names"))
    # Values the template needs beside the report, the letterhead for example.
    context: Callable[[Any, Options], dict[str, Any]] = field(default=lambda subject, options: {})
    # The letterhead under which it stands: all of it on a letter, name, logo and colour on other reports.
    letterhead: Callable[[Any], Look | None] = field(default=lambda subject: None)


@lru_cache(maxsize=16)
def maker_of(kind: str) -> Maker:
    """The maker of a kind. Raises UnknownReport."""
    try:
        return import_string(MAKERS[ReportKind(kind)])
    except (ValueError, KeyError) as unknown:
        raise UnknownReport(kind) from unknown


def subject_key(maker: Maker, subject: Any, options: Options) -> str:
    """One line of issues: of this kind and subject, in this language, with these names and on this paper.

    "-" stands where there is no choice. Before the paper was named, it was left out: see `issued.series_of`.
    """
    chosen = [getattr(options, each) if each in maker.offers else "-" for each in ("language", "names", "paper")]
    return ":".join([str(maker.kind), str(subject.pk), *chosen])


def document_of(maker: Maker, subject: Any, options: Options, report: Report, stamp: Stamp | None = None) -> Any:
    """The PDF of a report that was built, described but not yet made.

    What an officer left out of the reports on its proposal or round is left out here, of the data inside too.
    With a stamp it is the issue of that number: the same state and stamp give the same bytes.
    """
    hidden, look = hidden_words(maker.holders(subject)), maker.letterhead(subject)
    if "names" not in maker.offers:
        # To an applicant a reviewer is nobody, not even a letter.
        hidden = dict.fromkeys(hidden, "")
    return describe(maker, options, report, hidden=hidden, look=look, stamp=stamp, **maker.context(subject, options))


def describe(maker: Maker, options: Options, report: Report, *, hidden=None, look=None, stamp=None, **more: Any) -> Any:
    """The same from what was read already: the words left out, the letterhead, and what else the template needs."""
    # A letter that was sent keeps its language, whatever is asked for.
    language = report.language
    with override(language):
        left_out, line = _("[left out]"), stamp.line if stamp else ""
        instead = {words: by_letter(letter) for words, letter in (hidden or {}).items() if letter}
    report = without(report, hidden or {}, left_out, instead)
    data = [EmbeddedFile(f"{report.reference.replace('/', '-')}.json", report.to_json(), report.title)]
    if stamp:
        data.append(EmbeddedFile("issue.json", stamp.to_json(), stamp.number))
    document = prepare_pdf(
        maker.template,
        {
            "report": report,
            "options": options,
            "printable": False,
            "paper": options.paper,
            "stamp": stamp,
            "issue_line": line,
            "look": look,
            **more,
        },
        title=report.title,
        language=language,
        created=report.dated_at,
        attachments=data,
        pictures=look.pictures if look else (),
        colour=look.colour if look else "",
    )
    return replace(document, html=with_bars(document.html, left_out))


_TAGS = re.compile(r"(<[^>]*>)")
# Where a mark-up of words would be text.
_PLAIN = ("title", "svg", "style")


def with_bars(html: str, left_out: str = LEFT_OUT) -> str:
    """Words that were left out as black bars, wherever they stand in running text."""
    words = escape(left_out)
    if words not in html:
        return html
    bar = format_html('<span class="left-out">{}</span>', words)
    parts, plain = [], 0
    for part in _TAGS.split(html):
        if part.startswith("<"):
            word = part.strip("</>").split(maxsplit=1)[0].casefold() if part.strip("</> ") else ""
            if word in _PLAIN and not part.endswith("/>"):
                plain += -1 if part.startswith("</") else 1
            parts.append(part)
        else:
            parts.append(part if plain else part.replace(words, bar))
    return "".join(parts)
