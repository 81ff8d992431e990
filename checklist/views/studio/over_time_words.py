"""Results over time as a table in words: marks with their numbers, one line for each kind of answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checklist import presentation, scoring

# Which mark a letter of a frozen result stands for.
_MARKS = {letter: mark for mark, letter in scoring.MARK_LETTERS.items()}
_ORDER = {letter: place for place, letter in enumerate("43210FPASUMCONX-")}


@dataclass(frozen=True)
class Count:
    """How many assessments gave one kind of answer; `state` is drawn, "" for a numbered level."""

    state: str
    word: str
    number: int


@dataclass(frozen=True)
class TableRow:
    number: str
    title: str
    wording: str
    cells: tuple[tuple[bool, tuple[Count, ...]], ...]


@dataclass(frozen=True)
class Table:
    columns: tuple
    rows: tuple[TableRow, ...]


def over_time_table(results):
    """The columns as they are, the counts of every cell in words, best answers first."""
    rows = tuple(
        TableRow(
            row.criterion.number,
            row.criterion.short_title,
            row.criterion.wording,
            tuple((cell.is_comparable, _counts(cell.counts, row.criterion.kind)) for cell in row.cells),
        )
        for row in results.rows
    )
    return Table(results.columns, rows)


def _counts(counts, kind):
    letters = sorted(counts, key=lambda letter: _ORDER.get(letter, len(_ORDER)))
    return tuple(_count(letter, counts[letter], scoring.ANSWER_KINDS[kind]) for letter in letters)


def _count(letter, number, kind):
    if letter.isdigit():
        label = _(kind.option(letter).label) if kind.has(letter) else ""
        return Count("", f"{letter} – {label}" if label else letter, number)
    state = presentation.mark_state(_MARKS[letter])
    return Count(state, presentation.state_word(state), number)
