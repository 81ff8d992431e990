"""Changes to proposals, each one transaction with its audit event."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from screening import audit

from ..enums import ProposalStatus
from ..models import Proposal
from ..selectors import facts_of
from ..validators import Problem, problems_of, settle
from . import writing


class InvalidProposal(Exception):
    """The facts cannot be a proposal; `problems` says what is wrong with which field."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class ProposalChangedMeanwhile(Exception):
    """Somebody else changed the proposal after this form was opened; `current` are the facts as they are now."""

    def __init__(self, current):
        self.current = current
        super().__init__(_("Somebody else changed this proposal while you were writing."))


@transaction.atomic
def register_proposal(*, round_, facts, by):
    """Add one proposal to the round from checked ProposalFacts and return it.

    Without a reference it gets the next one of the round. Raises InvalidProposal.
    """
    _check(facts)
    writing.lock_round(round_)
    _check_reference(round_, facts.reference)
    [proposal] = writing.create_proposals(round_, [(facts, "")])
    audit.record(
        "proposal_registered",
        proposal,
        by=by,
        thread=proposal.thread,
        round_id=round_.pk,
        after=writing.recorded(replace(facts, reference=proposal.reference)),
    )
    return proposal


@transaction.atomic
def change_proposal(*, proposal, facts, revision, by):
    """Put these facts in the place of what was known. Nothing is written when nothing differs.

    `revision` is the one the person saw. Raises InvalidProposal, or ProposalChangedMeanwhile
    when it is no longer the latest.
    """
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
    known = facts_of(locked)
    if locked.revision != revision:
        raise ProposalChangedMeanwhile(known)
    facts = settle(replace(facts, reference=facts.reference or locked.reference), known)
    _check(facts)
    before, after = writing.differences(known, facts)
    if not after:
        return locked
    if facts.reference != locked.reference:
        writing.lock_round(locked.round)
        _check_reference(locked.round, facts.reference)
    writing.rewrite_proposals([(locked, facts)])
    audit.record(
        "proposal_changed",
        locked,
        by=by,
        thread=locked.thread,
        round_id=locked.round_id,
        before=before,
        after=after,
    )
    return locked


@transaction.atomic
def set_status(*, proposal, status, by, note=""):
    """Put the proposal into another state; the same state again changes nothing."""
    status = ProposalStatus(status)
    locked = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.status == status:
        return locked
    before, locked.status = locked.status, status
    locked.save(update_fields=["status"])
    audit.record(
        "proposal_status_changed",
        locked,
        by=by,
        thread=locked.thread,
        round_id=locked.round_id,
        before={"status": str(before)},
        after={"status": str(status)},
        note=note,
    )
    proposal.status = status
    return locked


def _check(facts):
    problems = problems_of(facts)
    if problems:
        raise InvalidProposal(problems)


def _check_reference(round_, reference):
    if reference and Proposal.objects.filter(round=round_, reference=reference).exists():
        message = _("This round already has a proposal with the reference “%(text)s”.") % {"text": reference}
        raise InvalidProposal([Problem("reference", message)])
