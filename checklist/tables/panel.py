"""Criteria x reviewers: the answers of a panel side by side, the split ones first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist import presentation, scoring, splits
from checklist.models import Assessment, ConsensusChange
from checklist.scorecard import ItemLine
from checklist.scorecard_parts import part_of
from checklist.selectors.instruments import CriterionText
from checklist.selectors.panel_rounds import top_level
from checklist.selectors.panels import changes_of, is_late
from checklist.selectors.results import load_contents

TAKEN, SETTLED, OPEN = "taken", "settled", "open"


@dataclass(frozen=True)
class Column:
    """One reviewer; `name` as the reader may see her. `is_late`: the closed consensus does not rest on hers."""

    assessment: Assessment
    name: str
    is_late: bool = False

    @property
    def is_named(self):
        """Whether her name is no secret to the reader; her assessment carries it."""
        return self.name == str(self.assessment.reviewer)


@dataclass(frozen=True)
class Cell:
    """What one reviewer says on one criterion."""

    column: Column
    line: ItemLine


@dataclass(frozen=True)
class Settled:
    """What the panel says on one criterion: taken over from all reviewers, settled with a reason, or open."""

    line: ItemLine
    standing: str
    change: ConsensusChange | None


@dataclass(frozen=True)
class Row:
    """One criterion with everybody's answers; `consensus` is None before the panel has begun one."""

    criterion: CriterionText
    language: str
    split: splits.Split
    cells: tuple[Cell, ...]
    consensus: Settled | None

    @property
    def words(self):
        return split_words(self.split)


@dataclass(frozen=True)
class Table:
    """One instrument: who answered, and every criterion."""

    pk: int
    title: str
    language: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sentences: tuple[tuple[str, str], ...]

    @property
    def split_count(self):
        return sum(row.split.is_split for row in self.rows)

    @property
    def caption(self):
        """What a listener hears first: how many reviewers, how many criteria are split."""
        reviewers = ngettext("%(n)s reviewer", "%(n)s reviewers", len(self.columns)) % {"n": len(self.columns)}
        return _("%(title)s: %(reviewers)s, %(split)s of %(total)s criteria split.") % {
            "title": self.title,
            "reviewers": reviewers,
            "split": self.split_count,
            "total": len(self.rows),
        }


def build_tables(assessments, consensus, names, *, language, in_order=False):
    """[Table] of a proposal, from assessments that the reader may see; a constant number of queries.

    With `in_order` the criteria stand as in the instrument, else the most split first.
    """
    everybody = [*assessments, consensus] if consensus else list(assessments)
    contents = load_contents(everybody, language=language)
    changes: dict[int, ConsensusChange] = {}
    for change in changes_of(consensus) if consensus else ():
        changes.setdefault(change.criterion_id, change)
    answered = {each.pk: _by_version(contents[each.pk]) for each in everybody}
    versions = dict.fromkeys(chain.from_iterable(answered[each.pk] for each in everybody))
    found = []
    for version in versions:
        columns = [
            Column(each, names(each.reviewer), is_late(each, consensus))
            for each in assessments
            if version in answered[each.pk]
        ]
        said = [answered[column.assessment.pk][version] for column in columns]
        agreed = answered[consensus.pk].get(version) if consensus else None
        if said:
            found.append(_table(columns, said, agreed, changes, in_order))
    return found


def split_words(split):
    """How far apart, in words: "75 % apart", "the same", with those who could not judge."""
    if split.spread is None:
        said = _("nothing to compare")
    elif split.spread == 0:
        said = _("the same")
    else:
        said = _("%(n)s %% apart") % {"n": presentation.percent(split.spread)}
    if not split.off_scale:
        return said
    beside = ngettext("%(n)s could not judge", "%(n)s could not judge", split.off_scale) % {"n": split.off_scale}
    return f"{said}, {beside}"


def _by_version(content):
    return {each.sheet.pk: each for each in content.instruments}


def _table(columns, said, agreed, changes, in_order):
    sheet = said[0].sheet
    parts = [part_of(each) for each in said]
    settled = part_of(agreed) if agreed else None
    marks = [scoring.marks(each.result) for each in said]
    rows = []
    for index, criterion in enumerate(sheet.criteria):
        top = top_level(criterion.spec)
        rows.append(
            Row(
                criterion,
                sheet.language,
                splits.split_of(splits.place_of(letters[index], top) for letters in marks),
                tuple(Cell(column, part.items[index]) for column, part in zip(columns, parts, strict=True)),
                _settled(settled.items[index], changes.get(criterion.pk)) if settled else None,
            )
        )
    if not in_order:
        rows.sort(key=lambda row: row.split.order)
    return Table(
        sheet.pk,
        sheet.title,
        sheet.language,
        tuple(columns),
        tuple(rows),
        tuple((column.name, part.sentence) for column, part in zip(columns, parts, strict=True))
        + (((_("Consensus"), settled.sentence),) if settled else ()),
    )


def _settled(line, change):
    if not line.code:
        return Settled(line, OPEN, change)
    return Settled(line, SETTLED if change else TAKEN, change)
