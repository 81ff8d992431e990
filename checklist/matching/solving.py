"""The best pairs as a linear programme; the only module that imports the solver.

A flow from proposals to reviewers: every vertex of its polytope is whole (Hoffman and Kruskal 1956), so
the simplex method gives whole pairs without branching. Three aims, the first beyond comparison with the
others: leave nobody short (and the short ones evenly short), fit, even loads.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from checklist.matching.problem import MOST_POINTS, Pair, Problem

# What the last assignment of an even load costs, in points of fit; an idle reviewer's first costs little.
LOAD_POINTS = 4.0
# Breaks ties between equally good pairs by the seed; all ties of a round together weigh less than a point.
TIE_POINTS = 0.5


@dataclass
class _Columns:
    """The columns of the programme as the solver wants them: cost, and a 1 or -1 in one or two rows each."""

    costs: list[float]
    starts: list[int]
    rows: list[int]
    values: list[float]

    def add(self, cost: float, *entries: tuple[int, float]) -> None:
        self.costs.append(cost)
        self.starts.append(len(self.rows))
        for row, value in entries:
            self.rows.append(row)
            self.values.append(value)


class SolverFailed(RuntimeError):
    """The solver gave no optimal solution, although there always is one."""


def best_pairs(problem: Problem, seed: int) -> list[Pair]:
    """As many pairs as can be, the best of them; the same for the same seed."""
    pairs = [pair for pair in problem.points if problem.wanted[pair[0]] and problem.room[pair[1]]]
    if not pairs:
        return []
    columns = _Columns([], [], [], [])
    draw = random.Random(seed)  # noqa: S311 breaks ties, no secret
    proposals = len(problem.requests)
    for pair in pairs:
        fit = problem.points[pair] + draw.random() * TIE_POINTS / len(pairs)
        columns.add(-fit, (pair[0], 1.0), (proposals + pair[1], 1.0))
    for row, cost in _shortage(problem):
        columns.add(cost, (row, 1.0))
    for column, cost in _loads(problem):
        columns.add(cost, (proposals + column, -1.0))
    sides = [float(wanted) for wanted in problem.wanted] + [0.0] * len(problem.candidates)
    solution = _solve(columns, sides)
    return [pair for pair, share in zip(pairs, solution, strict=False) if share > 0.5]


def _shortage(problem: Problem) -> Iterator[tuple[int, float]]:
    """One column per reviewer that a proposal may stay short of; the second costs more than the first."""
    most = 10 * (len(problem.candidates) + 10) * (MOST_POINTS + LOAD_POINTS)
    for row, wanted in enumerate(problem.wanted):
        for number in range(1, wanted + 1):
            yield row, most * (1 + number / wanted)


def _loads(problem: Problem) -> Iterator[tuple[int, float]]:
    """One column per assignment that a reviewer has room for, each dearer than the one before."""
    total = sum(problem.wanted)
    even = max(1.0, (total + sum(each.load for each in problem.candidates)) / len(problem.candidates))
    for column, room in enumerate(problem.room):
        load = problem.candidates[column].load
        for number in range(1, min(room, total) + 1):
            yield column, LOAD_POINTS * min(load + number, 100 * even) / even


def _solve(columns: _Columns, sides: list[float]) -> list[float]:
    """Minimise the costs with every column between 0 and 1 and every row equal to its side."""
    # Heavy, and needed on one page only.
    import highspy
    import numpy as np

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns.costs), len(sides)
    lp.col_cost_ = np.array(columns.costs)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = lp.row_upper_ = np.array(sides)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array([*columns.starts, len(columns.rows)])
    lp.a_matrix_.index_ = np.array(columns.rows)
    lp.a_matrix_.value_ = np.array(columns.values)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex"), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(solver.modelStatusToString(solver.getModelStatus()))
    return list(solver.getSolution().col_value)
