"""Match reviewers to proposals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

from checklist.matching.obstacles import obstacles_of
from checklist.matching.problem import build_problem, describe
from checklist.matching.shapes import Candidate, Matching, Request
from checklist.matching.solving import best_pairs
from checklist.matching.spreading import groups_of, panels_of, spread


def match_reviewers(
    requests: Sequence[Request],
    candidates: Sequence[Candidate],
    forbidden: Mapping[tuple[Hashable, Hashable], str] | None = None,
    *,
    per_proposal: int,
    most: int,
    seed: int = 0,
    overlap: bool = True,
) -> Matching:
    """Propose who reviews what: `per_proposal` reviewers each, at most `most` proposals per reviewer.

    Never broken: a forbidden (proposal, reviewer) pair, given with its reason (`Cause.DECLINED`, or any
    words for a conflict); a reviewer's limit; one place per reviewer and proposal; a language that the
    reviewer is known not to read. Then, in this order: as few proposals short as can be, and evenly;
    language, expertise and country; even loads.
    With `overlap`, assignments are exchanged afterwards so that reviewers meet many others and form
    one connected group; joining groups may cost fit.

    The same input and seed give the same result. Where not everything can be had, the best that can
    is given, with `obstacles`. ValueError for names that occur twice and numbers below nought.
    """
    problem = build_problem(requests, candidates, forbidden or {}, per_proposal, most)
    solved = best_pairs(problem, seed)
    pairs = sorted(spread(problem, solved, seed) if overlap else solved)
    parts = tuple(groups_of(panels_of(problem, pairs)))
    chosen = Counter(row for row, _column in pairs)
    missing = {row: wanted - chosen[row] for row, wanted in enumerate(problem.wanted) if chosen[row] < wanted}
    given = Counter(column for _row, column in pairs)
    before = set(solved)
    return Matching(
        pairs=tuple(describe(problem, pair, by_overlap=pair not in before) for pair in pairs),
        load={each.id: each.load + given[column] for column, each in enumerate(candidates)},
        missing={requests[row].id: short for row, short in missing.items()},
        obstacles=tuple(obstacles_of(problem, pairs, missing, parts)),
        parts=parts,
    )
