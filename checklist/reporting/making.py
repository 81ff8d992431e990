"""What the kinds of reports have in common: their options, their makers, and the finished document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from checklist.enums import ReportKind
from screening.pdf import EmbeddedFile, prepare_pdf

A4, LETTER = PAPERS = ("a4", "letter")
NAMED, LETTERS = NAMES = ("named", "letters")

# Modules are named, not imported: makers read views' addresses and each other's values.
MAKERS = {
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


class Report(Protocol):
    """What every `build` gives: frozen values, all words in the language of the report.

    `dated_at` is the time of the newest thing the report shows, never the time it is made, so that the
    same state gives the same bytes.
    """

    reference: str
    title: str
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


@lru_cache(maxsize=16)
def maker_of(kind: str) -> Maker:
    """The maker of a kind. Raises UnknownReport."""
    try:
        return import_string(MAKERS[ReportKind(kind)])
    except (ValueError, KeyError) as unknown:
        raise UnknownReport(kind) from unknown


def subject_key(maker: Maker, subject: Any, options: Options) -> str:
    """One line of issues: of this kind, of this subject, in this language and with these names."""
    return f"{maker.kind}:{subject.pk}:{options.language}:{options.names}"


def document_of(maker: Maker, subject: Any, options: Options, report: Report) -> Any:
    """The PDF of a report that was built, described but not yet made."""
    title = report.title
    data = EmbeddedFile(f"{report.reference.replace('/', '-')}.json", report.to_json(), title)
    context = {"report": report, "options": options, "printable": False, **maker.context(subject, options)}
    return prepare_pdf(
        maker.template,
        context,
        title=title,
        language=options.language,
        created=report.dated_at,
        attachments=[data],
    )
