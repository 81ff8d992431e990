"""Who may do what with rounds and proposals, as predicates named like sentences.

A predicate about one object and the matching `visible_to` of its queryset must agree;
`tests/test_permissions.py` compares them.
"""

import rules

from screening.enums import RoundRole
from screening.roles import ROUND_ROLES, has_system_permission
from screening.statements import KeptQuery

from .enums import AccessLevel
from .models import ProposalAccess, RoleGrant

_GRANTS = KeptQuery(lambda user_pk: RoleGrant.objects.filter(user_id=user_pk).values_list("round_id", "role"))
_LEVELS = KeptQuery(
    lambda user_pk, proposal_pk: ProposalAccess.objects.filter(user_id=user_pk, proposal_id=proposal_pk).values_list(
        "level"
    )
)


def _roles_by_round(user):
    """{round id: codes of the roles held}; one query per user object, then from memory."""
    if not hasattr(user, "_roles_by_round"):
        user._roles_by_round = {}
        for round_pk, role in _GRANTS(user.pk):
            user._roles_by_round.setdefault(round_pk, set()).add(role)
    return user._roles_by_round


def roles_in(user, round_):
    """Codes of the roles the user holds in the round."""
    return _roles_by_round(user).get(round_.pk, set())


def roles_anywhere(user):
    """Codes of the roles the user holds in any round."""
    return set().union(*_roles_by_round(user).values())


def may(user, round_, permission):
    """Whether a role in the round, or a system role, carries the permission."""
    if has_system_permission(user, permission):
        return True
    return any(permission in ROUND_ROLES[role].permissions for role in roles_in(user, round_))


def _in_round(permission):
    @rules.predicate(f"may {permission} in this round")
    def predicate(user, round_):
        return may(user, round_, permission)

    return predicate


can_see_round = _in_round("see_round")
can_change_round = _in_round("change_round")
can_grant_roles = _in_round("grant_roles")
can_see_proposals = _in_round("see_proposals")
can_import_proposals = _in_round("import_proposals")
can_assign_reviewers = _in_round("assign_reviewers")
can_see_assignments = _in_round("see_assignments")
can_export = _in_round("export")


@rules.predicate
def can_open_round(user):
    """Administrators, and whoever already runs a round as programme officer."""
    return has_system_permission(user, "open_round") or any(
        RoundRole.PROGRAMME_OFFICER in roles for roles in _roles_by_round(user).values()
    )


@rules.predicate
def can_see_people(user):
    return has_system_permission(user, "manage_people") or has_system_permission(user, "see_people")


def access_level(user, proposal):
    """The person's own access row for the proposal, or None. Remembered on the user object."""
    remembered = user.__dict__.setdefault("_access_levels", {})
    if proposal.pk not in remembered:
        rows = _LEVELS(user.pk, proposal.pk)
        remember_access(user, proposal.pk, rows[0][0] if rows else None)
    return remembered[proposal.pk]


def remember_access(user, proposal_pk, level):
    """Spare `access_level` its query where the row was read with something else."""
    user.__dict__.setdefault("_access_levels", {})[proposal_pk] = level


@rules.predicate
def is_closed_by_conflict(user, proposal):
    return access_level(user, proposal) == AccessLevel.CLOSED


@rules.predicate
def can_read_proposal(user, proposal):
    """By role in the round, or opened to this reviewer; never where a conflict closes it."""
    level = access_level(user, proposal)
    if level == AccessLevel.CLOSED:
        return False
    return level == AccessLevel.FULL or may(user, proposal.round, "see_proposals")


@rules.predicate
def can_see_proposal_name(user, proposal):
    """Title, applicant and partners: enough to declare a conflict of interest."""
    return access_level(user, proposal) == AccessLevel.NAMED or can_read_proposal(user, proposal)


def _on_readable_proposal(permission):
    @rules.predicate(f"may {permission} on a proposal she may read")
    def predicate(user, proposal):
        return can_read_proposal(user, proposal) and may(user, proposal.round, permission)

    return predicate


can_change_proposal = _on_readable_proposal("change_proposal")
can_add_document = _on_readable_proposal("add_document")
can_see_history = _on_readable_proposal("see_history")
can_reopen_assessment = _on_readable_proposal("reopen_assessment")
