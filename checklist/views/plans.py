"""Automatic assignment: a plan is made, looked at, adjusted, then applied or discarded."""

from math import ceil

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from checklist.actions.plans import (
    CannotApplyPlan,
    CannotChangePlan,
    CannotMakePlan,
    apply_plan,
    discard_plan,
    make_plan,
    put_in_plan,
    take_out_of_plan,
)
from checklist.enums import PlanState
from checklist.forms.plans import ApplyForm, PlanForm
from checklist.models import AssignmentPlan, RoundRules
from checklist.selectors.assigning import reviewers_of
from checklist.selectors.plans import (
    choices_for,
    draft_plan,
    loads_of,
    plannable,
    problems_of,
    proposals_in_plan,
    rows_of,
)
from proposals import rules as proposal_rules
from proposals.views.loading import load_round
from screening.listing import PAGE_SIZE
from screening.row_ids import row_id


@login_required
def plan_start(request, reference):
    """Say how many and how much; the plan is shown next."""
    round_ = load_round(request, reference, needs=proposal_rules.can_assign_reviewers)
    counts = plannable(round_, request.user).count(), len(reviewers_of(round_))
    draft = draft_plan(round_)
    form = PlanForm(request.POST or None, initial=_first_values(round_, *counts, draft))
    if request.method == "POST" and form.is_valid():
        try:
            plan = make_plan(round_=round_, by=request.user, **form.cleaned_data)
        except CannotMakePlan as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("checklist:plan-detail", plan.pk)
    context = {
        "round": round_,
        "form": form,
        "draft": draft,
        "proposal_count": counts[0],
        "reviewer_count": counts[1],
    }
    return render(request, "checklist/plan_start.html", context)


def _first_values(round_, proposals, reviewers, draft):
    """What the form offers: the round's own numbers, room enough for all, the next draw."""
    wanted = round_.reviewers_wanted
    own = RoundRules.objects.filter(round=round_).values_list("maximum_load", flat=True).first()
    return {
        "per_proposal": wanted,
        "most": own or max(1, ceil(1.2 * proposals * wanted / reviewers) if reviewers else 10),
        "seed": draft.seed + 1 if draft else 1,
        "overlap": True,
    }


@login_required
def plan_detail(request, pk):
    """The plan: who would be asked for what and why, the loads, and what stands in the way."""
    plan = _load(request, pk)
    round_ = plan.round
    page = Paginator(proposals_in_plan(plan, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    problems, more_problems = problems_of(plan, request.user)
    context = {
        "round": round_,
        "plan": plan,
        "is_draft": plan.state == PlanState.DRAFT,
        "page": page,
        "rows": rows_of(plan, page.object_list),
        "pair_count": plan.pairs.count(),
        "loads": loads_of(plan),
        "problems": problems,
        "more_problems": more_problems,
        "form": ApplyForm(initial={"due_on": round_.review_due_on}),
        "next_seed": plan.seed + 1,
    }
    return render(request, "checklist/plan_detail.html", context)


@login_required
@require_POST
def plan_apply(request, pk):
    plan = _load(request, pk)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The date could not be read. Nobody was asked."))
        return redirect("checklist:plan-detail", pk)
    try:
        made = apply_plan(plan=plan, due_on=form.cleaned_data["due_on"], by=request.user)
    except CannotApplyPlan as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:plan-detail", pk)
    text = ngettext("%(n)s request is made.", "%(n)s requests are made.", len(made)) % {"n": len(made)}
    messages.success(request, _("%(text)s Each reviewer declares first, then assesses.") % {"text": text})
    return redirect("checklist:assignment-list", plan.round.reference)


@login_required
@require_POST
def plan_discard(request, pk):
    plan = _load(request, pk)
    try:
        discard_plan(plan=plan, by=request.user)
    except CannotChangePlan as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The plan is discarded. Nobody was asked by it."))
    return redirect("checklist:plan-start", plan.round.reference)


@login_required
def plan_proposal(request, pk, proposal_pk):
    """One proposal of the plan: put somebody in, take somebody out, or exchange."""
    plan = _load(request, pk)
    proposal = get_object_or_404(plannable(plan.round, request.user).select_related("applicant"), pk=proposal_pk)
    if request.method == "POST":
        try:
            _changed(request, plan, proposal)
        except CannotChangePlan as refusal:
            messages.error(request, str(refusal))
        return redirect("checklist:plan-proposal", pk, proposal_pk)
    [row] = rows_of(plan, [proposal])
    context = {
        "round": plan.round,
        "plan": plan,
        "row": row,
        "choices": choices_for(plan, proposal, request.user),
        "is_draft": plan.state == PlanState.DRAFT,
    }
    return render(request, "checklist/plan_proposal.html", context)


def _changed(request, plan, proposal):
    pairs = {str(pair.pk): pair for pair in plan.pairs.filter(proposal=proposal).select_related("reviewer", "proposal")}
    if "take" in request.POST:
        pair = pairs.get(request.POST["take"])
        if pair is None:
            raise Http404
        take_out_of_plan(pair=pair, by=request.user)
        messages.success(request, _("%(person)s is taken out.") % {"person": pair.reviewer})
        return
    reviewer = reviewers_of(plan.round).filter(pk=_number(request.POST.get("reviewer"))).first()
    if reviewer is None:
        raise CannotChangePlan(_("Choose a reviewer."))
    instead_of = pairs.get(request.POST.get("instead_of", ""))
    put_in_plan(plan=plan, proposal=proposal, reviewer=reviewer, instead_of=instead_of, by=request.user)
    messages.success(request, _("%(person)s is put in.") % {"person": reviewer})


def _number(text):
    return row_id(text) or 0


def _load(request, pk):
    """The plan with its round; 404 for whoever may not know the round, 403 for who may not assign in it."""
    plan = get_object_or_404(AssignmentPlan.objects.select_related("round", "made_by"), pk=pk)
    if not proposal_rules.can_see_round(request.user, plan.round):
        raise Http404
    request.round = plan.round
    if not proposal_rules.can_assign_reviewers(request.user, plan.round):
        raise PermissionDenied
    return plan
