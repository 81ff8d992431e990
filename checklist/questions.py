"""Questions to applicants: what reviewers could not judge, merged, and what a letter with questions holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from checklist.sensitive import as_whole, spans_of

# Where the numbered questions stand in the text of a letter; at its end where it is left out.
QUESTIONS_PLACE = "{questions}"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Asked:
    """One thing that one assessment could not judge, in the reviewer's words; `order` is its place in the form.

    `part` is the label of a sub-question ("8c") or "". `wording` is what the instrument asks there.
    """

    assessment_pk: int
    criterion_pk: int
    order: tuple[int, int]
    number: str
    title: str
    part: str
    wording: str
    text: str


@dataclass(frozen=True)
class Words:
    """The same words, once, with the assessments that hold them; an empty text is "not enough information" alone."""

    part: str
    text: str
    wording: str
    assessments: tuple[int, ...]


@dataclass(frozen=True)
class Candidate:
    """What could be asked about one criterion: everybody's words on it, those of its parts too."""

    criterion_pk: int
    number: str
    title: str
    words: tuple[Words, ...]

    @property
    def assessments(self) -> tuple[int, ...]:
        """Each assessment once."""
        return tuple(dict.fromkeys(pk for words in self.words for pk in words.assessments))

    @property
    def suggestion(self) -> str:
        """What to begin the wording with: the reviewers' words, or the instrument's where nobody gave any."""
        said = [words.text for words in self.words if words.text]
        return "\n".join(dict.fromkeys(said or [words.wording for words in self.words]))


def merge_questions(asked: Iterable[Asked], taken: Iterable[tuple[int, int]] = ()) -> list[Candidate]:
    """One Candidate per criterion, in the order of the form, without what was taken up already.

    `taken` holds (assessment id, criterion id). Words that differ in case or spaces only are the same.
    """
    taken = set(taken)
    by_criterion: dict[int, list[Asked]] = {}
    for each in sorted(asked, key=lambda each: each.order):
        if (each.assessment_pk, each.criterion_pk) not in taken:
            by_criterion.setdefault(each.criterion_pk, []).append(each)
    return [
        Candidate(pk, found[0].number, found[0].title, tuple(_merged_words(found)))
        for pk, found in by_criterion.items()
    ]


def _merged_words(found: list[Asked]) -> Iterable[Words]:
    groups: dict[tuple[str, str], list[Asked]] = {}
    for each in found:
        groups.setdefault((each.part, " ".join(each.text.split()).casefold()), []).append(each)
    for same in groups.values():
        pks = tuple(dict.fromkeys(each.assessment_pk for each in same))
        yield Words(same[0].part, same[0].text.strip(), same[0].wording, pks)


# -- What leaves the house ----------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionLetterContent:
    """Everything that a letter with questions says, in its language: for the e-mail, the preview and the PDF.

    `paragraphs` stand before the numbered questions and `closing` after them; `reply_line` says
    until when an answer is asked for, or "".
    """

    language: str
    donor: str
    addressee: str
    recipient: str
    subject: str
    paragraphs: tuple[str, ...]
    questions: tuple[str, ...]
    closing: tuple[str, ...]
    reply_by: date | None
    reply_line: str
    contact_name: str
    contact_email: str
    dated_on: date
    proposal_reference: str
    proposal_title: str
    is_posted: bool = False

    @property
    def address(self) -> str:
        """To whom a letter on paper goes, line by line; an e-mail address has no place there."""
        return "\n".join(filter(None, (self.addressee, self.recipient if self.is_posted else "")))

    def as_text(self) -> str:
        """The text of the e-mail."""
        numbered = [f"{number}. {text}" for number, text in enumerate(self.questions, start=1)]
        signature = "\n".join(filter(None, (self.contact_name, self.donor, self.contact_email)))
        parts = (*self.paragraphs, *numbered, self.reply_line, *self.closing, signature)
        return "\n\n".join(part for part in parts if part) + "\n"


def fill_places(text: str, values: Mapping[str, str]) -> str:
    """The text with {donor}, {title} and so on filled in; a name that is not known stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_places(text: str) -> list[str]:
    """Places to fill in that are still there, but for where the questions stand."""
    return [found[0] for found in _PLACE.finditer(text) if found[0] != QUESTIONS_PLACE]


def body_parts(body: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(paragraphs before the questions, paragraphs after them)."""
    before, _place, after = body.partition(QUESTIONS_PLACE)
    return _paragraphs(before), _paragraphs(after)


def internal_words(texts: Iterable[str], internal: Iterable[str]) -> list[str]:
    """Those of the `internal` words that stand in one of the texts, as whole words and in any case."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    return [
        word
        for word in dict.fromkeys(" ".join(each.split()) for each in internal)
        if word and spans_of(re.compile(as_whole(word), re.IGNORECASE), joined)
    ]


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in re.split(r"\n\s*\n", text) if each.strip())
