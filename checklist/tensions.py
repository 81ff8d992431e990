"""Where two instruments pull in different directions. Pure, no Django.

Shown to the reviewer beside the cross-walk, never averaged and never a change (instruments.md 3.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Place = tuple[str, str]


@dataclass(frozen=True)
class TensionCondition:
    """Holds when criterion `key` of `instrument` is answered with one of `answers`."""

    instrument: str
    key: str
    answers: frozenset[str]


@dataclass(frozen=True)
class TensionSpec:
    """A tension shows when on every side at least one condition holds."""

    slug: str
    sides: tuple[tuple[TensionCondition, ...], ...]

    @property
    def places(self) -> frozenset[Place]:
        """Every (instrument, criterion) it looks at."""
        return frozenset((each.instrument, each.key) for side in self.sides for each in side)


@dataclass(frozen=True)
class TensionFound:
    """A tension that shows, with the (instrument, criterion) pairs that brought it up."""

    slug: str
    places: tuple[Place, ...]


def tensions_in(rules: Iterable[TensionSpec], answers: Mapping[Place, str | None]) -> tuple[TensionFound, ...]:
    """The tensions that these answers show; `answers` maps (instrument, criterion) to the answer that counts."""
    found = []
    for rule in rules:
        held = [
            [(each.instrument, each.key) for each in side if answers.get((each.instrument, each.key)) in each.answers]
            for side in rule.sides
        ]
        if len(held) > 1 and all(held):
            found.append(TensionFound(rule.slug, tuple(place for side in held for place in side)))
    return tuple(found)
