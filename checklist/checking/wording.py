"""How long a wording is and whether it asks two things at once. Pure.

Words are counted between spaces. Thai, Lao, Khmer and Burmese are written without them, so a run
of letters longer than any word is counted by its letters.
"""

from __future__ import annotations

import re

# Plain-language guides advise 15 to 20 words a sentence and 25 at the most.
SENTENCE_WORDS = 25
WORDING_WORDS = 60
DESCRIPTOR_WORDS = 60
LONGEST_WORD = 30
LETTERS_A_WORD = 6

_SENTENCE_END = re.compile(r"(?<=[.!?။។])\s+")
# "and", "or" in the languages that the shipped instruments have, and a stroke between two words.
_JOINING = re.compile(r"\b(and/or|and|or|et/ou|et|ou)\b|\w\s*(/)\s*\w", re.IGNORECASE)


def words_in(text: str) -> int:
    """How many words a text has."""
    return sum(1 if len(run) <= LONGEST_WORD else -(-len(run) // LETTERS_A_WORD) for run in text.split())


def longest_sentence(text: str) -> int:
    """How many words its longest sentence has."""
    return max((words_in(sentence) for sentence in _SENTENCE_END.split(text.strip())), default=0)


def asks_twice(text: str) -> bool:
    """Whether it has two question marks or more."""
    return text.count("?") + text.count("？") > 1


def joining_word(text: str, *, even_in_statements: bool = True) -> str:
    """The first word that joins two things in one question: "and", "or", "/"; "" when there is none."""
    if "?" not in text and "？" not in text and not even_in_statements:
        return ""
    found = _JOINING.search(text)
    return (found[1] or found[2]).lower() if found else ""


def plain(text: str) -> str:
    """The words alone, so that two texts that read alike are found to be the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))
