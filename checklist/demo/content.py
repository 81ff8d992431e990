"""Reads the invented round and proposals in `fixtures/demo`. Errors name file and line."""

from dataclasses import dataclass, field
from pathlib import Path

from checklist.demo.texts import Block, read_pages
from checklist.enums import Conclusion
from checklist.yaml_reading import InvalidFile, Section, read_sections
from proposals.enums import DocumentKind, ExploitationForm, FourP, Population, ProposalStatus, VictimContact

ROUND_FILE = "round.yaml"
# What a reviewer has done when the round is in review.
AT_REVIEW = ("submitted", "reopened", "draft", "declared", "assigned", "conflict", "declined", "withdrawn")
CLOSED = ("conflict", "declined", "withdrawn")
SUB_KEYS = ("a", "b", "c", "d")
# A budget has at most twelve digits.
LARGEST_NUMBER = 10**12 - 1


@dataclass(frozen=True)
class DemoRound:
    reference: str
    title: str
    donor: str
    description: str
    currency: str
    budget: int
    reviewers_wanted: int
    # Days from today.
    opens: int
    closes: int
    due: int
    # Slugs of the instruments to judge by; none: the default ones.
    instruments: tuple[str, ...] = ()
    # What makes a proposal eligible.
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoDocument:
    """A text for a PDF or DOCX, by the ending of its name; `pages` as they are to be broken."""

    key: str
    name: str
    kind: str
    pages: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class DemoEvidence:
    document: str
    page: str
    quote: str


@dataclass(frozen=True)
class DemoAnswer:
    answer: str
    why: str
    subs: dict[str, tuple[str, str]]
    evidence: tuple[DemoEvidence, ...]


@dataclass(frozen=True)
class DemoReview:
    """One reviewer on one proposal. `saved` counts the answers of a draft; `words` are the declaration or reason."""

    reviewer: str
    at_review: str
    words: str
    saved: int
    due: int | None
    conclusion: str
    because: str
    override: str
    answers: dict[str, DemoAnswer] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoProposal:
    file: str
    title: str
    applicant: str
    partners: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    starts: int
    months: int
    currency: str
    exploitation: tuple[str, ...]
    populations: tuple[str, ...]
    four_p: tuple[str, ...]
    victim_contact: str
    summary: str
    budget: tuple[tuple[str, str, int, int], ...]
    documents: tuple[DemoDocument, ...]
    reviews: tuple[DemoReview, ...]
    decided: str
    decided_note: str
    # Why it fails the last of the round's conditions; "" where it meets them all.
    ineligible: str

    @property
    def amount(self):
        """What the lines of the budget come to."""
        return sum(count * price for _line, _unit, count, price in self.budget)


@dataclass(frozen=True)
class DemoContent:
    round: DemoRound
    proposals: tuple[DemoProposal, ...]
    # For practice; what the chair says in them is the reference.
    practice: tuple[DemoProposal, ...] = ()


def read_content(folder: Path) -> DemoContent:
    """Everything in the folder. Raises InvalidFile."""
    files = sorted(path for path in folder.glob("*.yaml") if path.name != ROUND_FILE)
    practice = sorted((folder / "practice").glob("*.yaml"))
    return DemoContent(
        _read(folder / ROUND_FILE, _round),
        tuple(_read(path, _proposal) for path in files),
        tuple(_read(path, _proposal) for path in practice),
    )


def _read(path, make):
    top, errors = read_sections(path.read_text(encoding="utf-8"), path.name)
    made = make(top, path.stem)
    top.finish()
    if errors:
        raise InvalidFile(errors)
    return made


def _round(top, _stem):
    return DemoRound(
        reference=top.text("reference"),
        title=top.text("title"),
        donor=top.text("donor"),
        description=_flowing(top.text("description")),
        currency=top.text("currency"),
        budget=top.number("budget", LARGEST_NUMBER),
        reviewers_wanted=top.number("reviewers_wanted", LARGEST_NUMBER),
        opens=_days(top, "opens"),
        closes=_days(top, "closes"),
        due=_days(top, "due"),
        instruments=top.texts("instruments"),
        conditions=tuple(_flowing(each) for each in top.texts("conditions")),
    )


