"""Which words are left out of reports, and at which findings somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from checklist.models import Redaction
from checklist.sensitive import BY_LETTER, Finding, any_of, find, folded, spans_of, texts_of

from .naming import letters_by_name


@dataclass(frozen=True)
class Looked:
    """A finding in a report with what was decided on it: a Redaction, or None while nobody has looked."""

    finding: Finding
    decided: Redaction | None


def redactions_for(holders):
    """{words: Redaction} that bear on reports of these holders.

    On a proposal: its own, and what is left out of the whole round. What was let stand in a report on the
    round was not looked at for an applicant, so it does not count. On a round: its own, and those of all its
    proposals, leaving out before letting stand. The holder's own decision goes before any other.
    """
    proposal, round_ = proposal_and_round(holders)
    if proposal:
        others, own = Q(round=round_, is_hidden=True), Q(proposal=proposal)
    else:
        others, own = Q(proposal__round=round_), Q(round=round_)
    rows = Redaction.objects.filter(others | own).select_related("by").order_by("is_hidden", "pk")
    is_own = (lambda row: row.proposal_id is not None) if proposal else (lambda row: row.round_id is not None)
    return {row.text: row for row in sorted(rows, key=is_own)}


def hidden_words(holders):
    """{words that reports of these holders leave out: the letter that stands in their place, or ""}.

    A letter is that of a reviewer of the proposal; in a report on a round nobody has one.
    """
    hidden = {text: row for text, row in redactions_for(holders).items() if row.is_hidden}
    by_letter = [text for text, row in hidden.items() if row.kind == BY_LETTER]
    proposal, _round = proposal_and_round(holders)
    letters = letters_by_name(proposal) if by_letter and proposal else {}
    return {text: letters.get(folded(text), "") if text in by_letter else "" for text in hidden}


def findings_in(report, holders, inside=()):
    """What looks sensitive in a report, before anything is left out, each with what was decided.

    `inside` are words that do not reach an applicant without a look.
    """
    decided = redactions_for(holders)
    return [Looked(finding, decided.get(finding.text)) for finding in find(texts_of(report), inside)]


def open_findings(report, holders, inside=()):
    """Findings at which nobody has looked: they keep the report in the house."""
    return [each.finding for each in findings_in(report, holders, inside) if each.decided is None]


def left_out_beside(report, holders, shown):
    """Redactions that leave something out and are not among the findings that are `shown`.

    Those of other proposals, and of the whole round, only where their words stand in this report: they
    may be about a proposal that is closed to whoever looks.
    """
    proposal, _round = proposal_and_round(holders)
    texts = list(texts_of(report))

    def is_here(row):
        pattern = any_of([row.text])
        return (proposal and row.proposal_id) or any(spans_of(pattern, text) for text in texts)

    rows = redactions_for(holders).items()
    return [row for text, row in rows if row.is_hidden and text not in shown and is_here(row)]


def proposal_and_round(holders):
    """What a report belongs to: (proposal or None, its round)."""
    assessment = holders.get("assessment")
    proposal = assessment.proposal if assessment else holders.get("proposal")
    return proposal, proposal.round if proposal else holders["round"]
