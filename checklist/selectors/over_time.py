"""Results of several versions of an instrument side by side, where the tables of comparability allow it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checklist.enums import AssessmentKind
from checklist.models import Assessment, Criterion, InstrumentVersion, SubmittedScore
from proposals.models import FundingRound
from proposals.querysets import rounds_where
from screening.roles import has_system_permission

from .comparisons import comparable_groups, family


@dataclass(frozen=True)
class Column:
    """One version in one round, with the number of submitted assessments that the reader may see."""

    version: InstrumentVersion
    round: FundingRound
    count: int


@dataclass(frozen=True)
class Cell:
    """The answers to one criterion in one column; `counts` is {letter of the mark: number}.

    Empty `counts` with `is_comparable` false: the version does not ask this, or asks something else.
    """

    is_comparable: bool
    counts: dict[str, int]


@dataclass(frozen=True)
class OverTimeRow:
    """One question over the years, named as its newest version names it."""

    version: InstrumentVersion
    criterion: Criterion
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class OverTime:
    columns: tuple[Column, ...]
    rows: tuple[OverTimeRow, ...]


def results_over_time(instrument, user):
    """The table for one instrument and its copies; six queries, whatever the size.

    Counts only submitted assessments of rounds in which this person may see assessments.
    """
    newest = instrument.versions.order_by("-number").first()
    if newest is None:
        return OverTime((), ())
    marks = _marks(family(newest), user)
    versions = {
        version.pk: version
        for version in InstrumentVersion.objects.select_related("instrument").filter(
            pk__in={pk for pk, _round in marks}
        )
    }
    rounds = {round_.pk: round_ for round_ in FundingRound.objects.filter(pk__in={pk for _version, pk in marks})}
    order = sorted(marks, key=lambda each: (rounds[each[1]].created_at, versions[each[0]].published_at, each))
    columns = tuple(Column(versions[pk], rounds[round_pk], len(marks[pk, round_pk])) for pk, round_pk in order)
    keys: dict[int, list[Criterion]] = {pk: [] for pk in versions}
    for criterion in Criterion.objects.filter(version__in=versions).order_by("position", "pk"):
        keys[criterion.version_id].append(criterion)
    counted = {column: _counted(keys[column[0]], marks[column]) for column in order}
    return OverTime(columns, tuple(_rows(order, versions, keys, counted, comparable_groups())))


def _marks(version_pks, user):
    """{(version id, round id): [marks of one assessment]} of what this person may see."""
    # A consensus repeats what was judged before, and practice is no judgement of a proposal.
    scores = SubmittedScore.objects.filter(
        version__in=version_pks,
        assessment__kind=AssessmentKind.INDIVIDUAL,
        assessment__in=Assessment.objects.visible_to(user).submitted().counted().values("pk"),
    )
    if not has_system_permission(user, "see_assessments"):
        scores = scores.filter(assessment__proposal__round_id__in=rounds_where(user, "see_assessments"))
    found: dict[tuple[int, int], list[str]] = {}
    for version, round_, marks in scores.values_list("version_id", "assessment__proposal__round_id", "marks"):
        found.setdefault((version, round_), []).append(marks)
    return found


def _counted(criteria, marks):
    """{criterion key: {letter: number}}"""
    return {
        criterion.key: dict(Counter(each[place] for each in marks if place < len(each)))
        for place, criterion in enumerate(criteria)
    }


def _rows(order, versions, keys, counted, groups):
    """A row for each group of comparable criteria, in the order of the newest version that asks it."""
    newest_first = sorted(versions, key=lambda pk: (versions[pk].published_at, pk), reverse=True)
    done = set()
    for pk in newest_first:
        for criterion in keys[pk]:
            group = groups.get((pk, criterion.key), (pk, criterion.key))
            if group in done:
                continue
            done.add(group)
            yield OverTimeRow(
                versions[pk], criterion, tuple(_cell(column, group, keys, counted, groups) for column in order)
            )


def _cell(column, group, keys, counted, groups):
    version_pk = column[0]
    for criterion in keys[version_pk]:
        if groups.get((version_pk, criterion.key), (version_pk, criterion.key)) == group:
            return Cell(True, counted[column][criterion.key])
    return Cell(False, {})