def _proposal(top, stem):
    return DemoProposal(
        file=stem,
        title=top.text("title"),
        applicant=top.text("applicant"),
        partners=top.texts("partners"),
        places=tuple(_place(each) for each in top.texts("places")),
        starts=_days(top, "starts"),
        months=top.number("months", LARGEST_NUMBER),
        currency=top.text("currency", "USD"),
        exploitation=_codes(top, "exploitation", ExploitationForm),
        populations=_codes(top, "populations", Population),
        four_p=_codes(top, "four_p", FourP),
        victim_contact=top.choice("victim_contact", VictimContact.values, "unknown"),
        summary=_flowing(top.text("summary")),
        budget=tuple(_budget_line(top, line) for line in top.texts("budget")),
        documents=tuple(_document(each) for each in top.sections("documents")),
        reviews=tuple(_review(name, each) for name, each in _children(top, "reviews")),
        decided=top.choice("decided", ProposalStatus.values),
        decided_note=_flowing(top.text("decided_note")),
        ineligible=_flowing(top.text("ineligible", "")),
    )


def _document(section):
    document = DemoDocument(
        key=section.text("key"),
        name=section.text("name"),
        kind=section.choice("kind", DocumentKind.values),
        pages=read_pages(section.text("text")),
    )
    section.finish()
    return document


def _review(name, section):
    review = DemoReview(
        reviewer=name,
        at_review=section.choice("at_review", AT_REVIEW),
        words=_flowing(section.text("words", "")),
        saved=section.number("saved", LARGEST_NUMBER) if "saved" in section else 0,
        due=_days(section, "due") if "due" in section else None,
        conclusion=section.choice("conclusion", ("", *Conclusion.values), ""),
        because=_flowing(section.text("because", "")),
        override=_flowing(section.text("override", "")),
        answers={key: _answer(each) for key, each in _children(section, "answers")},
    )
    section.finish()
    return review


def _answer(section):
    subs = {key: (section.text(key), section.text(f"{key}_text", "")) for key in SUB_KEYS if key in section}
    answer = DemoAnswer(
        answer=section.text("is"),
        why=_flowing(section.text("why", "")),
        subs=subs,
        evidence=tuple(_evidence(section, each) for each in section.texts("at")),
    )
    section.finish()
    return answer


def _evidence(section, text):
    """ "narrative 2: the words found there" """
    place, colon, quote = text.partition(": ")
    document, _space, page = place.partition(" ")
    if not (colon and page):
        section.error(f"evidence is written as 'document page: quote', not {text!r}", "at")
    return DemoEvidence(document, page, quote)


def _budget_line(section, line):
    """ "Shelter rent | month | 24 | 650" """
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != 4 or not (cells[2].isdigit() and cells[3].isdigit()):
        section.error(f"a line is written as 'what | unit | number | price', not {line!r}", "budget")
        return ("", "", 0, 0)
    return cells[0], cells[1], int(cells[2]), int(cells[3])


def _place(text):
    country, _colon, area = text.partition(":")
    return country.strip(), area.strip()


def _codes(section: Section, key, vocabulary):
    codes = section.texts(key)
    for code in codes:
        if code not in vocabulary.values:
            section.error(f"{code!r} is not known; choose from: {', '.join(vocabulary.values)}", key)
    return codes


def _children(section, key):
    below = section.section(key)
    return list(below.children()) if below else []


def _days(section, key):
    text = section.text(key)
    if not text.lstrip("-").isdigit():
        section.error(f"{text!r} is not a number of days", key)
        return 0
    return int(text)


def _flowing(text):
    return " ".join(text.split())
