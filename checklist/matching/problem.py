"""The question in numbers: who may take what, how well it fits, how much room there is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from checklist.matching.shapes import Candidate, Cause, Match, Request, Why

# Points of a pair. A language that is known on one side only neither speaks for a pair nor forbids it.
LANGUAGE_POINTS = 3
EXPERTISE_POINTS = 4
COUNTRY_POINTS = 2
MOST_POINTS = LANGUAGE_POINTS + EXPERTISE_POINTS + COUNTRY_POINTS

# A pair by place: which request, which candidate.
Pair = tuple[int, int]


@dataclass(frozen=True)
class Problem:
    """Requests and candidates by place in their lists.

    `causes` holds why a pair cannot be (a pair that is not in it can be but for room), `points` how
    well each possible pair fits, `wanted` and `room` how many each side takes.
    """

    requests: Sequence[Request]
    candidates: Sequence[Candidate]
    causes: Mapping[Pair, Cause]
    points: Mapping[Pair, float]
    wanted: Sequence[int]
    room: Sequence[int]

    def possible(self, request: int) -> list[int]:
        """The candidates who could take this request, room or not."""
        return [place for place in range(len(self.candidates)) if (request, place) not in self.causes]


def build_problem(
    requests: Sequence[Request],
    candidates: Sequence[Candidate],
    forbidden: Mapping[tuple[Hashable, Hashable], str],
    per_proposal: int,
    most: int,
) -> Problem:
    """Number everything; ValueError for names that occur twice and for numbers below nought."""
    for named in (requests, candidates):
        if len({each.id for each in named}) < len(named):
            raise ValueError("Every proposal and every reviewer may be there only once.")
    wanted = [max(0, per_proposal - len(each.assigned)) if each.wanted is None else each.wanted for each in requests]
    limits = [most if each.most is None else each.most for each in candidates]
    if min([per_proposal, most, *wanted, *limits, *(each.load for each in candidates)]) < 0:
        raise ValueError("Numbers of reviewers and proposals cannot be below 0.")
    causes, points = {}, {}
    for row, request in enumerate(requests):
        for column, candidate in enumerate(candidates):
            cause = _cause(request, candidate, forbidden)
            if cause:
                causes[row, column] = cause
            else:
                points[row, column] = _points(request, candidate)
    room = [max(0, limit - each.load) for limit, each in zip(limits, candidates, strict=True)]
    return Problem(requests, candidates, causes, points, wanted, room)


def describe(problem: Problem, pair: Pair, by_overlap: bool) -> Match:
    """The pair with the reasons it was chosen; room alone where nothing else speaks for it."""
    request, candidate = problem.requests[pair[0]], problem.candidates[pair[1]]
    countries, expertise = request.countries & candidate.countries, request.expertise & candidate.expertise
    reasons = {
        Why.LANGUAGE: request.language in candidate.languages,
        Why.EXPERTISE: bool(expertise),
        Why.COUNTRY: bool(countries),
        Why.OVERLAP: by_overlap,
    }
    given = tuple(why for why, holds in reasons.items() if holds)
    return Match(request.id, candidate.id, given or (Why.ROOM,), countries, expertise)


def _cause(request: Request, candidate: Candidate, forbidden: Mapping[tuple[Hashable, Hashable], str]) -> Cause | None:
    if candidate.id in request.assigned:
        return Cause.ASSIGNED
    if (request.id, candidate.id) in forbidden:
        return Cause.DECLINED if forbidden[request.id, candidate.id] == Cause.DECLINED else Cause.CONFLICT
    if request.language and candidate.languages and request.language not in candidate.languages:
        return Cause.LANGUAGE
    return None


def _points(request: Request, candidate: Candidate) -> float:
    points = float(LANGUAGE_POINTS) if request.language in candidate.languages else 0.0
    if request.expertise:
        points += EXPERTISE_POINTS * len(request.expertise & candidate.expertise) / len(request.expertise)
    return points + COUNTRY_POINTS * bool(request.countries & candidate.countries)
