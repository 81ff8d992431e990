"""The decisions of a round: the list, many at once, applying them together, and the reserve list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist import rules
from checklist.actions.decisions import (
    CannotDecide,
    apply_decisions,
    move_on_reserve_list,
    record_decisions,
    withdraw_decision,
)
from checklist.enums import DecisionState
from checklist.filters import DecisionFilter
from checklist.forms.decisions import ManyDecisionsForm, WithdrawDecisionForm
from checklist.models import Decision
from checklist.selectors.deciding import (
    attach_standings,
    counts_of,
    mean_share,
    pending_in,
    ranking_pin,
    reserve_list,
    sums_of,
    to_decide,
)
from checklist.selectors.eligibility import left_out_in
from checklist.selectors.readiness import rules_of
from checklist.tables.decisions import decided_tag, decision_words, number, result_words
from proposals import rules as proposal_rules
from proposals.views.loading import load_proposal, load_round
from screening.listing import Column, build_listing, export_response, shown_query
from screening.row_ids import row_id, row_ids

MAX_SELECTED = 500

SELECT = Column("select", gettext_lazy("Select"), css="fit", hidden=True)
REFERENCE = Column("reference", gettext_lazy("Reference"), ("reference",), lambda row: row.reference, css="fit")
TITLE = Column("title", gettext_lazy("Proposal"), ("title",), lambda row: row.title)
APPLICANT = Column("applicant", gettext_lazy("Applicant"), ("applicant__name",), lambda row: str(row.applicant or ""))
STOPS = Column(
    "stops", gettext_lazy("Stops"), value=lambda row: "; ".join(str(stop) for stop in row.standing.open_stops)
)
OVERRIDDEN = Column(
    "overridden",
    gettext_lazy("Stops overridden"),
    value=lambda row: "; ".join(str(stop) for stop in row.standing.overridden),
)
RECOMMENDATION = Column(
    "recommendation",
    gettext_lazy("Recommendation"),
    value=lambda row: row.standing.recommendation.get_outcome_display() if row.standing.recommendation else "",
)
DECISION = Column("status", gettext_lazy("Decision"), ("status",), lambda row: decision_words(row.standing.decision))
DECISION_STATE = Column(
    "state",
    gettext_lazy("State of the decision"),
    value=lambda row: row.standing.decision.get_state_display() if row.standing.decision else "",
)
REASONS = Column(
    "reasons", gettext_lazy("Reasons"), value=lambda row: row.standing.decision.reasons if row.standing.decision else ""
)
CONDITIONS = Column(
    "conditions",
    gettext_lazy("Conditions"),
    value=lambda row: row.standing.decision.conditions if row.standing.decision else "",
)
ASKED = Column("asked", gettext_lazy("Asked for"), ("amount",), lambda row: row.amount, css="num", blanks_last=True)
CURRENCY = Column("currency", gettext_lazy("Currency asked in"), value=lambda row: row.currency)
GRANTED = Column(
    "granted",
    gettext_lazy("Granted"),
    value=lambda row: row.standing.decision.amount if row.standing.decision else None,
    css="num",
)


@login_required
@require_safe
def decision_list(request, reference):
    round_ = load_round(request, reference, needs=rules.can_see_decisions)
    user, pin = request.user, ranking_pin(round_)
    can_decide = rules.can_decide_in_round(user, round_)
    undecided, pending, applied = counts_of(user, round_)
    can_select = can_decide and undecided > 0
    listing = build_listing(
        request,
        to_decide(user, round_).select_related("applicant").defer("summary", "notes", "search_text"),
        _columns(pin, can_select=can_select, exported=bool(request.GET.get("export"))),
        filterset=DecisionFilter,
        default_sort="-result" if pin else "title",
        prepare=lambda rows: _prepared(rows, round_, pin),
    )
    may_export = proposal_rules.can_export(user, round_)
    if listing.export_format:
        name = f"decisions-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=may_export, round_id=round_.pk)
    context = {
        "round": round_,
        "listing": listing,
        "sums": sums_of(user, round_),
        "undecided": undecided,
        "pending": pending,
        "applied": applied,
        "pin": pin,
        "left_out": left_out_in(round_, user),
        "can_decide": can_decide,
        "can_select": can_select,
        "has_boxes": can_select and any(row.standing.can_take_one for row in listing.rows),
        "can_export": may_export,
        "has_reserve": rules_of(round_).has_reserve_list,
        "shown_query": shown_query(request),
    }
    return render(request, "checklist/decision_list.html", context)


def _columns(pin, *, can_select, exported):
    result = Column(
        "result",
        pin.version.short_title if pin else _("Result"),
        ("mean_share",) if pin else None,
        lambda row: row.standing.share,
        css="num",
        blanks_last=True,
        annotate=lambda: {"mean_share": mean_share(pin)},
    )
    if exported:
        columns = [REFERENCE, TITLE, APPLICANT, result, STOPS, OVERRIDDEN, RECOMMENDATION, DECISION, DECISION_STATE]
        return [*columns, REASONS, CONDITIONS, ASKED, CURRENCY, GRANTED]
    columns = [TITLE, result, STOPS, RECOMMENDATION, DECISION, ASKED, GRANTED]
    return [SELECT, *columns] if can_select else columns


def _prepared(rows, round_, pin):
    attach_standings(rows, round_, pin)
    for row in rows:
        row.result = result_words(row.standing)
        row.decided = decided_tag(row.standing.decision)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide_many(request, reference):
    """What was selected with each one's standing, and one decision for all; a row may differ."""
    round_ = load_round(request, reference, needs=rules.can_decide_in_round)
    chosen = _chosen(request, round_)
    open_ones = [proposal for proposal in chosen if proposal.standing.can_take_one]
    form = ManyDecisionsForm(
        request.POST or None,
        proposals=open_ones,
        keeps_reserve=rules_of(round_).has_reserve_list,
        currency=round_.currency,
    )
    if request.method == "POST" and open_ones and form.is_valid():
        try:
            made = record_decisions(round_=round_, given=form.given(), by=request.user)
        except CannotDecide as refusal:
            form.refuse_decision(refusal)
        else:
            text = ngettext("%(n)s decision is recorded.", "%(n)s decisions are recorded.", len(made))
            text %= {"n": len(made)}
            messages.success(request, _("%(text)s They take effect when they are applied.") % {"text": text})
            return redirect("checklist:decision-list", round_.reference)
    context = {
        "round": round_,
        "form": form,
        "open_ones": open_ones,
        "left_alone": [proposal for proposal in chosen if not proposal.standing.can_take_one],
    }
    return render(request, "checklist/decision_many.html", context)


