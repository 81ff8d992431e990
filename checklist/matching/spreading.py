"""Overlap: reviewers share proposals with many others, so that their scores can be compared.

Two reviewers can be compared directly when they share a proposal and through others when a chain of
shared proposals leads from one to the other. A good round is one connected group in which no two
reviewers always meet (as in a balanced incomplete block design: Yates 1936; Fleiss 1981, Balanced
incomplete block designs for inter-rater reliability studies). Assignments are exchanged two and two, so
loads stay; no exchange breaks a rule.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from checklist.matching.problem import Pair, Problem

# What one more meeting of two reviewers who have met once weighs against points of fit, halved per pair.
MEETING_POINTS = 0.25
TRIES_PER_PAIR = 40

Panels = list[set[Hashable]]


def spread(problem: Problem, pairs: Sequence[Pair], seed: int) -> list[Pair]:
    """The pairs after exchanges that spread the meetings and then join the groups, as far as can be."""
    exchange = _Exchange(problem, pairs, seed)
    tries = TRIES_PER_PAIR * len(pairs)
    if len(pairs) > 1:
        for _ in range(tries):
            exchange.spread_once()
        exchange.join(tries)
    return exchange.pairs


def panels_of(problem: Problem, pairs: Sequence[Pair]) -> Panels:
    """Who would review each request, those she has included."""
    panels: Panels = [set(request.assigned) for request in problem.requests]
    for row, column in pairs:
        panels[row].add(problem.candidates[column].id)
    return panels


def groups_of(panels: Panels) -> list[frozenset[Hashable]]:
    """The reviewers in groups that share no proposal with each other, the largest first."""
    leader: dict[Hashable, Hashable] = {}

    def find(reviewer: Hashable) -> Hashable:
        while leader[reviewer] != reviewer:
            leader[reviewer] = leader[leader[reviewer]]
            reviewer = leader[reviewer]
        return reviewer

    order: dict[Hashable, None] = {}
    for panel in panels:
        members = sorted(panel, key=repr)
        for reviewer in members:
            order[reviewer] = None
            first = find(leader.setdefault(members[0], members[0]))
            leader[find(leader.setdefault(reviewer, reviewer))] = first
    groups = defaultdict(set)
    for reviewer in order:
        groups[find(reviewer)].add(reviewer)
    return sorted((frozenset(group) for group in groups.values()), key=len, reverse=True)


class _Exchange:
    """Pairs that can trade places: a takes b's proposal and b takes a's."""

    def __init__(self, problem: Problem, pairs: Sequence[Pair], seed: int) -> None:
        self.problem = problem
        self.pairs = list(pairs)
        self.panels = panels_of(problem, pairs)
        self.ids = [candidate.id for candidate in problem.candidates]
        self.draw = random.Random(seed)  # noqa: S311 a heuristic, no secret
        self.met: Counter[frozenset[Hashable]] = Counter()
        for panel in self.panels:
            members = list(panel)
            self.met.update(frozenset((a, b)) for i, a in enumerate(members) for b in members[:i])

    def spread_once(self) -> None:
        """Try one exchange; keep it when meetings spread by more than the fit suffers."""
        one, other = self._any_two()
        if not self._can_trade(one, other):
            return
        cost = self._lost_points(one, other) + MEETING_POINTS * self._trade(one, other)
        if cost >= 0:
            self._trade(one, other)

    def join(self, tries: int) -> None:
        """Exchange between groups, whatever the fit, as long as the number of groups falls."""
        groups = groups_of(self.panels)
        for _ in range(tries):
            if len(groups) < 2:
                return
            one, other = self._any_two()
            group = next(group for group in groups if self.ids[self.pairs[one][1]] in group)
            if self.ids[self.pairs[other][1]] in group or not self._can_trade(one, other):
                continue
            self._trade(one, other)
            now = groups_of(self.panels)
            if len(now) < len(groups):
                groups = now
            else:
                self._trade(one, other)

    def _any_two(self) -> tuple[int, int]:
        size = len(self.pairs)
        return int(self.draw.random() * size), int(self.draw.random() * size)

    def _can_trade(self, one: int, other: int) -> bool:
        (p, a), (q, b) = self.pairs[one], self.pairs[other]
        if p == q or a == b or (p, b) in self.problem.causes or (q, a) in self.problem.causes:
            return False
        return self.ids[b] not in self.panels[p] and self.ids[a] not in self.panels[q]

    def _lost_points(self, one: int, other: int) -> float:
        (p, a), (q, b) = self.pairs[one], self.pairs[other]
        points = self.problem.points
        return points[p, a] + points[q, b] - points[p, b] - points[q, a]

    def _trade(self, one: int, other: int) -> int:
        """Exchange, and say by how much the sum of squared meetings grew. Done twice it is undone."""
        (p, a), (q, b) = self.pairs[one], self.pairs[other]
        grown = self._leave(p, a) + self._leave(q, b) + self._enter(p, b) + self._enter(q, a)
        self.pairs[one], self.pairs[other] = (p, b), (q, a)
        return grown

    def _leave(self, p: int, reviewer: int) -> int:
        self.panels[p].discard(self.ids[reviewer])
        return sum(1 - 2 * self._meet(reviewer, colleague, -1) for colleague in self.panels[p])

    def _enter(self, p: int, reviewer: int) -> int:
        grown = sum(1 + 2 * self._meet(reviewer, colleague, 1) for colleague in self.panels[p])
        self.panels[p].add(self.ids[reviewer])
        return grown

    def _meet(self, reviewer: int, colleague: Hashable, step: int) -> int:
        """Count a meeting more or less; gives how often they met before."""
        pair = frozenset((self.ids[reviewer], colleague))
        before = self.met[pair]
        self.met[pair] = before + step
        return before
