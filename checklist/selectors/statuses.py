"""What a person may know of the state of a proposal: a decision stays hidden while she owes an assessment of it."""

from django.db.models import Case, F, Value, When

from checklist.models import Assignment
from proposals.enums import ProposalStatus
from proposals.rules import roles_in
from screening.enums import RoundRole

# States that say what the funder decided.
OUTCOMES = (
    ProposalStatus.FUNDED,
    ProposalStatus.FUNDED_WITH_CONDITIONS,
    ProposalStatus.RESERVE,
    ProposalStatus.DECLINED,
)
# What stands instead.
INSTEAD = ProposalStatus.IN_REVIEW


def hidden_outcomes(user, proposals):
    """Ids of those of the proposals whose outcome she must not know yet. One query."""
    rows = Assignment.objects.waiting_for(user).filter(proposal__status__in=OUTCOMES, proposal__in=proposals)
    return frozenset(rows.values_list("proposal_id", flat=True))


def hidden_in_round(user, round_):
    """The same in one round; no query for those who do not review in it."""
    if RoundRole.REVIEWER not in roles_in(user, round_):
        return frozenset()
    rows = Assignment.objects.waiting_for(user).filter(proposal__status__in=OUTCOMES, proposal__round=round_)
    return frozenset(rows.values_list("proposal_id", flat=True))


def status_word(proposal, *, is_hidden):
    """The state of a proposal in words, as she may know it."""
    is_outcome = proposal.status in OUTCOMES
    return str((INSTEAD if is_hidden and is_outcome else ProposalStatus(proposal.status)).label)


def shown_status(hidden):
    """The state as it may be sorted by, where these proposals are hidden."""
    return Case(When(pk__in=hidden, then=Value(str(INSTEAD))), default=F("status"))


def in_status(proposals, value, hidden):
    """Those of the proposals that are shown in this state."""
    if not hidden:
        return proposals.filter(status=value)
    return proposals.annotate(shown_status=shown_status(hidden)).filter(shown_status=value)
