"""How far the reviewers of a round agree: by which statistic each criterion and each share is measured.

Pure: frozen marks and shares in, statistics out; no Django. "Not enough information" and "not
applicable" are no ratings. The whole round is taken, never a part of it that was chosen by its scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from checklist.agreement import (
    Statistic,
    cohen_kappa,
    fleiss_kappa,
    icc,
    krippendorff_alpha,
    percent_agreement,
)
from checklist.marking import gettext_noop as _
from checklist.scales import AnswerKind
from checklist.splits import place_of

NOMINAL, ORDINAL, INTERVAL = "nominal", "ordinal", "interval"
COHEN, COHEN_WEIGHTED, FLEISS = "cohen", "cohen_quadratic", "fleiss"

METRIC_TEXTS: dict[str, str] = {NOMINAL: _("nominal"), ORDINAL: _("ordinal"), INTERVAL: _("interval")}
KAPPA_TEXTS: dict[str, str] = {
    COHEN: _("Cohen's kappa"),
    COHEN_WEIGHTED: _("Cohen's kappa, quadratic weights"),
    FLEISS: _("Fleiss' kappa, which takes no account of order"),
}


@dataclass(frozen=True)
class Scale:
    """One criterion as it is measured: `top` is the highest level where its marks are levels."""

    key: str
    metric: str
    top: int | None = None


@dataclass(frozen=True)
class Rating:
    """One instrument in one submitted assessment: frozen marks, and the share (0 to 1) where it has one."""

    proposal: Hashable
    reviewer: Hashable
    marks: str
    share: Fraction | None = None


@dataclass(frozen=True)
class Measures:
    """The statistics of one criterion, or of all criteria taken together (`key` is "" then)."""

    key: str
    metric: str
    percent: Statistic
    alpha: Statistic
    kappa_form: str
    kappa: Statistic


@dataclass(frozen=True)
class ShareMeasures:
    """The statistics of the shares. `icc_of` says how many of `rated` proposals the one-way forms rest on."""

    alpha: Statistic
    icc: Mapping[str, Statistic]
    icc_of: int
    rated: int
    is_crossed: bool


@dataclass(frozen=True)
class VersionAgreement:
    """Agreement on one version of an instrument; `together` is None where its criteria differ in kind."""

    assessments: int
    proposals: int
    reviewers: int
    items: tuple[Measures, ...]
    together: Measures | None
    share: ShareMeasures | None


def metric_of(kind: AnswerKind) -> str:
    """Two answers have no order worth the name; three or more stand in the order of their ranks."""
    return NOMINAL if len(kind.substantive) < 3 else ORDINAL


def agreement_of_version(scales: Sequence[Scale], ratings: Sequence[Rating], *, has_share: bool) -> VersionAgreement:
    """Every statistic of one version. `marks` of each rating have one letter per scale, in order."""
    proposals = list(dict.fromkeys(rating.proposal for rating in ratings))
    reviewers = list(dict.fromkeys(rating.reviewer for rating in ratings))
    matrices = [_matrix(ratings, proposals, reviewers, place, scale.top) for place, scale in enumerate(scales)]
    shares = _shares(ratings, proposals, reviewers) if has_share else []
    metrics = {scale.metric for scale in scales}
    return VersionAgreement(
        len(ratings),
        len(proposals),
        len(reviewers),
        tuple(_measures(scale.key, scale.metric, matrix) for scale, matrix in zip(scales, matrices, strict=True)),
        _together(matrices, metrics.pop()) if len(metrics) == 1 else None,
        _share_measures(shares, proposals) if has_share else None,
    )


Matrix = list[list[Fraction | None]]


def _matrix(
    ratings: Iterable[Rating],
    proposals: Sequence[Hashable],
    reviewers: Sequence[Hashable],
    place: int,
    top: int | None,
) -> Matrix:
    """One row per reviewer, one column per proposal, None where there is no rating."""
    given = {(rating.reviewer, rating.proposal): place_of(rating.marks[place], top) for rating in ratings}
    return [[given.get((reviewer, proposal)) for proposal in proposals] for reviewer in reviewers]


def _shares(ratings: Iterable[Rating], proposals: Sequence[Hashable], reviewers: Sequence[Hashable]) -> Matrix:
    given = {(rating.reviewer, rating.proposal): rating.share for rating in ratings}
    return [[given.get((reviewer, proposal)) for proposal in proposals] for reviewer in reviewers]


def _measures(key: str, metric: str, matrix: Matrix, *, with_interval: bool = True) -> Measures:
    form, kappa = _kappa(metric, matrix)
    alpha = krippendorff_alpha(matrix, metric, with_interval=with_interval)
    return Measures(key, metric, percent_agreement(matrix), alpha, form, kappa)


def _together(matrices: Sequence[Matrix], metric: str) -> Measures:
    """Every criterion of every proposal as a unit of its own.

    Without intervals: the criteria of one proposal hang together, so they would come out too narrow.
    """
    rows = [[value for matrix in matrices for value in matrix[row]] for row in range(len(matrices[0]))]
    found = _measures("", metric, rows, with_interval=False)
    return replace(
        found,
        percent=_without_interval(found.percent),
        alpha=_without_interval(found.alpha),
        kappa=_without_interval(found.kappa),
    )


def _without_interval(statistic: Statistic) -> Statistic:
    return replace(statistic, low=None, high=None, level=None)


def _kappa(metric: str, matrix: Matrix) -> tuple[str, Statistic]:
    """Cohen's for two reviewers who both rated everything, else Fleiss'."""
    values = _categories({value for row in matrix for value in row if value is not None}, metric)
    is_complete = all(value is not None for row in matrix for value in row)
    if len(matrix) == 2 and is_complete and values:
        place = {value: index for index, value in enumerate(values)}
        table = [[0] * len(values) for _value in values]
        for one, other in zip(*matrix, strict=True):
            if one is not None and other is not None:
                table[place[one]][place[other]] += 1
        weighted = metric == ORDINAL
        return (
            COHEN_WEIGHTED if weighted else COHEN,
            cohen_kappa(table, "quadratic" if weighted else None),
        )
    counts = []
    for column in zip(*matrix, strict=True):
        said = Counter(column)
        counts.append([said[value] for value in values])
    return FLEISS, fleiss_kappa(counts)


def _categories(values: set[Fraction], metric: str) -> list[Fraction]:
    """The values in order; where order counts, with the steps between them that nobody chose.

    Weights go by how many categories lie between two answers, so that one left out would bring the
    others nearer to each other than they stand on the scale.
    """
    if metric != ORDINAL or not values:
        return sorted(values)
    steps = lcm(*(value.denominator for value in values))
    return [Fraction(step, steps) for step in range(int(min(values) * steps), int(max(values) * steps) + 1)]


def _share_measures(matrix: Matrix, proposals: Sequence[Hashable]) -> ShareMeasures:
    """Alpha, and the six forms of the ICC.

    Where the same reviewers judged everything all six have a value. Else only the one-way forms fit:
    they ask for the same number of ratings for each proposal, so those with the most common number
    are taken; the two-way forms say why they have none.
    """
    alpha = krippendorff_alpha(matrix, INTERVAL)
    columns = [[value for value in column if value is not None] for column in zip(*matrix, strict=True)]
    rated = sum(bool(column) for column in columns)
    found = dict(icc([list(row) for row in zip(*matrix, strict=True)]))
    if all(len(column) == len(matrix) for column in columns):
        return ShareMeasures(alpha, found, rated, rated, True)
    sizes = Counter(len(column) for column in columns if len(column) > 1)
    if not sizes:
        return ShareMeasures(alpha, found, 0, rated, False)
    size = max(sizes, key=lambda each: (sizes[each], each))
    one_way = icc([column for column in columns if len(column) == size])
    found |= {form: one_way[form] for form in ("ICC1", "ICC1k")}
    return ShareMeasures(alpha, found, sizes[size], rated, False)
