"""Newer versions for a running round: which there are, who has begun with the old one, what comes along."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from checklist.enums import AssessmentState, AssignmentState, CriticalRule
from checklist.models import Assessment, Assignment, InstrumentVersion, Response, RoundCriticalRule

from .comparisons import comparable_keys


@dataclass(frozen=True)
class NewerVersion:
    """A version that a round has, and a published one that came after it."""

    pinned: InstrumentVersion
    newer: InstrumentVersion


@dataclass(frozen=True)
class AssignmentLine:
    """One assignment of the round, as far as the reader may see it."""

    proposal: object
    reviewer: object
    is_opened: bool


@dataclass(frozen=True)
class MovePlan:
    """What moving a round from one version to another does.

    Counts are of the whole round, `moving` and `staying` list what this person may see of it.
    `rules_kept` and `rules_lost` are the round's own critical items: those whose criterion goes on, and the rest.
    """

    moving_count: int
    not_opened_count: int
    staying_count: int
    moving: tuple[AssignmentLine, ...]
    staying: tuple[AssignmentLine, ...]
    rules_kept: tuple[tuple[RoundCriticalRule, str], ...]
    rules_lost: tuple[RoundCriticalRule, ...]


def newer_versions(round_):
    """Published versions that may take the place of one the round has: later ones, and copies of it."""
    pins = [pin.version for pin in round_.instruments.select_related("version__instrument").order_by("position")]
    published = InstrumentVersion.objects.usable().select_related("instrument")
    later = published.filter(
        Q(instrument__in=[version.instrument_id for version in pins]) | Q(based_on__in=[version.pk for version in pins])
    )
    pinned_instruments = {version.instrument_id for version in pins}
    found = []
    for newer in later.order_by("instrument__title", "-number"):
        for pinned in pins:
            is_later = newer.instrument_id == pinned.instrument_id and newer.number > pinned.number
            is_copy = newer.based_on_id == pinned.pk and newer.instrument_id not in pinned_instruments
            if is_later or is_copy:
                found.append(NewerVersion(pinned, newer))
    return found


def not_begun(round_, version):
    """Assessments of the round on this version in which nothing at all was saved."""
    said = Response.objects.filter(assessment=OuterRef("pk"))
    return (
        Assessment.objects.individual()
        .filter(proposal__round=round_, versions=version, state=AssessmentState.DRAFT, conclusion_revision=0)
        .exclude(Exists(said))
        .order_by("pk")
    )


def move_plan(round_, pinned, newer, user):
    """What moving would do, with the lines that this person may see. A constant number of queries."""
    moving = set(not_begun(round_, pinned).values_list("pk", flat=True))
    on_old = set(Assessment.objects.filter(proposal__round=round_, versions=pinned).values_list("pk", flat=True))
    open_states = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)
    waiting = Assignment.objects.filter(proposal__round=round_, assessment=None, state__in=open_states)
    visible = (
        Assignment.objects.visible_to(user)
        .filter(Q(assessment__in=on_old) | Q(pk__in=waiting.values("pk")))
        .select_related("proposal", "reviewer", "assessment")
        .order_by("proposal__reference", "pk")
    )
    lines: dict[bool, list[AssignmentLine]] = {True: [], False: []}
    for assignment in visible:
        assessment = getattr(assignment, "assessment", None)
        moves = assessment is None or assessment.pk in moving
        lines[moves].append(AssignmentLine(assignment.proposal, assignment.reviewer, assessment is not None))
    kept, lost = _rules(round_, pinned, newer)
    return MovePlan(
        moving_count=len(moving),
        not_opened_count=waiting.count(),
        staying_count=len(on_old - moving),
        moving=tuple(lines[True]),
        staying=tuple(lines[False]),
        rules_kept=kept,
        rules_lost=lost,
    )


def _rules(round_, pinned, newer):
    """([(the round's own rule, key in the newer version)], [rules whose criterion does not go on])."""
    rules = list(
        RoundCriticalRule.objects.filter(round=round_, criterion__version=pinned)
        .select_related("criterion")
        .order_by("criterion__position", "pk")
    )
    goes_on = comparable_keys(pinned, newer)
    kept = tuple((rule, goes_on[rule.criterion.key]) for rule in rules if rule.criterion.key in goes_on)
    lost = tuple(rule for rule in rules if rule.criterion.key not in goes_on)
    return kept, lost


def rule_label(rule):
    """What a rule of the round says, in words."""
    return CriticalRule(rule.rule).label
