"""One proposal: what the panel recommends, what stops it, what is decided, and what each decision rests on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from checklist import rules
from checklist.actions.decisions import CannotDecide, record_decision
from checklist.actions.recommendations import (
    CannotOverrideStop,
    CannotRecommend,
    not_decidable,
    override_stop,
    record_recommendation,
)
from checklist.enums import DecisionState, Outcome
from checklist.forms.decisions import DecisionForm, OverrideForm, RecommendationForm, WithdrawDecisionForm
from checklist.models import Criterion
from checklist.selectors.deciding import attach_standings, ranking_pin
from checklist.selectors.decisions import decision_in, decisions_of
from checklist.selectors.readiness import rules_of
from checklist.tables.decisions import decided_tag, number, result_words, snapshot_words
from proposals.views.loading import load_proposal

from .proposals import proposal_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_decision(request, pk):
    """Recommendation, stops and decision of one proposal; posting records one of the three."""
    proposal = load_proposal(request, pk, needs=rules.can_see_decision)
    forms = _forms(request, proposal)
    if request.method == "POST" and _taken(request, proposal, forms):
        return redirect("checklist:proposal-decision", proposal.pk)
    round_ = proposal.round
    attach_standings([proposal], round_, ranking_pin(round_))
    refusal = not_decidable(proposal)
    context = proposal_frame(request, proposal, "decision")
    context |= {
        "standing": proposal.standing,
        "result": result_words(proposal.standing),
        "pin": ranking_pin(round_),
        "recommendations": list(proposal.recommendations.select_related("by").order_by("-pk")),
        "stops": [(stop, _override_form(forms, stop, refusal)) for stop in proposal.standing.stops],
        "decisions": _in_words(decisions_of(proposal), request.LANGUAGE_CODE),
        "recommend_form": None if refusal else forms.get("recommend"),
        "decide_form": None if refusal or proposal.standing.pending else forms.get("decide"),
        "withdraw_form": WithdrawDecisionForm() if "decide" in forms else None,
        "refusal": refusal,
        "can_decide": "decide" in forms,
    }
    return render(request, "checklist/proposal_decision.html", context)


def _forms(request, proposal):
    """{step: form} of what this person may do here; the one that was sent is bound."""
    step, user = request.POST.get("step", ""), request.user
    found = {}

    def data(name):
        return request.POST if step == name else None

    if rules.can_recommend(user, proposal):
        found["recommend"] = RecommendationForm(data("recommend"), prefix="advice")
    if rules.can_override_stop(user, proposal):
        found["override"] = OverrideForm(data("override"), prefix="stop")
    if rules.can_decide(user, proposal):
        round_ = proposal.round
        same_currency = not proposal.currency or proposal.currency == round_.currency
        found["decide"] = DecisionForm(
            data("decide"),
            prefix="decision",
            keeps_reserve=rules_of(round_).has_reserve_list,
            currency=round_.currency,
            initial={
                "amount": proposal.amount if same_currency else None,
                "earlier": getattr(decision_in(DecisionState.APPLIED, proposal), "pk", None),
            },
        )
    if step and step not in found:
        raise PermissionDenied
    return found


def _taken(request, proposal, forms):
    """Whether what was sent is recorded now; else the refusal stands at the form."""
    step = request.POST.get("step", "")
    form = forms.get(step)
    if form is None or not form.is_valid():
        return False
    return {"recommend": _recommend, "override": _override, "decide": _decide}[step](request, proposal, form)


def _recommend(request, proposal, form):
    try:
        record_recommendation(proposal=proposal, by=request.user, **form.cleaned_data)
    except CannotRecommend as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    messages.success(request, _("The recommendation is recorded."))
    return True


def _override(request, proposal, form):
    criterion = Criterion.objects.filter(pk=form.cleaned_data["criterion"]).first()
    try:
        if criterion is None:
            raise CannotOverrideStop(_("Nobody says stop on this criterion any more."))
        given = form.cleaned_data
        override_stop(
            proposal=proposal, criterion=criterion, reason=given["reason"], seen=given["seen"], by=request.user
        )
    except CannotOverrideStop as refusal:
        form.add_error("reason", str(refusal))
        return False
    messages.success(request, _("The stop is overridden. Your reason stays on record."))
    return True


def _decide(request, proposal, form):
    given = dict(form.cleaned_data)
    if given["outcome"] == Outcome.DECLINE:
        given["amount"] = None
    if given["outcome"] != Outcome.RESERVE:
        given.pop("place", None)
    try:
        replaces = proposal.decisions.filter(pk=given.pop("earlier")).first()
        record_decision(proposal=proposal, by=request.user, replaces=replaces, **given)
    except CannotDecide as refusal:
        form.refuse_decision(refusal)
        return False
    messages.success(request, _("The decision is recorded. It takes effect when it is applied."))
    return True


def _override_form(forms, stop, refusal):
    """The form at an open stop; the one that was sent shows what was typed."""
    form = forms.get("override")
    if form is None or refusal or not stop.is_open:
        return None
    seen = stop.said_at.isoformat()
    if form.is_bound and form.data.get("stop-criterion") == str(stop.criterion_pk):
        # The page now shows what was said in the meantime.
        form.data = {**form.data.dict(), "stop-seen": seen}
        return form
    initial = {"criterion": stop.criterion_pk, "seen": seen}
    return OverrideForm(prefix="stop", initial=initial, auto_id=f"stop-{stop.criterion_pk}-%s")


def _in_words(decisions, language):
    for decision in decisions:
        decision.tag = decided_tag(decision)
        decision.granted = number(decision.amount)
        decision.basis = snapshot_words(decision.snapshot, language)
        decision.replacement = getattr(decision, "replaced_by", None)
    return decisions
