"""Critical items and flags that say stop, who said so, and what the chair wrote to let a proposal go on.

A stop is a critical item of which an assessment says that "recommend" needs an override. Whose word
counts is asked in one place, `Assessment.objects.counting_for_stops`: the panel's closed consensus where
there is one; before that one reviewer is enough. What nobody has overridden in writing stays. An override
answers what was submitted when it was written: a stop that comes back after a reopening, or that somebody
else says later, asks for another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from checklist.enums import AssessmentKind
from checklist.models import Assessment, StopOverride

from .instruments import sheet
from .results import load_contents


@dataclass(frozen=True)
class Said:
    """Somebody who says stop, and since when; `is_panel` where it is the consensus."""

    user_pk: int
    name: str
    is_panel: bool
    at: datetime


@dataclass(frozen=True)
class Stop:
    """One criterion that stops a proposal. `override` is what the chair wrote on what is said now, or None.

    `earlier` is the newest that was written before somebody said stop (again), where it is not enough any more.
    """

    criterion_pk: int
    version_pk: int
    instrument: str
    key: str
    number: str
    title: str
    said_by: tuple[Said, ...]
    override: StopOverride | None
    earlier: StopOverride | None = None

    @property
    def said_at(self):
        """When it was said for the last time."""
        return max(each.at for each in self.said_by)

    @property
    def is_open(self):
        return self.override is None

    def __str__(self):
        return f"{self.number}. {self.title}"


def stops_of(proposals, language=None):
    """{proposal id: (Stop, ...)} in the order of the instruments; a constant number of queries.

    Only assessments whose frozen scores have a stop are read at all.
    """
    proposals = list(proposals)
    stopped = (
        Assessment.objects.counting_for_stops()
        .filter(proposal__in=[proposal.pk for proposal in proposals], scores__blocks__gt=0)
        .select_related("proposal__round", "reviewer")
        .order_by("kind", "pk")
        .distinct()
    )
    assessments = list(stopped)
    contents = load_contents(assessments, language=language or get_language())
    overrides = overrides_of({assessment.proposal_id for assessment in assessments})
    found: dict[int, dict[int, Stop]] = {}
    for assessment in assessments:
        own = found.setdefault(assessment.proposal_id, {})
        is_panel = assessment.kind == AssessmentKind.CONSENSUS
        said = Said(assessment.reviewer_id, str(assessment.reviewer), is_panel, assessment.submitted_at)
        for each, criterion in _blocking(contents[assessment.pk]):
            said_by = (*(own[criterion.pk].said_by if criterion.pk in own else ()), said)
            newest = overrides.get((assessment.proposal_id, criterion.pk))
            override = newest if is_answered(newest, (each.at for each in said_by)) else None
            own[criterion.pk] = Stop(
                criterion.pk,
                each.sheet.pk,
                each.sheet.short_title,
                criterion.key,
                criterion.number,
                criterion.short_title,
                said_by,
                override,
                None if override else newest,
            )
    return {proposal.pk: tuple(sorted(found.get(proposal.pk, {}).values(), key=_place)) for proposal in proposals}


def open_stops(proposal):
    """The stops of one proposal that nobody has overridden."""
    return [stop for stop in stops_of([proposal])[proposal.pk] if stop.is_open]


def _place(stop):
    """Where the criterion stands in its instrument."""
    criteria = [criterion.pk for criterion in sheet(stop.version_pk).criteria]
    return stop.version_pk, criteria.index(stop.criterion_pk)


def _blocking(content):
    """(answers of the instrument, criterion) wherever a critical rule blocks."""
    for each in content.instruments:
        blocking = {critical.key for critical in each.result.criticals if critical.blocks}
        for criterion in each.sheet.criteria:
            if criterion.key in blocking:
                yield each, criterion


def overrides_of(proposal_pks):
    """{(proposal id, criterion id): the newest override}."""
    rows = StopOverride.objects.filter(proposal__in=proposal_pks).select_related("by").order_by("at", "pk")
    return {(row.proposal_id, row.criterion_id): row for row in rows}


def is_answered(override, submitted):
    """Whether everything that says stop, by the times when it was submitted, was in when the override was written."""
    return override is not None and all(at <= override.at for at in submitted)
