"""Versions compared: what became of each criterion, what was decided about it, what may be compared over years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from checklist import comparing
from checklist.comparing import Row, Verdict
from checklist.enums import VersionState
from checklist.models import CriterionMatch, InstrumentVersion
from checklist.paths import parse

from .draft_steps import both_sides
from .studio import file_of

# What changes how a criterion is counted, asked for or placed, not what it asks.
_NOT_THE_QUESTION = frozenset({"number", "weight", "reason_rule", "about_harm", "domain"})


@dataclass(frozen=True)
class DecidedRow:
    """A row of the comparison with what an administrator decided; `verdict` is "" while it is open.

    `is_stale` says that something was decided once, but the draft has changed since.
    """

    row: Row
    verdict: str
    is_stale: bool = False

    @property
    def is_open(self):
        return not self.verdict


@dataclass(frozen=True)
class Decisions:
    """The comparison of a draft with the version before it, row by row."""

    earlier: InstrumentVersion
    comparison: comparing.Comparison
    rows: tuple[DecidedRow, ...]

    @property
    def open_count(self):
        return sum(each.is_open for each in self.rows)

    @property
    def dropped(self):
        """Earlier criteria that no later one continues."""
        return [each.row for each in self.rows if not each.row.key]


def earlier_of(version):
    """The version that this one is compared with: what it was made from, else the newest one before it; or None."""
    if version.based_on_id:
        return InstrumentVersion.objects.select_related("instrument").get(pk=version.based_on_id)
    published = InstrumentVersion.objects.select_related("instrument").exclude(state=VersionState.DRAFT)
    before = published.filter(instrument_id=version.instrument_id, number__lt=version.number)
    return before.order_by("-number").first()


def others_to_compare(version):
    """Published versions that a reader may want beside this one: of its instrument, and its relatives by copying."""
    found = family(version) - {version.pk}
    return list(
        InstrumentVersion.objects.select_related("instrument")
        .exclude(state=VersionState.DRAFT)
        .filter(pk__in=found)
        .order_by("instrument__title", "-number")
    )


def family(version):
    """Ids of all versions of the instrument, and of those copied from or into one of them, at any distance."""
    rows = list(InstrumentVersion.objects.values_list("pk", "instrument_id", "based_on_id"))
    instruments = {pk: instrument for pk, instrument, _based_on in rows}
    related = {version.instrument_id}
    while True:
        more = set()
        for _pk, instrument, based_on in rows:
            pair = {instrument, instruments.get(based_on, instrument)}
            if pair & related:
                more |= pair
        if more <= related:
            return {pk for pk, instrument, _based_on in rows if instrument in related}
        related |= more


def compare_versions(earlier, later):
    """Everything that differs between two versions."""
    return comparing.compare(file_of(earlier), file_of(later))


def decisions(version):
    """The comparison of a draft with the version before it and what was decided; None where there is none before."""
    earlier = earlier_of(version)
    if earlier is None:
        return None
    comparison = compare_versions(earlier, version)
    matches = list(version.matches.filter(earlier_version=earlier))
    changed_at = _last_changes(version, since=min((match.decided_at for match in matches), default=None))
    return Decisions(earlier, comparison, tuple(_decided_rows(comparison, matches, changed_at)))


def _last_changes(version, since):
    """{criterion key: when its question last changed} of a draft, looking no further back than `since`."""
    if since is None:
        return {}
    found: dict[str, datetime] = {}
    for step in version.edits.filter(Q(at__gt=since) | Q(undone_at__gt=since)):
        at = max(step.at, step.undone_at or step.at)
        for place in map(parse, both_sides(step)[1]):
            if place.criterion and not place.language and place.field not in _NOT_THE_QUESTION:
                found[place.criterion] = max(at, found.get(place.criterion, at))
    return found


def _decided_rows(comparison, matches, changed_at):
    by_key = {match.key: match for match in matches if match.key}
    by_earlier = {match.earlier_key: match for match in matches if not match.key}
    dropped = {row.earlier_key: row.before for row in comparison.rows if not row.key}
    continued = set()
    rows = []
    for row in comparison.rows:
        match = by_key.get(row.key) if row.key else by_earlier.get(row.earlier_key)
        if row.proposed is Verdict.NEW and match and match.earlier_key in dropped:
            # An administrator found the dropped criterion that the new one continues.
            continued.add(match.earlier_key)
            row = replace(comparing.compare_pair(dropped[match.earlier_key], row.after), proposed=Verdict.NEW)
        rows.append((row, match))
    return [
        _decided(row, match, changed_at.get(row.key))
        for row, match in rows
        if row.key or row.earlier_key not in continued
    ]


def _decided(row, match, changed_at):
    if match is None:
        return DecidedRow(row, "")
    holds = match.earlier_key == row.earlier_key and match.proposed == row.proposed and match.verdict in row.choices
    # It was decided about other words; where nothing differs any more, there is nothing to look at again.
    if changed_at and changed_at > match.decided_at and (row.texts or row.rules):
        holds = False
    return DecidedRow(row, match.verdict if holds else "", is_stale=not holds)


# -- over several versions --------------------------------------------------------------------


def comparable_groups(version_pks=None):
    """{(version id, criterion key): the pair that stands for all it may be compared with}. One query.

    Only what was decided with a publication counts, and only "same" and "reworded".
    """
    matches = CriterionMatch.objects.exclude(version__state=VersionState.DRAFT).filter(
        verdict__in=[verdict.value for verdict in comparing.COMPARABLE]
    )
    if version_pks is not None:
        matches = matches.filter(Q(version_id__in=version_pks) | Q(earlier_version_id__in=version_pks))
    rows = matches.values_list("version_id", "key", "earlier_version_id", "earlier_key")
    return comparing.comparable_groups(((version, key), (earlier, old)) for version, key, earlier, old in rows)


def comparable_keys(version_a, version_b):
    """{key in a: key in b} of the criteria whose results may be compared, over any chain of versions."""
    groups = comparable_groups()
    if version_a.pk == version_b.pk:
        return {key: key for key in version_a.criteria.values_list("key", flat=True)}
    in_b = {group: key for (version, key), group in groups.items() if version == version_b.pk}
    found = ((key, in_b.get(group)) for (version, key), group in groups.items() if version == version_a.pk)
    return {key: other for key, other in found if other is not None}
