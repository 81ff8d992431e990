"""Plans of who could review what: made by the program, adjusted by an officer, applied as one."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import PlanState
from checklist.matching import match_reviewers
from checklist.models import AssignmentPlan, PlannedAssignment
from checklist.selectors.assigning import OPEN_STATES, reviewers_of
from checklist.selectors.conflicts import forbidden_in
from checklist.selectors.plans import REFUSED_STATES, loads_of, plan_input
from proposals.enums import AccessLevel
from proposals.models import FundingRound
from proposals.rules import can_assign_reviewers
from screening import audit

from .assignments import CannotAssign, assign_reviewers
from .conflicts import find_conflicts, find_in_round

LARGEST_SEED = 2_147_483_647


class CannotMakePlan(Exception):
    """No plan can be made of this; the message says why."""


class CannotChangePlan(Exception):
    """The plan cannot be changed like this; the message says why."""


class CannotApplyPlan(Exception):
    """The plan cannot be applied as it is; the message says why."""


class MayNotMakePlan(CannotMakePlan):
    """Whoever asks does not assign in the round."""


class MayNotChangePlan(CannotChangePlan):
    """Whoever asks does not assign in the round, or a conflict of interest closes the proposal to her."""


class MayNotApplyPlan(CannotApplyPlan):
    """Whoever asks does not assign in the round, or the plan holds a proposal that is closed to her."""


@transaction.atomic
def make_plan(*, round_, per_proposal, most, seed, overlap, by):
    """Work out who could review what and keep it as the round's plan, in the place of one not applied.

    Looks for conflicts first; pairs with one on record or to be looked at, and those who declined or
    abstained, are never planned. The same seed and the same round give the same plan. Nobody is asked.
    Raises CannotMakePlan; MayNotMakePlan for whoever does not assign here.
    """
    if not can_assign_reviewers(by, round_):
        raise MayNotMakePlan(_("Only a programme officer of the round can make a plan."))
    FundingRound.objects.select_for_update().get(pk=round_.pk)
    if per_proposal < 1 or most < 1 or not 0 <= seed <= LARGEST_SEED:
        raise CannotMakePlan(_("Each number has to be at least 1."))
    find_in_round(round_=round_, by=by)
    found = plan_input(round_, by)
    if not found.candidates:
        raise CannotMakePlan(_("The round has no reviewers yet. Name them first."))
    if not found.requests:
        raise CannotMakePlan(_("No proposal of the round can be assigned."))
    matching = match_reviewers(
        found.requests,
        found.candidates,
        found.forbidden,
        per_proposal=per_proposal,
        most=most,
        seed=seed,
        overlap=overlap,
    )
    for earlier in AssignmentPlan.objects.filter(round=round_, state=PlanState.DRAFT):
        _discard(earlier, by)
    plan = _stored(round_, matching, by, seed=seed, per_proposal=per_proposal, maximum_load=most)
    settings = {"per_proposal": per_proposal, "most": most, "seed": seed, "overlap": overlap}
    after = settings | {"pairs": len(matching.pairs)}
    audit.record("plan_made", plan, by=by, round_id=round_.pk, after=after, label=round_.title)
    return plan


@transaction.atomic
def put_in_plan(*, plan, proposal, reviewer, by, instead_of=None):
    """Put a reviewer in by hand, in the place of another pair where one is given; returns the new pair.

    Compared for conflicts of interest once more. Raises CannotChangePlan; MayNotChangePlan for whoever does
    not assign here, or has a conflict of interest on the proposal.
    """
    plan = _draft(plan, CannotChangePlan)
    _check_changer(plan, [proposal.pk], by)
    if instead_of is not None and (instead_of.plan_id, instead_of.proposal_id) != (plan.pk, proposal.pk):
        raise CannotChangePlan(_("The pair to be replaced is not in the plan any more."))
    find_conflicts(proposals=[proposal], people=[reviewer], by=by)
    _check_pair(plan, proposal, reviewer, by)
    before = {"reviewer": str(instead_of.reviewer)} if instead_of else None
    if instead_of is not None:
        instead_of.delete()
    try:
        with transaction.atomic():
            pair = PlannedAssignment.objects.create(
                plan=plan, proposal=proposal, reviewer=reviewer, reasons=[], is_by_hand=True
            )
    except IntegrityError:
        raise CannotChangePlan(
            _("%(person)s is in the plan for this proposal already.") % {"person": reviewer}
        ) from None
    _record_change(plan, proposal, by, before=before, after={"reviewer": str(reviewer)})
    return pair


@transaction.atomic
def take_out_of_plan(*, pair, by):
    """Take one pair out of a plan. Raises CannotChangePlan where the plan is not a draft any more; MayNotChangePlan."""
    plan = _draft(pair.plan, CannotChangePlan)
    _check_changer(plan, [pair.proposal_id], by)
    _record_change(plan, pair.proposal, by, before={"reviewer": str(pair.reviewer)}, after=None)
    pair.delete()


@transaction.atomic
def apply_plan(*, plan, due_on, by):
    """Ask everybody as planned and return the assignments; all of it or nothing.

    Raises CannotApplyPlan where a conflict has come up since for one of the pairs, or nothing is left to ask;
    MayNotApplyPlan for whoever does not assign here, or has a conflict of interest on one of its proposals.
    """
    plan = _draft(plan, CannotApplyPlan)
    pairs = list(plan.pairs.select_related("proposal", "reviewer"))
    _check_applier(plan, pairs, by)
    if not pairs:
        raise CannotApplyPlan(_("The plan asks nobody."))
    proposals = list({pair.proposal_id: pair.proposal for pair in pairs}.values())
    reviewers = list({pair.reviewer_id: pair.reviewer for pair in pairs}.values())
    find_conflicts(proposals=proposals, people=reviewers, by=by)
    forbidden = forbidden_in(plan.round)
    for pair in pairs:
        if (pair.proposal_id, pair.reviewer_id) in forbidden:
            raise CannotApplyPlan(
                _("There is a possible conflict of interest by now: %(person)s, %(proposal)s. Take the pair out first.")
                % {"person": pair.reviewer, "proposal": pair.proposal}
            )
    wanted = {(pair.proposal_id, pair.reviewer_id) for pair in pairs}
    every = {(proposal.pk, reviewer.pk) for proposal in proposals for reviewer in reviewers}
    try:
        made = assign_reviewers(
            round_=plan.round, proposals=proposals, reviewers=reviewers, due_on=due_on, leave_out=every - wanted, by=by
        )
    except CannotAssign as refusal:
        raise CannotApplyPlan(str(refusal)) from refusal
    if not made:
        raise CannotApplyPlan(_("Everybody in the plan was asked already. Make a new plan."))
    plan.state, plan.applied_at = PlanState.APPLIED, timezone.now()
    plan.save(update_fields=["state", "applied_at"])
    after = {"made": len(made), "due_on": due_on.isoformat() if due_on else None}
    audit.record("plan_applied", plan, by=by, round_id=plan.round_id, after=after, label=plan.round.title)
    return made


@transaction.atomic
def discard_plan(*, plan, by):
    """Put the plan aside; nobody was asked by it. Raises CannotChangePlan where it is not a draft; MayNotChangePlan."""
    plan = _draft(plan, CannotChangePlan)
    _check_changer(plan, [], by)
    _discard(plan, by)


def _stored(round_, matching, by, **numbers):
    """The plan with its pairs and what stands in the way."""
    problems = [_kept(obstacle) for obstacle in matching.obstacles]
    plan = AssignmentPlan.objects.create(round=round_, problems=problems, made_by=by, **numbers)
    rows = [
        PlannedAssignment(
            plan=plan,
            proposal_id=pair.proposal,
            reviewer_id=pair.reviewer,
            reasons=[str(why) for why in pair.reasons],
        )
        for pair in matching.pairs
    ]
    PlannedAssignment.objects.bulk_create(rows, batch_size=500)
    return plan


def _discard(plan, by):
    plan.state = PlanState.DISCARDED
    plan.save(update_fields=["state"])
    audit.record("plan_discarded", plan, by=by, round_id=plan.round_id, label=plan.round.title)


def _draft(plan, refusal):
    # The round before its plan, as everywhere: two at once wait for each other instead of blocking each other.
    FundingRound.objects.select_for_update().get(pk=plan.round_id)
    held = AssignmentPlan.objects.select_related("round").select_for_update(of=("self",)).get(pk=plan.pk)
    if held.state != PlanState.DRAFT:
        raise refusal(_("This plan was applied or discarded already."))
    return held


def _check_applier(plan, pairs, by):
    """An officer with a conflict of interest asks nobody to assess that proposal, by a plan neither."""
    if not can_assign_reviewers(by, plan.round):
        raise MayNotApplyPlan(_("Only a programme officer of the round can apply the plan."))
    if _is_closed(by, {pair.proposal_id for pair in pairs}):
        raise MayNotApplyPlan(
            _("A proposal in this plan is closed to you by a conflict of interest. Another officer has to apply it.")
        )


def _check_changer(plan, proposal_pks, by):
    if not can_assign_reviewers(by, plan.round):
        raise MayNotChangePlan(_("Only a programme officer of the round can change the plan."))
    if _is_closed(by, proposal_pks):
        raise MayNotChangePlan(
            _("This proposal is closed to you by a conflict of interest. Another officer has to plan its reviewers.")
        )


def _is_closed(by, proposal_pks):
    return by.accesses.filter(level=AccessLevel.CLOSED, proposal__in=proposal_pks).exists()


def _check_pair(plan, proposal, reviewer, by):
    if not reviewers_of(plan.round).filter(pk=reviewer.pk).exists():
        raise CannotChangePlan(_("%(person)s is not a reviewer in this round.") % {"person": reviewer})
    if not plan_input(plan.round, by, [proposal]).requests:
        raise CannotChangePlan(_("This proposal cannot be assigned."))
    if (proposal.pk, reviewer.pk) in forbidden_in(plan.round):
        raise CannotChangePlan(
            _("There is a conflict of interest or a sign of one: %(person)s. Decide about it first.")
            % {"person": reviewer}
        )
    previous = proposal.assignments.filter(reviewer=reviewer).values_list("state", flat=True).first()
    if previous in OPEN_STATES:
        raise CannotChangePlan(_("%(person)s is asked already.") % {"person": reviewer})
    if previous in REFUSED_STATES:
        raise CannotChangePlan(_("%(person)s declined or abstained before.") % {"person": reviewer})
    load = next((each.total for each in loads_of(plan) if each.reviewer.pk == reviewer.pk), 0)
    if load >= plan.maximum_load:
        raise CannotChangePlan(
            _("%(person)s would have more than %(n)s proposals.") % {"person": reviewer, "n": plan.maximum_load}
        )


def _record_change(plan, proposal, by, *, before, after):
    audit.record(
        "plan_changed",
        plan,
        by=by,
        round_id=plan.round_id,
        before=before,
        after=after,
        note=str(proposal),
        label=plan.round.title,
    )


def _kept(obstacle):
    """An obstacle as the plan keeps it: put into words when it is shown."""
    return {
        "kind": str(obstacle.kind),
        "params": dict(obstacle.params),
        "proposals": list(obstacle.proposals),
        "reviewers": list(obstacle.reviewers),
    }
