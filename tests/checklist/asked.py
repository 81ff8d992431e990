"""Assignments and submitted marks in any state, written straight into the tables; the list that shows them."""

from django.urls import reverse

from checklist.models import Assessment, Assignment, InstrumentVersion, SubmittedScore
from tests.factories import open_to

# Eleven marks that occur nowhere else on a page; in words "3 favourable, 8 adverse".
MARKS = "FFFAAAAAAAA"
IN_WORDS = "3 favourable, 8 adverse"


def asked(proposal, reviewer, state="declared", **fields):
    """An assignment with the access that goes with its state."""
    if state in ("declared", "conflicted"):
        fields.setdefault("declared_at", proposal.created_at)
        fields.setdefault("declaration", "Said in words.")
    if state == "declined":
        fields.setdefault("closing_reason", "On leave.")
    level = {"assigned": "named", "declared": "full", "conflicted": "closed"}.get(state)
    if level:
        open_to(proposal, reviewer, level)
    return Assignment.objects.create(proposal=proposal, reviewer=reviewer, state=state, **fields)


def handed_in(assignment, marks=MARKS):
    """A submitted assessment with the marks of one checklist."""
    assessment = Assessment.objects.create(
        assignment=assignment,
        proposal=assignment.proposal,
        reviewer=assignment.reviewer,
        state="submitted",
        submitted_at=assignment.assigned_at,
        submission_number=1,
    )
    version = InstrumentVersion.objects.filter(result_kind="share").first()
    SubmittedScore.objects.create(assessment=assessment, version=version, marks=marks, judged=11, total=11)
    return assessment


def marks_of(share):
    """Eleven marks that come to a share of 0, 5, 10 … 100 per cent, judged on ten items."""
    favourable, half = divmod(share, 10)
    marks = "F" * favourable + "P" * (half == 5)
    return f"{marks:A<10}X"


def list_url(round_):
    return reverse("checklist:proposal-list", args=[round_.reference])


def exported(client, round_, **query):
    response = client.get(list_url(round_), {"export": "csv", **query})
    return b"".join(response.streaming_content).decode("utf-8-sig")
