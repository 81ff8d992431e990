"""What stands in the way of a matching that leaves nobody short."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence

from checklist.matching.problem import Pair, Problem
from checklist.matching.shapes import Cause, Obstacle, ObstacleKind


def obstacles_of(
    problem: Problem, pairs: Sequence[Pair], missing: Mapping[int, int], parts: Sequence[frozenset[Hashable]]
) -> Iterator[Obstacle]:
    """All that can be named, the general before the particular.

    A short proposal has either too few possible reviewers, or it shares them with others: then the
    whole knot is named, found by going from the proposal to all who could take it, on to what they
    take, and so on (the set that breaks Hall's condition, 1935).
    """
    wanted, room = sum(problem.wanted), sum(problem.room)
    if room < wanted:
        yield Obstacle(ObstacleKind.CAPACITY, params={"room": room, "wanted": wanted, "short": wanted - room})
    explained: set[int] = set()
    for row in missing:
        few = _few_reviewers(problem, row)
        if few:
            explained.add(row)
            yield few
    takes = defaultdict(list)
    for row, column in pairs:
        takes[column].append(row)
    for row in missing:
        if row not in explained:
            rows, columns = _knot(problem, row, set(pairs), takes)
            explained |= rows
            # Where everybody is in the knot, the first obstacle has said it.
            if room >= wanted or len(columns) < sum(each > 0 for each in problem.room):
                yield _shared(problem, rows, columns, missing)
    if len(parts) > 1:
        yield Obstacle(ObstacleKind.NOT_CONNECTED, params={"parts": len(parts)})


def _few_reviewers(problem: Problem, row: int) -> Obstacle | None:
    possible = [column for column in problem.possible(row) if problem.room[column]]
    if len(possible) >= problem.wanted[row]:
        return None
    causes = Counter(
        problem.causes.get((row, column), Cause.FULL)
        for column in range(len(problem.candidates))
        if column not in possible
    )
    return Obstacle(
        ObstacleKind.FEW_REVIEWERS,
        proposals=(problem.requests[row].id,),
        reviewers=tuple(problem.candidates[column].id for column in possible),
        params={
            "possible": len(possible),
            "wanted": problem.wanted[row],
            **{cause.value: causes[cause] for cause in Cause},
        },
    )


def _knot(
    problem: Problem, start: int, pairs: set[Pair], takes: Mapping[int, Sequence[int]]
) -> tuple[set[int], set[int]]:
    rows, columns, waiting = {start}, set(), [start]
    while waiting:
        row = waiting.pop()
        for column in problem.possible(row):
            if column in columns or (row, column) in pairs or not problem.room[column]:
                continue
            columns.add(column)
            for other in takes.get(column, ()):
                if other not in rows:
                    rows.add(other)
                    waiting.append(other)
    return rows, columns


def _shared(problem: Problem, rows: set[int], columns: set[int], missing: Mapping[int, int]) -> Obstacle:
    return Obstacle(
        ObstacleKind.SHARED_REVIEWERS,
        proposals=tuple(problem.requests[row].id for row in sorted(rows)),
        reviewers=tuple(problem.candidates[column].id for column in sorted(columns)),
        params={
            "proposals": len(rows),
            "reviewers": len(columns),
            "short": sum(missing.get(row, 0) for row in rows),
        },
    )
