"""Who may do what: every role with a plain description and its list of permissions.

This table is what an auditor reads. Predicates in each app's `rules.py` ask it; nothing
else decides by role name.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .enums import RoundRole, SystemRole


@dataclass(frozen=True)
class Role:
    """`permissions` are words used by the predicates in `rules.py` of the two domain apps."""

    code: str
    label: object
    description: object
    permissions: frozenset[str]


ROUND_ROLES = {
    role.code: role
    for role in (
        Role(
            RoundRole.PROGRAMME_OFFICER,
            _("Programme officer"),
            _("Runs the round: puts proposals in, chooses reviewers, reads results. Does not judge."),
            frozenset(
                {
                    "see_round",
                    "change_round",
                    "grant_roles",
                    "see_proposals",
                    "import_proposals",
                    "change_proposal",
                    "add_document",
                    "assign_reviewers",
                    "see_assignments",
                    "see_assessments",
                    "reopen_assessment",
                    "export",
                    "see_history",
                    "check_eligibility",
                    "see_conflicts",
                    "decide_conflicts",
                    "prepare_practice",
                    "see_panel",
                    "discuss",
                    "see_agreement",
                    "see_offsets",
                    "see_ranking",
                    "see_decisions",
                    "decide",
                    "ask_applicant",
                    "see_questions",
                    "send_messages",
                    "issue_reports",
                }
            ),
        ),
        Role(
            RoundRole.CHAIR,
            _("Chair"),
            _("Leads the panel and reads all submitted assessments."),
            frozenset(
                {
                    "see_round",
                    "see_proposals",
                    "see_assignments",
                    "see_assessments",
                    "export",
                    "see_history",
                    "see_conflicts",
                    "decide_conflicts",
                    "prepare_practice",
                    "see_panel",
                    "discuss",
                    "lead_panel",
                    "write_consensus",
                    "recommend",
                    "override_stop",
                    "see_agreement",
                    "see_ranking",
                    "see_decisions",
                    "see_questions",
                }
            ),
        ),
        Role(
            RoundRole.REVIEWER,
            _("Reviewer"),
            _("Judges the proposals assigned to her, after declaring that she has no conflict of interest."),
            frozenset({"see_round", "assess"}),
        ),
        Role(
            RoundRole.OBSERVER,
            _("Observer"),
            _("Reads proposals and submitted assessments of the round. Changes nothing."),
            frozenset(
                {
                    "see_round",
                    "see_proposals",
                    "see_assessments",
                    "see_panel",
                    "see_agreement",
                    "see_ranking",
                    "see_decisions",
                    "see_questions",
                }
            ),
        ),
    )
}

SYSTEM_ROLES = {
    role.code: role
    for role in (
        Role(
            SystemRole.ADMINISTRATOR,
            _("Administrator"),
            _("Adds people, opens rounds, names programme officers and instrument editors. Sees no judgement."),
            frozenset(
                {"manage_people", "open_round", "see_round", "change_round", "grant_roles", "manage_instruments"}
            ),
        ),
        Role(
            SystemRole.INSTRUMENT_EDITOR,
            _("Instrument editor"),
            _("Writes, checks and publishes versions of the instruments. Sees no judgement."),
            frozenset({"see_instruments", "manage_instruments", "edit_instruments"}),
        ),
        Role(
            SystemRole.AUDITOR,
            _("Auditor"),
            _("Reads everything in every round, the audit trail too. Changes nothing."),
            frozenset(
                {
                    "see_round",
                    "see_proposals",
                    "see_assignments",
                    "see_assessments",
                    "export",
                    "see_history",
                    "see_people",
                    "see_instruments",
                    "see_conflicts",
                    "see_panel",
                    "see_agreement",
                    "see_offsets",
                    "see_ranking",
                    "see_decisions",
                    "see_questions",
                }
            ),
        ),
    )
}


def round_roles_with(permission: str) -> list[str]:
    """Codes of the round roles that carry a permission."""
    return [code for code, role in ROUND_ROLES.items() if permission in role.permissions]


def has_system_permission(user, permission: str) -> bool:
    """Whether one of the user's system roles carries the permission."""
    return any(permission in SYSTEM_ROLES[role].permissions for role in user.system_roles)
