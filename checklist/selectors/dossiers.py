"""What a dossier holds: proposals, documents and finished reports that one person may take."""

from __future__ import annotations

from checklist.enums import ReportKind
from checklist.models import Assignment, IssuedReport
from checklist.selectors.scorecards import scorecard_rows
from checklist.selectors.scores import visible_assessments
from proposals.models import Proposal


def proposals_to_take(user, round_):
    """The proposals of a round that no conflict, no assessment of her own and no practice closes."""
    owed = Assignment.objects.waiting_for(user).values("proposal_id")
    found = Proposal.objects.visible_to(user).filter(round=round_, is_practice=False).exclude(pk__in=owed)
    return found.select_related("applicant", "round").order_by("reference", "pk")


def scorecards_to_take(user, proposal):
    """(issued scorecards and finished ones of the submissions as they are, how many are not made)."""
    rows = scorecard_rows(visible_assessments(user, proposal.round).filter(proposal=proposal).order_by("pk"))
    made = [row.report for row in rows if row.report]
    issued = IssuedReport.objects.issued().visible_to(user).filter(kind=ReportKind.SCORECARD)
    issued = issued.filter(assessment__proposal=proposal).order_by("pk")
    return [*issued, *made], len(rows) - len(made)


def reports_to_take(user, **holder):
    """Finished reports on a proposal or a round: all that were issued, and the newest of each that was not."""
    rows = IssuedReport.objects.visible_to(user).filter(**holder).exclude(kind=ReportKind.SCORECARD)
    found: dict[str, IssuedReport] = {}
    for report in rows.order_by("pk"):
        found[report.number or f"{report.kind} {report.subject_key}"] = report
    return sorted(found.values(), key=lambda report: report.pk)


def documents_to_take(proposal):
    """What was received and not removed."""
    return proposal.documents.kept().order_by("kind", "pk")
