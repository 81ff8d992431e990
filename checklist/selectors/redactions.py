"""Which words are left out of reports, and at which findings somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from checklist.models import Redaction
from checklist.sensitive import Finding, find, texts_of


@dataclass(frozen=True)
class Looked:
    """A finding in a report with what was decided on it: a Redaction, or None while nobody has looked."""

    finding: Finding
    decided: Redaction | None


def redactions_for(holders):
    """Those that bear on reports of these holders: of a proposal and its round, or of a round and all in it."""
    proposal, round_ = proposal_and_round(holders)
    own = Q(proposal=proposal) if proposal else Q(proposal__round=round_)
    rows = Redaction.objects.filter(own | Q(round=round_)).select_related("by")
    return rows.order_by("pk")


def hidden_words(holders):
    """The words that reports of these holders leave out."""
    return list(redactions_for(holders).filter(is_hidden=True).values_list("text", flat=True))


def findings_in(report, holders):
    """What looks sensitive in a report, before anything is left out, each with what was decided."""
    decided = {row.text: row for row in redactions_for(holders)}
    return [Looked(finding, decided.get(finding.text)) for finding in find(texts_of(report))]


def open_findings(report, holders):
    """Findings at which nobody has looked: they keep the report in the house."""
    return [each.finding for each in findings_in(report, holders) if each.decided is None]


def proposal_and_round(holders):
    """What a report belongs to: (proposal or None, its round)."""
    assessment = holders.get("assessment")
    proposal = assessment.proposal if assessment else holders.get("proposal")
    return proposal, proposal.round if proposal else holders["round"]
