"""Letters to applicants: which there are, which places their wording has, and how it is filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checklist.questions import QUESTIONS_PLACE, fill_places, unknown_places

QUESTIONS, FEEDBACK, DECISION = "questions", "feedback", "decision"
OUTCOMES = ("fund", "fund_with_conditions", "reserve", "decline")
KINDS = (QUESTIONS, FEEDBACK, *(f"{DECISION}/{outcome}" for outcome in OUTCOMES))

_COMMON = ("applicant", "title", "reference", "round", "donor")
_DECISION = (*_COMMON, "amount", "conditions", "reasons", "reserve_place", "decided_on")
# Places that stand as a part of their own where they are a whole paragraph.
BLOCKS = ("conditions", "reasons")


@dataclass(frozen=True)
class Places:
    """What the wording of one kind of letter may name, and what it must."""

    known: tuple[str, ...]
    needed: tuple[str, ...] = ()


PLACES = {
    QUESTIONS: Places((*_COMMON, "questions", "reply_by"), ("questions",)),
    FEEDBACK: Places(_COMMON, ("title",)),
    "decision/fund": Places(_DECISION, ("title", "amount")),
    "decision/fund_with_conditions": Places(_DECISION, ("title", "amount", "conditions")),
    "decision/reserve": Places(_DECISION, ("title",)),
    "decision/decline": Places(_DECISION, ("title", "reasons")),
}


@dataclass(frozen=True)
class Block:
    """A paragraph of a letter; `is_quoted` where it is the whole text of a place, set apart."""

    text: str
    is_quoted: bool = False


def wrong_places(kind: str, text: str) -> list[str]:
    """Places in braces that this kind of letter does not know, as they are written."""
    known = PLACES[kind].known
    found = unknown_places(fill_places(text, dict.fromkeys(known, "")))
    if QUESTIONS not in known and QUESTIONS_PLACE in text:
        found.append(QUESTIONS_PLACE)
    return list(dict.fromkeys(found))


def missing_places(kind: str, text: str) -> list[str]:
    """Places without which this kind of letter does not say what it must, in braces."""
    return [f"{{{name}}}" for name in PLACES[kind].needed if f"{{{name}}}" not in text]


def compose(body: str, values: Mapping[str, str]) -> tuple[Block, ...]:
    """The paragraphs of a letter with its places filled in.

    A paragraph that names a place for which there is nothing is left out, so that one wording serves
    decisions with and without an amount.
    """
    blocks = []
    for paragraph in body.replace("\r\n", "\n").split("\n\n"):
        text = paragraph.strip()
        if not text or any(not value and f"{{{name}}}" in text for name, value in values.items()):
            continue
        whole = next((name for name in BLOCKS if text == f"{{{name}}}"), "")
        blocks.append(Block(values[whole].strip(), True) if whole else Block(fill_places(text, values)))
    return tuple(blocks)