def _chosen(request, round_):
    """The proposals ticked in the list, or all of its filter, the highest result first."""
    proposals = to_decide(request.user, round_).select_related("applicant").defer("summary", "notes", "search_text")
    if request.GET.get("all"):
        proposals = DecisionFilter(request.GET, queryset=proposals, request=request).qs
    else:
        ticked = request.POST.getlist("proposals") or request.GET.getlist("proposals")
        proposals = proposals.filter(pk__in=row_ids(ticked[:MAX_SELECTED]))
    found = list(proposals.order_by("reference", "pk")[:MAX_SELECTED])
    _prepared(found, round_, ranking_pin(round_))
    return sorted(found, key=lambda each: (each.standing.share is None, -(each.standing.share or 0)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision_apply(request, reference):
    """All pending decisions with what they come to, then apply them, or a part of them, together."""
    round_ = load_round(request, reference, needs=rules.can_decide_in_round)
    pending = pending_in(request.user, round_)
    if request.method == "POST":
        ticked = set(request.POST.getlist("decisions"))
        try:
            applied = apply_decisions(
                round_=round_, decisions=[each for each in pending if str(each.pk) in ticked], by=request.user
            )
        except CannotDecide as refusal:
            messages.error(request, str(refusal))
            return redirect("checklist:decision-apply", round_.reference)
        text = ngettext("%(n)s decision has taken effect.", "%(n)s decisions have taken effect.", len(applied))
        messages.success(request, text % {"n": len(applied)})
        return redirect("checklist:decision-list", round_.reference)
    for decision in pending:
        decision.refusal = _refusal_of(decision)
        decision.tag = decided_tag(decision)
    context = {
        "round": round_,
        "pending": pending,
        "ready": sum(not decision.refusal for decision in pending),
        "sums": sums_of(request.user, round_),
    }
    return render(request, "checklist/decision_apply.html", context)


def _refusal_of(decision):
    """Why the decision cannot be applied as things stand, as a sentence; "" when it can."""
    if decision.stopped:
        return _("Not overridden: %(stops)s.") % {"stops": "; ".join(str(stop) for stop in decision.stopped)}
    if decision.proposal.status in ("ineligible", "withdrawn"):
        return _("The proposal is out since: %(state)s.") % {"state": decision.proposal.get_status_display()}
    return ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request, reference):
    """The reserve list in its order; whoever decides moves pending ones up and down."""
    round_ = load_round(request, reference, needs=rules.can_see_decisions)
    if request.method == "POST":
        return _moved(request, round_)
    rows = reserve_list(request.user, round_)
    movable = [row for row in rows if row.state == DecisionState.PENDING]
    for row in rows:
        row.granted = number(row.amount)
        row.can_go_up = row in movable[1:]
        row.can_go_down = row in movable[:-1]
    context = {
        "round": round_,
        "rows": rows,
        "has_applied": len(movable) < len(rows),
        "can_decide": rules.can_decide_in_round(request.user, round_),
    }
    return render(request, "checklist/reserve_list.html", context)


def _moved(request, round_):
    pk = request.POST.get("decision", "")
    decision = get_object_or_404(Decision, pk=row_id(pk), proposal__round=round_)
    load_proposal(request, decision.proposal_id, needs=rules.can_decide)
    try:
        move_on_reserve_list(decision=decision, up="up" in request.POST, by=request.user)
    except CannotDecide as refusal:
        messages.error(request, str(refusal))
    return redirect("checklist:reserve-list", round_.reference)


@login_required
@require_POST
def decision_withdraw(request, pk):
    """Take a pending decision back."""
    decision = get_object_or_404(Decision.objects.select_related("proposal"), pk=pk)
    load_proposal(request, decision.proposal_id, needs=rules.can_decide)
    form = WithdrawDecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        withdraw_decision(decision=decision, reason=reason, by=request.user)
    except CannotDecide as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The decision is taken back. It stays on record."))
    return redirect("checklist:proposal-decision", decision.proposal_id)
