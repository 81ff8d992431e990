"""What the database refuses: changes to a published version, and to a submitted assessment."""

from screening.guards import Guard

_FROZEN = "This version is published and cannot be changed."
_VERSION = "checklist_instrumentversion"


def _published(version_id):
    return f"EXISTS (SELECT 1 FROM {_VERSION} v WHERE v.id = {version_id} AND v.state <> 'draft')"


def _published_criterion(criterion_id):
    return (
        f"EXISTS (SELECT 1 FROM {_VERSION} v JOIN checklist_criterion c ON c.version_id = v.id "
        f"WHERE c.id = {criterion_id} AND v.state <> 'draft')"
    )


def _three(table, of_old, of_new):
    """Guards for all three operations on one table under a version."""
    return [
        Guard(f"{table}_frozen_insert", table, "INSERT", of_new, _FROZEN),
        Guard(f"{table}_frozen_update", table, "UPDATE", f"({of_old} OR {of_new})", _FROZEN),
        Guard(f"{table}_frozen_delete", table, "DELETE", of_old, _FROZEN),
    ]


_FIXED_COLUMNS = (
    "instrument_id",
    "number",
    "result_kind",
    "applies_to",
    "title",
    "short_title",
    "language",
    "introduction",
    "source",
    "interpretation_note",
    "change_note",
    "content_hash",
)
_FIXED_MAY_BE_NULL = ("based_on_id", "published_at")


def _differs(column):
    """Whether a column that may be NULL changes; a bare <> says nothing where one side is NULL."""
    return f"COALESCE(CAST(OLD.{column} AS TEXT), '') <> COALESCE(CAST(NEW.{column} AS TEXT), '')"


_SUBMITTED = "This assessment is submitted and cannot be changed."


def _submitted(assessment_id):
    return f"EXISTS (SELECT 1 FROM checklist_assessment a WHERE a.id = {assessment_id} AND a.state = 'submitted')"


def _submitted_response(response_id):
    return (
        "EXISTS (SELECT 1 FROM checklist_assessment a JOIN checklist_response r ON r.assessment_id = a.id "
        f"WHERE r.id = {response_id} AND a.state = 'submitted')"
    )


def _answers(table, of):
    """Submitted answers can be neither added to, changed nor deleted."""
    return [
        Guard(f"{table}_locked_insert", table, "INSERT", of("NEW"), _SUBMITTED),
        Guard(f"{table}_locked_update", table, "UPDATE", f"({of('OLD')} OR {of('NEW')})", _SUBMITTED),
        Guard(f"{table}_locked_delete", table, "DELETE", of("OLD"), _SUBMITTED),
    ]


_ON_RECORD = "This is on record and cannot be changed."


def _append_only(table):
    """Rows are added, never changed; they go only with what they belong to."""
    return Guard(f"{table}_on_record", table, "UPDATE", "", _ON_RECORD)


_DECIDED_COLUMNS = ("proposal_id", "outcome", "conditions", "reasons", "by_id", "at", "applied_at")
_DECIDED_MAY_BE_NULL = ("reserve_order", "amount", "replaces_id")


def _decided():
    """An applied decision keeps every word; it can only be marked as replaced."""
    changed = [f"OLD.{column} <> NEW.{column}" for column in _DECIDED_COLUMNS]
    changed += [_differs(column) for column in (*_DECIDED_MAY_BE_NULL, "snapshot")]
    condition = (
        "OLD.state IN ('applied', 'replaced') AND (NEW.state NOT IN ('applied', 'replaced') OR "
        "(OLD.state = 'replaced' AND NEW.state = 'applied') OR " + " OR ".join(changed) + ")"
    )
    return [
        Guard("decision_applied_update", "checklist_decision", "UPDATE", condition, _ON_RECORD),
        Guard("decision_applied_delete", "checklist_decision", "DELETE", "OLD.state <> 'pending'", _ON_RECORD),
    ]


_ISSUED_COLUMNS = (
    "kind",
    "content_key",
    "file",
    "sha256",
    "size",
    "page_count",
    "language",
    "subject_key",
    "made_at",
    "number",
    "issued_at",
)
_ISSUED_MAY_BE_NULL = ("assessment_id", "proposal_id", "round_id", "supersedes_id")


def _issued():
    """A report that left the house stays as it is."""
    fixed = [f"OLD.{column} <> NEW.{column}" for column in _ISSUED_COLUMNS]
    changed = " OR ".join([*fixed, *map(_differs, _ISSUED_MAY_BE_NULL)])
    return [
        Guard(
            "report_issued_update",
            "checklist_issuedreport",
            "UPDATE",
            f"OLD.number <> '' AND ({changed} OR NEW.issued_at IS NULL)",
            _ON_RECORD,
        ),
        Guard("report_issued_delete", "checklist_issuedreport", "DELETE", "OLD.number <> ''", _ON_RECORD),
    ]


GUARDS = (
    _append_only("checklist_submittedstate"),
    _append_only("checklist_consensuschange"),
    _append_only("checklist_recommendation"),
    _append_only("checklist_stopoverride"),
    _append_only("checklist_discussionentry"),
    *_decided(),
    *_issued(),
    Guard(
        "version_frozen_update",
        _VERSION,
        "UPDATE",
        "OLD.state <> 'draft' AND (NEW.state = 'draft' OR "
        + " OR ".join(f"OLD.{column} <> NEW.{column}" for column in _FIXED_COLUMNS)
        + " OR "
        + " OR ".join(map(_differs, _FIXED_MAY_BE_NULL))
        + ")",
        _FROZEN,
    ),
    Guard("version_frozen_delete", _VERSION, "DELETE", "OLD.state <> 'draft'", _FROZEN),
    *_three("checklist_domain", _published("OLD.version_id"), _published("NEW.version_id")),
    *_three("checklist_criterion", _published("OLD.version_id"), _published("NEW.version_id")),
    *_three("checklist_criterionmatch", _published("OLD.version_id"), _published("NEW.version_id")),
    *_three("checklist_translation", _published("OLD.version_id"), _published("NEW.version_id")),
    *_three(
        "checklist_subquestion", _published_criterion("OLD.criterion_id"), _published_criterion("NEW.criterion_id")
    ),
    *_three("checklist_level", _published_criterion("OLD.criterion_id"), _published_criterion("NEW.criterion_id")),
    *_answers("checklist_response", lambda row: _submitted(f"{row}.assessment_id")),
    *_answers("checklist_subresponse", lambda row: _submitted_response(f"{row}.response_id")),
    *_answers("checklist_evidence", lambda row: _submitted_response(f"{row}.response_id")),
)
