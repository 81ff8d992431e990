"""What a dossier holds: proposals, documents and finished reports that one person may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects

from checklist.enums import ReportKind
from checklist.models import Assignment, IssuedReport
from checklist.selectors.issued import without_paper
from checklist.selectors.scorecards import scorecard_rows
from checklist.selectors.scores import ScoredAssessment, scored_assessments, visible_assessments
from proposals.models import Document, Participation, Proposal


@dataclass
class Taken:
    """What the dossier of one proposal holds besides its facts and its history."""

    scorecards: list[IssuedReport] = field(default_factory=list)
    reports: list[IssuedReport] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    scored: list[ScoredAssessment] = field(default_factory=list)


_FACTS = (
    Prefetch("participations", Participation.objects.select_related("organisation")),
    "places",
    "tags",
)


def proposals_to_take(user, round_):
    """The proposals of a round that no conflict, no assessment of her own and no practice closes."""
    owed = Assignment.objects.waiting_for(user).values("proposal_id")
    found = Proposal.objects.visible_to(user).filter(round=round_, is_practice=False).exclude(pk__in=owed)
    return found.select_related("applicant", "round").order_by("reference", "pk")


def read_together(user, round_, proposals: Sequence[Proposal], kinds) -> dict[int, Taken]:
    """{id: Taken} of several proposals of a round, as far as this person may read it, with the facts of each
    proposal in place. The number of queries does not depend on how many they are.
    """
    found = {proposal.pk: Taken() for proposal in proposals}
    by_reference = {proposal.reference: found[proposal.pk] for proposal in proposals}
    prefetch_related_objects(proposals, *_FACTS)
    pks = list(found)
    issued, made, _missing = _scorecards(user, round_, pks)
    for report in [*issued, *made]:
        found[report.assessment.proposal_id].scorecards.append(report)
    reports = IssuedReport.objects.visible_to(user).filter(proposal__in=pks)
    for report in _newest(reports):
        found[report.proposal_id].reports.append(report)
    for document in Document.objects.filter(proposal__in=pks).kept().order_by("kind", "pk"):
        found[document.proposal_id].documents.append(document)
    for scored in scored_assessments(user, round_, kinds=kinds, proposals=pks):
        by_reference[scored.row["proposal__reference"]].scored.append(scored)
    return found


def scorecards_to_take(user, proposal):
    """(issued scorecards and finished ones of the submissions as they are, how many are not made)."""
    issued, made, missing = _scorecards(user, proposal.round, [proposal.pk])
    return [*issued, *made], missing


def _scorecards(user, round_, proposal_pks):
    """(issued ones, finished ones of the submissions as they are, how many are not made)."""
    rows = scorecard_rows(visible_assessments(user, round_).filter(proposal__in=proposal_pks).order_by("pk"))
    made = [row.report for row in rows if row.report]
    for row in rows:
        if row.report:
            row.report.assessment = row
    issued = IssuedReport.objects.issued().visible_to(user).filter(kind=ReportKind.SCORECARD)
    issued = issued.filter(assessment__proposal__in=proposal_pks).select_related("assessment").order_by("pk")
    return list(issued), made, len(rows) - len(made)


def reports_to_take(user, **holder):
    """Finished reports on a proposal or a round: all that were issued, and the newest of each that was not."""
    return _newest(IssuedReport.objects.visible_to(user).filter(**holder))


def _newest(reports) -> list[IssuedReport]:
    found: dict[str, IssuedReport] = {}
    for report in reports.exclude(kind=ReportKind.SCORECARD).order_by("pk"):
        if not report.number:
            # A working copy from before the paper was on record gives way to any of now.
            found.pop(f"{report.kind} {without_paper(report.subject_key)}", None)
        found[report.number or f"{report.kind} {report.subject_key}"] = report
    return sorted(found.values(), key=lambda report: report.pk)


def documents_to_take(proposal):
    """What was received and not removed."""
    return proposal.documents.kept().order_by("kind", "pk")
