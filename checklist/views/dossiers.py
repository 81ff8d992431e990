"""The dossier of a proposal or of a round: what goes into it, and the file."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checklist.actions.dossiers import record_dossier
from checklist.report_rules import can_take_reports_on
from checklist.reporting.dossier import dossier_name, proposal_dossier, round_dossier
from checklist.selectors.dossiers import documents_to_take, proposals_to_take, reports_to_take, scorecards_to_take
from checklist.selectors.scorecards import assessments_without_scorecard
from checklist.selectors.scores import visible_assessments
from proposals.rules import can_export
from proposals.views.loading import load_proposal, load_round

from .batches import zip_response


def _load(request, pk):
    proposal = load_proposal(request, pk)
    if not can_take_reports_on(request.user, proposal):
        raise PermissionDenied
    return proposal


@never_cache
@login_required
@require_safe
def proposal_dossier_page(request, pk):
    proposal = _load(request, pk)
    scorecards, missing = scorecards_to_take(request.user, proposal)
    context = {
        "subject": proposal,
        "round": proposal.round,
        "proposal": proposal,
        "report_count": len(scorecards) + len(reports_to_take(request.user, proposal=proposal)),
        "document_count": documents_to_take(proposal).count(),
        "missing": missing,
        "zip_url": reverse("checklist:proposal-dossier-zip", args=[pk]),
        "make_url": f"{reverse('checklist:batch-add', args=[proposal.round.reference])}?proposals={pk}",
    }
    return render(request, "checklist/dossier.html", context)


@never_cache
@login_required
@require_safe
def proposal_dossier_zip(request, pk):
    proposal = _load(request, pk)
    record_dossier(subject=proposal, by=request.user)
    return zip_response(proposal_dossier(proposal, request.user), dossier_name(proposal))


@never_cache
@login_required
@require_safe
def round_dossier_page(request, reference):
    round_ = load_round(request, reference, needs=can_export)
    missing = assessments_without_scorecard(visible_assessments(request.user, round_)).count()
    context = {
        "subject": round_,
        "round": round_,
        "proposal_count": proposals_to_take(request.user, round_).count(),
        "report_count": len(reports_to_take(request.user, round=round_)),
        "missing": missing,
        "zip_url": reverse("checklist:round-dossier-zip", args=[reference]),
        "make_url": f"{reverse('checklist:batch-add', args=[reference])}?all=1",
    }
    return render(request, "checklist/dossier.html", context)


@never_cache
@login_required
@require_safe
def round_dossier_zip(request, reference):
    round_ = load_round(request, reference, needs=can_export)
    record_dossier(subject=round_, by=request.user)
    return zip_response(round_dossier(round_, request.user), dossier_name(round_))
