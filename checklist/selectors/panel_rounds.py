"""The proposals of a round that the panel has to discuss, the most split first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from checklist import splits
from checklist.enums import AssessmentState
from checklist.models import Assessment, Assignment, DiscussionEntry, SubmittedScore
from proposals.models import Proposal
from proposals.rules import may

from .eligibility import STOPPED
from .instruments import sheet
from .panels import ASKED

FEWEST = 2


@dataclass(frozen=True)
class PanelRow:
    """One proposal: how many assessments, how split, where consensus and discussion stand.

    `consensus` is a state of Assessment or "" before it is begun; `entries` is None where the
    discussion is not open to the reader.
    """

    proposal: Proposal
    submitted: int
    asked: int
    overall: splits.Overall
    consensus: str
    entries: int | None


def proposals_of_panel(user, round_):
    """Proposals of the round on which the panel's pages are open to this person. Left out: practice, and what is not
    eligible or was withdrawn."""
    owes = Assignment.objects.filter(reviewer=user, state__in=ASKED).exclude(
        assessment__state=AssessmentState.SUBMITTED
    )
    rows = Proposal.objects.visible_to(user).counted().filter(round=round_).exclude(status__in=STOPPED)
    rows = rows.exclude(pk__in=owes.values("proposal_id"))
    if may(user, round_, "see_panel"):
        return rows
    judged = Assessment.objects.individual().submitted().filter(reviewer=user)
    return rows.filter(pk__in=judged.values("proposal_id"))


def panel_rows(user, round_):
    """([PanelRow], the most split first; how many proposals have fewer than two assessments). Five queries."""
    proposals = list(
        proposals_of_panel(user, round_).annotate(
            asked=Count("assignments", filter=Q(assignments__state__in=ASKED), distinct=True)
        )
    )
    pks = [proposal.pk for proposal in proposals]
    marks = _marks(pks)
    consensus = dict(Assessment.objects.consensus().filter(proposal__in=pks).values_list("proposal_id", "state"))
    by_role = may(user, round_, "discuss")
    entries = _entries(pks)
    mine = set() if by_role else _judged_by(user, pks)
    rows, waiting = [], 0
    for proposal in proposals:
        judged = marks.get(proposal.pk, {})
        submitted = max((len(each) for each in judged.values()), default=0)
        if submitted < FEWEST:
            waiting += 1
            continue
        may_discuss = by_role or proposal.pk in mine
        rows.append(
            PanelRow(
                proposal,
                submitted,
                proposal.asked,
                splits.overall(_splits(judged)),
                consensus.get(proposal.pk, ""),
                entries.get(proposal.pk, 0) if may_discuss else None,
            )
        )
    return sorted(rows, key=lambda row: (*row.overall.order, row.proposal.reference)), waiting


def _marks(pks):
    """{proposal id: {version id: [marks of one assessment, ...]}}"""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    individual = Assessment.objects.individual().submitted().filter(proposal__in=pks)
    rows = SubmittedScore.objects.filter(assessment__in=individual.values("pk"))
    for proposal_pk, version_pk, marks in rows.values_list("assessment__proposal_id", "version_id", "marks"):
        found[proposal_pk][version_pk].append(marks)
    return found


def _splits(judged):
    """The split of every criterion of every version, from the marks of its assessments."""
    found = []
    for version_pk, all_marks in judged.items():
        tops = [top_level(item) for item in sheet(version_pk).spec.items]
        for top, letters in zip(tops, zip(*all_marks, strict=True), strict=True):
            found.append(splits.split_of(splits.place_of(letter, top) for letter in letters))
    return found


def top_level(item):
    """The highest level of a criterion on a scale of levels; None on other scales."""
    levels = [int(option.code) for option in item.answer_kind.options if option.code.isdigit()]
    return max(levels) if item.answer_kind.is_level and levels else None


def _entries(pks):
    rows = DiscussionEntry.objects.filter(proposal__in=pks).values("proposal_id").annotate(n=Count("pk")).order_by()
    return dict(rows.values_list("proposal_id", "n"))


def _judged_by(user, pks):
    rows = Assessment.objects.individual().submitted().filter(reviewer=user, proposal__in=pks)
    return set(rows.values_list("proposal_id", flat=True))
