"""The demo's panel: the consensus on the most split proposal is begun, and two people talk about it."""

from checklist.actions.consensus import begin_consensus
from checklist.actions.panels import add_to_discussion
from checklist.selectors.panel_rounds import panel_rows
from checklist.selectors.panels import individual_assessments


def begin_panel(round_, *, chair):
    """By the actions; nothing where no proposal has two assessments."""
    rows, _waiting = panel_rows(chair, round_)
    if not rows:
        return
    proposal = rows[0].proposal
    begin_consensus(proposal=proposal, by=chair)
    reviewer = individual_assessments(proposal).first().reviewer
    add_to_discussion(
        proposal=proposal,
        text=f"I stand by my answers, but I would like to hear how the others read the annex. @{chair}, can we begin there?",
        by=reviewer,
    )
    add_to_discussion(
        proposal=proposal, text="Yes. We begin with the criteria on which you are farthest apart.", by=chair
    )
