"""The one way in which a text is kept: plain line ends, no space around it. Pure, no Django."""

from __future__ import annotations

import re

LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Neither XML nor PostgreSQL takes them all, and nobody sees them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def tidy_text(text: str) -> str:
    """The text with plain line ends and without space around it."""
    return LINE_END.sub("\n", text).strip()


def tidy_line(text: str) -> str:
    """The text in one line, without needless space."""
    return " ".join(text.split())


def tidy_lines(text: str) -> tuple[str, ...]:
    """The lines of a list, each without needless space, without empty ones."""
    lines = (tidy_line(line) for line in tidy_text(text).split("\n"))
    return tuple(line for line in lines if line)
