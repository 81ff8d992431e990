"""Conditions a proposal has to meet before anyone reviews it, and who found it to meet them.

A proposal that fails one is not eligible: it stays in lists, exports and history with the reasons,
and never enters the review. All conditions passed, and it may be assigned.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import CheckOutcome
from checklist.models import Assignment, EligibilityCheck, EligibilityResult
from checklist.rules import can_check_eligibility, can_check_proposal
from checklist.selectors.assigning import OPEN_STATES
from proposals.actions.proposals import set_status
from proposals.enums import AccessLevel, ProposalStatus
from proposals.models import FundingRound, Proposal
from screening import audit

# Whoever stands further than this is past its eligibility.
CHECKED_STATES = (ProposalStatus.RECEIVED, ProposalStatus.INELIGIBLE, ProposalStatus.IN_REVIEW)


class CannotSetChecks(Exception):
    """The conditions cannot be changed like this; the message says why, `row` at which one (from 0)."""

    def __init__(self, message, row=None):
        super().__init__(message)
        self.row = row


class CannotCheck(Exception):
    """The result cannot be recorded; the message says why, `check_pk` of which condition."""

    def __init__(self, message, check_pk=None):
        super().__init__(message)
        self.check_pk = check_pk


@dataclass(frozen=True)
class Condition:
    """One condition as a form gives it; `pk` is None for a new one."""

    wording: str
    guidance: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Finding:
    """What was found of one condition: `outcome` is a CheckOutcome, or "" while it is open."""

    outcome: str = ""
    reason: str = ""


@transaction.atomic
def set_checks(*, round_, conditions, by):
    """Put these Conditions, in this order, in the place of the round's eligibility checks.

    One with results on record keeps its wording and cannot go: what was judged stays what was
    judged. Raises CannotSetChecks.
    """
    FundingRound.objects.select_for_update().get(pk=round_.pk)
    known = {check.pk: check for check in round_.eligibility_checks.order_by("position", "pk")}
    before = [_condition_said(check) for check in known.values()]
    used = set(EligibilityResult.objects.filter(check_made__round=round_).values_list("check_made_id", flat=True))
    _check_conditions(conditions, known, used)
    kept = {each.pk for each in conditions}
    EligibilityCheck.objects.filter(pk__in=[pk for pk in known if pk not in kept]).delete()
    rows = []
    for position, each in enumerate(conditions, start=1):
        row = known.get(each.pk) or EligibilityCheck(round=round_)
        row.position, row.wording, row.guidance = position, each.wording, each.guidance
        row.save()
        rows.append(row)
    after = [_condition_said(check) for check in rows]
    if before != after:
        audit.record(
            "eligibility_checks_set",
            round_,
            by=by,
            round_id=round_.pk,
            before={"conditions": before},
            after={"conditions": after},
        )
    return rows


@transaction.atomic
def record_eligibility(*, proposal, findings, by, change_reason=""):
    """Record {check id: Finding} for one proposal and return it in the state that follows.

    A failure needs a reason, which the applicant may read. What is on record already is changed or
    taken back only with `change_reason`. Raises CannotCheck, for whoever does not check it too.
    """
    held = Proposal.objects.select_for_update(of=("self",)).select_related("round").get(pk=proposal.pk)
    if not can_check_proposal(by, held):
        raise CannotCheck(_("Only a programme officer of the round to whom the proposal is open checks it."))
    _check_state(held)
    checks = {check.pk: check for check in held.round.eligibility_checks.all()}
    stored = {row.check_made_id: row for row in held.eligibility_results.all()}
    changed = {}
    for pk, finding in findings.items():
        if pk not in checks:
            raise CannotCheck(_("This condition does not belong to the round."))
        finding = _clean(finding, checks[pk])
        if finding != _found(stored.get(pk)):
            changed[pk] = finding
    if not changed:
        return held
    if any(pk in stored for pk in changed) and not change_reason.strip():
        raise CannotCheck(_("Say why you change what is on record. The reason stays in the history."))
    before = {checks[pk].wording: _finding_said(_found(stored.get(pk))) for pk in changed}
    for pk, finding in changed.items():
        _store(held, pk, finding, by)
    audit.record(
        "eligibility_checked",
        held,
        by=by,
        thread=held.thread,
        round_id=held.round_id,
        before=before,
        after={checks[pk].wording: _finding_said(finding) for pk, finding in changed.items()},
        note=change_reason.strip(),
    )
    return _settle(held, by)


@transaction.atomic
def pass_all(*, round_, proposals, by):
    """Pass every condition that is still open, on each of these proposals; returns those it was done for.

    What failed stays failed, and whoever is past its eligibility is left alone, as is what a conflict of interest
    closes to her. Raises CannotCheck for whoever checks nothing in the round.
    """
    if not can_check_eligibility(by, round_):
        raise CannotCheck(_("Only a programme officer of the round checks what is eligible."))
    checks = list(round_.eligibility_checks.order_by("position", "pk"))
    pks = [proposal.pk for proposal in proposals]
    rows = Proposal.objects.counted().filter(pk__in=pks, round=round_, status__in=CHECKED_STATES)
    rows = rows.exclude(pk__in=by.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id"))
    held = list(rows.select_for_update().order_by("pk"))
    known = set(EligibilityResult.objects.filter(proposal__in=held).values_list("proposal_id", "check_made_id"))
    new, done = [], []
    for proposal in held:
        missing = [check for check in checks if (proposal.pk, check.pk) not in known]
        if missing:
            done.append((proposal, missing))
        new += [
            EligibilityResult(check_made=check, proposal=proposal, outcome=CheckOutcome.PASSED, by=by)
            for check in missing
        ]
    EligibilityResult.objects.bulk_create(new, batch_size=200)
    audit.record_many(
        {
            "event": "eligibility_checked",
            "subject": proposal,
            "by": by,
            "thread": proposal.thread,
            "round_id": round_.pk,
            "after": {check.wording: str(CheckOutcome.PASSED) for check in missing},
        }
        for proposal, missing in done
    )
    return [proposal for proposal, _missing in done]


def _check_conditions(conditions, known, used):
    seen = set()
    for row, each in enumerate(conditions):
        if not each.wording.strip():
            raise CannotSetChecks(_("Write the condition."), row)
        if each.wording.casefold() in seen:
            raise CannotSetChecks(_("This condition is there twice."), row)
        seen.add(each.wording.casefold())
        if each.pk is not None and each.pk not in known:
            raise CannotSetChecks(_("This condition was removed in the meantime. Look at the list again."), row)
        if each.pk in used and each.wording != known[each.pk].wording:
            raise CannotSetChecks(
                _("Proposals were checked against these words already. Add a new condition instead."), row
            )
    kept = {each.pk for each in conditions}
    for pk in used - kept:
        if pk in known:
            raise CannotSetChecks(
                _("“%(condition)s” has results on record and cannot be removed.") % {"condition": known[pk].wording}
            )


def _check_state(proposal):
    if proposal.is_practice:
        raise CannotCheck(_("A proposal for practice is not checked."))
    if proposal.status not in CHECKED_STATES:
        raise CannotCheck(
            _("This proposal is in the state “%(state)s”, so its eligibility is not changed any more.")
            % {"state": proposal.get_status_display()}
        )


def _clean(finding, check):
    reason = finding.reason.strip() if finding.outcome else ""
    if finding.outcome and finding.outcome not in CheckOutcome.values:
        raise CannotCheck(_("This is not one of the results of a check."), check.pk)
    if finding.outcome == CheckOutcome.FAILED and not reason:
        raise CannotCheck(_("Say why the proposal fails this condition. The applicant may read it."), check.pk)
    return Finding(str(finding.outcome), reason)


def _found(row):
    """The stored result as a Finding."""
    return Finding(str(row.outcome), row.reason) if row else Finding()


def _store(proposal, check_pk, finding, by):
    if not finding.outcome:
        EligibilityResult.objects.filter(proposal=proposal, check_made_id=check_pk).delete()
        return
    EligibilityResult.objects.update_or_create(
        proposal=proposal,
        check_made_id=check_pk,
        defaults={"outcome": finding.outcome, "reason": finding.reason, "by": by, "at": timezone.now()},
    )


def _settle(proposal, by):
    """Give the proposal the state that its results call for, and return it."""
    failed = list(proposal.eligibility_results.filter(outcome=CheckOutcome.FAILED).order_by("check_made__position"))
    if failed:
        reasons = " ".join(row.reason for row in failed)
        return set_status(proposal=proposal, status=ProposalStatus.INELIGIBLE, by=by, note=reasons)
    if proposal.status != ProposalStatus.INELIGIBLE:
        return proposal
    is_asked = Assignment.objects.filter(proposal=proposal, state__in=OPEN_STATES).exists()
    status = ProposalStatus.IN_REVIEW if is_asked else ProposalStatus.RECEIVED
    return set_status(proposal=proposal, status=status, by=by)


def _condition_said(check):
    return f"{check.wording} ({check.guidance})" if check.guidance else check.wording


def _finding_said(finding):
    return f"{finding.outcome}: {finding.reason}" if finding.reason else finding.outcome
