"""Scores that allow for harsh and lenient reviewers, shown beside the raw ones and never instead.

Every rating is taken as proposal + reviewer + chance. The proposals and the reviewers' offsets are
those that minimise

    sum (score - proposal - offset)^2 + shrinkage * sum offset^2

(least squares for a two-way layout with empty cells: Searle 1971, Linear Models, ch. 7; the penalty:
Hoerl and Kennard 1970, ridge regression; with the penalty the offsets are the best linear unbiased
predictors of random reviewers when the shrinkage is the ratio of the error's variance to theirs,
Henderson 1975). Proposals are not drawn towards each other: only reviewers are.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checklist.agreement.shapes import exact
from checklist.agreement.statistic import REASON_TEXTS, Reason

# In ratings: a reviewer with this many keeps about half of her offset, one with ten times as many a tenth less.
DEFAULT_SHRINKAGE = 1.0
FEWEST_RATINGS = 3

Rating = tuple[Hashable, Hashable, float | None]


@dataclass(frozen=True)
class Part:
    """Reviewers and proposals that hang together: comparable with each other and with nobody else.

    `proposals` are adjusted scores, on the scale of the ratings; `reviewers` are offsets that sum to
    nought (above it: more lenient than the others of this part); `raw` are the plain means.
    """

    proposals: Mapping[Hashable, float]
    reviewers: Mapping[Hashable, float]
    raw: Mapping[Hashable, float]
    reason_code: Reason | None = None

    @property
    def reason(self) -> str | None:
        """Why the adjusted scores of this part are not to be used; None where they may be."""
        return REASON_TEXTS[self.reason_code] if self.reason_code else None


@dataclass(frozen=True)
class AdjustedScores:
    """Adjusted scores over a whole round.

    `proposals` and `reviewers` are empty where the round falls into several `parts`, because one
    table would compare what cannot be compared; each part then has its own. Where `reason_code` is
    set the adjusted scores are not to be used for ranking, though they may have been worked out.
    `raw` are the plain means, always there. `n` counts proposals, `k` reviewers.
    """

    proposals: Mapping[Hashable, float]
    reviewers: Mapping[Hashable, float]
    raw: Mapping[Hashable, float]
    parts: tuple[Part, ...]
    n: int
    k: int
    reason_code: Reason | None = None

    @property
    def reason(self) -> str | None:
        """Why the adjusted scores are not to be used; None where they may be."""
        return REASON_TEXTS[self.reason_code] if self.reason_code else None

    @property
    def is_usable(self) -> bool:
        """Whether the adjusted scores may stand beside the raw ones."""
        return self.reason_code is None


def adjusted_scores(ratings: Iterable[Rating], shrinkage: float = DEFAULT_SHRINKAGE) -> AdjustedScores:
    """What each proposal comes to when its reviewers' habits are taken off.

    Takes (proposal, reviewer, score) with any hashable names; a score of None is no rating. With
    shrinkage 0 it is plain least squares; the greater the shrinkage, the nearer to the raw means. It
    counts in ratings: a reviewer with as many as the shrinkage keeps about half of her offset.
    Offsets sum to nought within a part. Not to be used (`reason`) where parts share no reviewer,
    where there is only one reviewer, or where one has fewer than three ratings. ValueError for a
    shrinkage below nought, a score that is no number, or two scores by one reviewer of one proposal.
    """
    if not 0 <= shrinkage < math.inf:
        raise ValueError("Shrinkage is a number from 0 up.")
    scores = _read(ratings)
    parts = tuple(_part(group, shrinkage) for group in _connected(scores))
    raw = {key: mean for part in parts for key, mean in part.raw.items()}
    reviewers = {reviewer for _, reviewer in scores}
    whole = parts[0] if len(parts) == 1 else None
    if not parts:
        reason: Reason | None = Reason.NO_DATA
    else:
        reason = whole.reason_code if whole else Reason.NOT_CONNECTED
    return AdjustedScores(
        proposals=whole.proposals if whole else {},
        reviewers=whole.reviewers if whole else {},
        raw=raw,
        parts=parts,
        n=len(raw),
        k=len(reviewers),
        reason_code=reason,
    )


Scores = dict[tuple[Hashable, Hashable], float]


def _read(ratings: Iterable[Rating]) -> Scores:
    scores: Scores = {}
    for proposal, reviewer, score in ratings:
        if score is None:
            continue
        if (proposal, reviewer) in scores:
            raise ValueError(f"Reviewer {reviewer!r} has two scores for proposal {proposal!r}.")
        scores[proposal, reviewer] = float(exact(score))
    return scores


def _connected(scores: Scores) -> list[Scores]:
    """The ratings in groups that share neither reviewer nor proposal, the largest first."""
    of_proposal, of_reviewer = defaultdict(list), defaultdict(list)
    for proposal, reviewer in scores:
        of_proposal[proposal].append(reviewer)
        of_reviewer[reviewer].append(proposal)
    group_of: dict[Hashable, int] = {}
    for start in of_reviewer:
        if start in group_of:
            continue
        number, waiting = len(set(group_of.values())), [start]
        while waiting:
            reviewer = waiting.pop()
            if reviewer not in group_of:
                group_of[reviewer] = number
                waiting.extend(other for proposal in of_reviewer[reviewer] for other in of_proposal[proposal])
    groups: dict[int, Scores] = defaultdict(dict)
    for (proposal, reviewer), score in scores.items():
        groups[group_of[reviewer]][proposal, reviewer] = score
    return sorted(groups.values(), key=len, reverse=True)


def _part(scores: Scores, shrinkage: float) -> Part:
    offsets = _offsets(scores, shrinkage)
    raw, adjusted = defaultdict(list), defaultdict(list)
    for (proposal, reviewer), score in scores.items():
        raw[proposal].append(score)
        adjusted[proposal].append(score - offsets[reviewer])
    given = Counter(reviewer for _, reviewer in scores)
    reason = None
    if len(given) == 1:
        reason = Reason.ONE_RATER
    elif min(given.values()) < FEWEST_RATINGS:
        reason = Reason.FEW_RATINGS
    return Part(
        proposals={proposal: sum(each) / len(each) for proposal, each in adjusted.items()},
        reviewers=offsets,
        raw={proposal: sum(each) / len(each) for proposal, each in raw.items()},
        reason_code=reason,
    )


def _offsets(scores: Scores, shrinkage: float) -> dict[Hashable, float]:
    """The reviewers' offsets of one connected part.

    The proposals are taken out of the normal equations first, which leaves one equation per reviewer.
    A one added everywhere fixes the sum of the offsets at nought without changing the solution.
    """
    reviewers = list(dict.fromkeys(reviewer for _, reviewer in scores))
    row_of = {reviewer: row for row, reviewer in enumerate(reviewers)}
    panels: dict[Hashable, list[tuple[int, float]]] = defaultdict(list)
    for (proposal, reviewer), score in scores.items():
        panels[proposal].append((row_of[reviewer], score))
    size = len(reviewers)
    left = [[1.0] * size for _ in range(size)]
    right = [0.0] * size
    for panel in panels.values():
        mean = sum(score for _, score in panel) / len(panel)
        for row, score in panel:
            left[row][row] += 1
            right[row] += score - mean
            for column, _score in panel:
                left[row][column] -= 1 / len(panel)
    for row in range(size):
        left[row][row] += shrinkage
    solved = _solve(left, right)
    middle = sum(solved) / size
    return {reviewer: solved[row] - middle for reviewer, row in row_of.items()}


def _solve(left: list[list[float]], right: Sequence[float]) -> list[float]:
    """Gaussian elimination with the largest pivot; `left` is positive definite for a connected part."""
    rows = [[*row, value] for row, value in zip(left, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        top = rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / top[column]
            if factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], top, strict=True)]
    solved = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * solved[column] for column in range(row + 1, size))
        solved[row] = (rows[row][size] - known) / rows[row][row]
    return solved
