"""What the matching of reviewers takes in and gives back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from checklist.marking import gettext_noop as _

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Request:
    """A proposal that wants reviewers.

    `wanted` is how many more; None means "as many as the round asks for, less those it has". Languages,
    countries and fields of expertise are codes that are compared as they are; empty means unknown or
    none wanted. A proposal that has all its reviewers is passed with `wanted` 0: whom it has counts for
    the overlap.
    """

    id: Hashable
    language: str = ""
    countries: frozenset[str] = NOTHING
    expertise: frozenset[str] = NOTHING
    wanted: int | None = None
    assigned: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A reviewer who may be asked; `most` None means "as many as the round allows". `load` is what she has."""

    id: Hashable
    languages: frozenset[str] = NOTHING
    countries: frozenset[str] = NOTHING
    expertise: frozenset[str] = NOTHING
    most: int | None = None
    load: int = 0


class Why(StrEnum):
    """Why a pair was chosen; the sentence is in `WHY_TEXTS`."""

    LANGUAGE = "language"
    EXPERTISE = "expertise"
    COUNTRY = "country"
    OVERLAP = "overlap"
    ROOM = "room"


WHY_TEXTS: dict[Why, str] = {
    Why.LANGUAGE: _("reads the language"),
    Why.EXPERTISE: _("knows the field"),
    Why.COUNTRY: _("knows the country"),
    Why.OVERLAP: _("shares proposals with other reviewers"),
    Why.ROOM: _("has room"),
}


@dataclass(frozen=True)
class Match:
    """One pair, with the reasons it was chosen and what exactly matched."""

    proposal: Hashable
    reviewer: Hashable
    reasons: tuple[Why, ...]
    countries: frozenset[str] = NOTHING
    expertise: frozenset[str] = NOTHING


class Cause(StrEnum):
    """Why a reviewer cannot take a proposal."""

    ASSIGNED = "assigned"
    CONFLICT = "conflict"
    DECLINED = "declined"
    LANGUAGE = "language"
    FULL = "full"


class ObstacleKind(StrEnum):
    """What stands in the way; the sentence is in `OBSTACLE_TEXTS`, filled in by `Obstacle.params`."""

    CAPACITY = "capacity"
    FEW_REVIEWERS = "few_reviewers"
    SHARED_REVIEWERS = "shared_reviewers"
    NOT_CONNECTED = "not_connected"


OBSTACLE_TEXTS: dict[ObstacleKind, str] = {
    ObstacleKind.CAPACITY: _(
        "There is not enough room: assignments wanted %(wanted)s, room of all reviewers %(room)s, short %(short)s."
    ),
    ObstacleKind.FEW_REVIEWERS: _(
        "Too few reviewers can take this proposal: wanted %(wanted)s, possible %(possible)s. Not possible: "
        "conflict of interest %(conflict)s, declined or abstained %(declined)s, language %(language)s, no room %(full)s, "
        "assigned already %(assigned)s."
    ),
    ObstacleKind.SHARED_REVIEWERS: _(
        "Some proposals depend on the same few reviewers, who have not enough room together: proposals %(proposals)s, "
        "reviewers %(reviewers)s, assignments short %(short)s."
    ),
    ObstacleKind.NOT_CONNECTED: _(
        "The reviewers fall into %(parts)s groups that share no proposal, so their scores cannot be compared."
    ),
}


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way: which proposals and reviewers it is about, and numbers for its sentence."""

    kind: ObstacleKind
    proposals: tuple[Hashable, ...] = ()
    reviewers: tuple[Hashable, ...] = ()
    params: Mapping[str, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The obstacle as an English sentence."""
        return OBSTACLE_TEXTS[self.kind] % self.params


@dataclass(frozen=True)
class Matching:
    """A proposal for who reviews what.

    `pairs` are new assignments in the order of the requests; `load` is what each reviewer would have
    then, what she has now included; `missing` holds only proposals that stay short, with how many;
    `parts` are the groups of reviewers who share no proposal with another group, idle ones left out.
    """

    pairs: tuple[Match, ...]
    load: Mapping[Hashable, int]
    missing: Mapping[Hashable, int]
    obstacles: tuple[Obstacle, ...]
    parts: tuple[frozenset[Hashable], ...]

    @property
    def is_complete(self) -> bool:
        """Whether every proposal gets the reviewers it wants."""
        return not self.missing

    @property
    def is_connected(self) -> bool:
        """Whether all reviewers who have something can be compared with each other."""
        return len(self.parts) < 2
