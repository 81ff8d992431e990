"""How the database keeps `ProposalDigest` in step with proposals, assignments and assessments."""

from screening.guards import Keeper

_OPEN = "s.state IN ('assigned', 'declared')"
_IN = "a.state = 'submitted'"


def _sum(condition):
    return f"COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)"


COUNTS = {
    "asked": _sum(_OPEN),
    "submitted": _sum(f"{_OPEN} AND {_IN}"),
    "undeclared": _sum("s.state = 'assigned'"),
    "conflicted": _sum("s.state = 'conflicted'"),
    "first_due_on": f"MIN(CASE WHEN {_OPEN} AND (a.state IS NULL OR NOT {_IN}) THEN s.due_on END)",
}


def _counts_of(proposal_id):
    return (
        f"SELECT {', '.join(COUNTS.values())} FROM checklist_assignment s "  # noqa: S608 - words of ours
        f"LEFT JOIN checklist_assessment a ON a.assignment_id = s.id WHERE s.proposal_id = {proposal_id}"
    )


def _recounts(name, table, operation, row):
    """Counts the assignments of the proposal of this row anew."""
    return Keeper(
        name,
        table,
        operation,
        f"UPDATE checklist_proposaldigest SET ({', '.join(COUNTS)}) = ({_counts_of(f'{row}.proposal_id')}) "  # noqa: S608
        f"WHERE proposal_id = {row}.proposal_id",
        locked=f"checklist_proposaldigest WHERE proposal_id = {row}.proposal_id",
    )


KEEPERS = (
    Keeper(
        "digest_proposal_insert",
        "proposals_proposal",
        "INSERT",
        "INSERT INTO checklist_proposaldigest "
        "(proposal_id, round_id, search_text, asked, submitted, undeclared, conflicted) "
        "VALUES (NEW.id, NEW.round_id, NEW.search_text, 0, 0, 0, 0)",
    ),
    Keeper(
        "digest_proposal_update",
        "proposals_proposal",
        "UPDATE OF round_id, search_text",
        "UPDATE checklist_proposaldigest SET round_id = NEW.round_id, search_text = NEW.search_text "
        "WHERE proposal_id = NEW.id",
    ),
    _recounts("digest_assignment_insert", "checklist_assignment", "INSERT", "NEW"),
    _recounts("digest_assignment_update", "checklist_assignment", "UPDATE OF state, due_on", "NEW"),
    _recounts("digest_assignment_delete", "checklist_assignment", "DELETE", "OLD"),
    _recounts("digest_assessment_insert", "checklist_assessment", "INSERT", "NEW"),
    _recounts("digest_assessment_update", "checklist_assessment", "UPDATE OF state", "NEW"),
    _recounts("digest_assessment_delete", "checklist_assessment", "DELETE", "OLD"),
)
