"""When the phases of a round are open. Pure: windows and a day in, words out.

A window is anything with `phase`, `starts_on` and `ends_on`. Windows of neighbouring phases may
overlap: late assessments can still come in while the panel begins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

# The phases in their order; `enums.RoundPhase` names them.
ORDER = ("intake", "eligibility", "review", "panel", "decision", "decided")
# A round gets there by applying its decisions, never by a date.
DECIDED = ORDER[-1]


class PhaseWindow(Protocol):
    """From which day to which a phase is open; without an end until the next phase begins."""

    phase: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Opening:
    """Whether a phase is open on a day; otherwise `opens_on` or `closed_on` says since or until when not."""

    is_open: bool
    opens_on: date | None = None
    closed_on: date | None = None


def in_order(windows: Iterable[PhaseWindow]) -> list[PhaseWindow]:
    """The windows in the order of their phases."""
    return sorted(windows, key=lambda window: ORDER.index(window.phase))


def phase_on(windows: Iterable[PhaseWindow], today: date, stored: str) -> str:
    """The phase in which the round stands: the latest one whose window has begun.

    A round that was decided stays decided. Before the first window begins it is where it was
    put by hand, but never further than that.
    """
    ordered = in_order(windows)
    if stored == DECIDED or not ordered:
        return stored
    begun = [window.phase for window in ordered if window.starts_on <= today]
    if begun:
        return begun[-1]
    first = ordered[0].phase
    return stored if ORDER.index(stored) < ORDER.index(first) else ORDER[0]


def opening(windows: Iterable[PhaseWindow], phase: str, today: date) -> Opening:
    """Whether the phase is open today. A phase without dates is not held back by any."""
    ordered = in_order(windows)
    own = next((window for window in ordered if window.phase == phase), None)
    if own is None:
        return Opening(is_open=True)
    if today < own.starts_on:
        return Opening(is_open=False, opens_on=own.starts_on)
    closed_on = _closed_on(ordered, own)
    if closed_on is not None and today > closed_on:
        return Opening(is_open=False, closed_on=closed_on)
    return Opening(is_open=True, closed_on=closed_on)


def begins_too_early(windows: Iterable[PhaseWindow]) -> list[tuple[str, str]]:
    """(phase, the one before it) wherever a phase begins before the one that comes before it."""
    ordered = in_order(windows)
    pairs = zip(ordered, ordered[1:], strict=False)
    return [(later.phase, earlier.phase) for earlier, later in pairs if later.starts_on < earlier.starts_on]


def passed(windows: Iterable[PhaseWindow], today: date) -> list[tuple[str, str, date]]:
    """("phase_opened" or "phase_closed", phase, day) for all that has happened until today, in that order.

    A phase closes on the day after its last one.
    """
    ordered = in_order(windows)
    found = []
    for own in ordered:
        if own.starts_on <= today:
            found.append(("phase_opened", own.phase, own.starts_on))
        last = _closed_on(ordered, own)
        if last is not None and last < today:
            found.append(("phase_closed", own.phase, last))
    return sorted(found, key=lambda each: (each[2], ORDER.index(each[1]), each[0] == "phase_closed"))


def _closed_on(ordered: list[PhaseWindow], own: PhaseWindow) -> date | None:
    """The last day on which it is open, or None where nothing ends it."""
    if own.ends_on is not None:
        return own.ends_on
    later = [window.starts_on for window in ordered[ordered.index(own) + 1 :] if window.starts_on > own.starts_on]
    return _day_before(min(later)) if later else None


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
