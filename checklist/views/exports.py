"""What leaves the application: the reports of a round."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from checklist.actions.reports import request_missing_scorecards
from checklist.report_rules import can_issue_in_round, can_take_reports_on
from checklist.reporting.kinds import offers_in, offers_on
from checklist.selectors.scorecards import MAKE_AT_ONCE, assessments_without_scorecard, scorecard_rows
from checklist.selectors.scores import visible_assessments
from proposals.rules import can_export
from proposals.views.loading import load_proposal, load_round
from screening import pdf

from .proposals import proposal_frame

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_reports(request, reference):
    """What can be taken out of a round, and which scorecards are made; posting asks for the missing ones."""
    round_ = load_round(request, reference, needs=can_export)
    visible = visible_assessments(request.user, round_)
    if request.method == "POST":
        missing = assessments_without_scorecard(visible)[:MAKE_AT_ONCE]
        count = request_missing_scorecards(assessments=missing, by=request.user)
        text = ngettext("%(n)s scorecard is being made.", "%(n)s scorecards are being made.", count)
        messages.success(request, text % {"n": count})
        return redirect("checklist:round-reports", reference)
    page = Paginator(visible.order_by("proposal__reference", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "round": round_,
        "offers": offers_in(round_, request.user),
        "page": page,
        "rows": scorecard_rows(page.object_list),
        "missing": assessments_without_scorecard(visible).count(),
        "make_at_once": MAKE_AT_ONCE,
        "unavailable": pdf.unavailable_reason(),
        "can_issue": can_issue_in_round(request.user, round_),
    }
    return render(request, "checklist/round_reports.html", context)


@login_required
@require_safe
def proposal_reports(request, pk):
    """Every report on one proposal, and what each is for."""
    proposal = load_proposal(request, pk)
    if not can_take_reports_on(request.user, proposal):
        raise Http404
    context = proposal_frame(request, proposal, "reports") | {"offers": offers_on(proposal, request.user)}
    return render(request, "checklist/proposal_reports.html", context)
