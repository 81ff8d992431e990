"""Many reports at once: choose, watch, cancel, try again what failed, take them as one file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist.actions.batches import (
    CannotAskForReports,
    CannotChangeBatch,
    cancel_batch,
    record_batch_taken,
    request_batch,
    retry_failed,
)
from checklist.enums import BatchState, ReportKind
from checklist.filters import AssignmentFilter, ProposalFilter
from checklist.forms.batches import BatchForm
from checklist.models import Assignment
from checklist.reporting.making import NAMED
from checklist.reporting.many import KINDS, subjects_of, zip_name, zip_of
from checklist.selectors.batches import batch_for, failed_items, own_batches, progress_of
from checklist.selectors.letterheads import paper_of
from checklist.selectors.outside import with_feedback
from proposals.models import Proposal
from proposals.rules import can_export
from proposals.views.loading import load_round
from screening import pdf
from screening.listing import PAGE_SIZE
from screening.row_ids import row_ids

MAX_SELECTED = 2000
REVIEWS = "reviews"


def load_batch(request, pk):
    """The batch if she asked for it and may still take it, else 404; its round is remembered."""
    batch = batch_for(pk, request.user)
    if batch is None:
        raise Http404
    request.round = batch.round
    return batch


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_add(request, reference):
    """Which report of what was selected, and how it is to look. Posting sets the workers to it."""
    round_ = load_round(request, reference, needs=can_export)
    proposals, assessments = _selected(request, round_)
    subjects = {kind: subjects_of(kind, request.user, round_, proposals, assessments) for kind in _kinds(assessments)}
    counts = {kind: found.count() for kind, found in subjects.items()}
    first = {"language": request.LANGUAGE_CODE, "paper": paper_of(round_), "names": NAMED, "kind": ReportKind.SCORECARD}
    form = BatchForm(request.POST if "kind" in request.POST else None, counts=counts, initial=first)
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data["kind"]
        try:
            batch = request_batch(round_=round_, kind=kind, subjects=subjects[kind], options=form.look, by=request.user)
        except CannotAskForReports as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("checklist:batch", batch.pk)
    context = {
        "round": round_,
        "form": form,
        "proposals": list(proposals.only("reference", "title")[:MAX_SELECTED]),
        "assessments": assessments or [],
        "total": sum(counts.values()),
        "not_judged": [] if assessments is not None else _not_judged(proposals),
        "unavailable": pdf.unavailable_reason(),
    }
    return render(request, "checklist/batch_add.html", context)


def _not_judged(proposals):
    """References of what no feedback can be given on yet."""
    found = proposals.exclude(pk__in=with_feedback(proposals).order_by().values("pk"))
    return list(found.values_list("reference", flat=True)[:MAX_SELECTED])


def _kinds(assessments):
    """Reviews that were ticked can only become scorecards."""
    return KINDS[:1] if assessments is not None else KINDS


def _selected(request, round_):
    """(proposals, ids of assessments or None): what was ticked in a list, or all that its filter shows.

    It stands in the address, when the form is posted too.
    """
    proposals = Proposal.objects.visible_to(request.user).counted().filter(round=round_).order_by("reference", "pk")
    asked = request.GET
    if asked.get("all") == REVIEWS:
        shown = Assignment.objects.visible_to(request.user).counted().filter(proposal__round=round_)
        shown = AssignmentFilter(request.GET, queryset=shown, request=request).qs
        found = list(shown.filter(assessment__isnull=False).values_list("assessment__pk", flat=True)[:MAX_SELECTED])
        return proposals.filter(assessments__in=found).distinct(), found
    if asked.get("all"):
        shown = ProposalFilter(request.GET, queryset=proposals, request=request).qs
        return proposals.filter(pk__in=shown.values("pk")), None
    if assessments := row_ids(asked.getlist("assessments")[:MAX_SELECTED]):
        return proposals.filter(assessments__in=assessments).distinct(), assessments
    return proposals.filter(pk__in=row_ids(asked.getlist("proposals")[:MAX_SELECTED])), None


@never_cache
@login_required
@require_safe
def batch_list(request, reference):
    """The reports this person asked for together in the round, the newest first."""
    round_ = load_round(request, reference, needs=can_export)
    page = Paginator(own_batches(request.user, round_), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "checklist/batch_list.html", {"round": round_, "page": page})


@never_cache
@login_required
@require_safe
def batch(request, pk):
    """How far the batch is: made, failed and why, how long still; and, when it has ended, the file."""
    batch_ = load_batch(request, pk)
    progress = progress_of(batch_, timezone.now())
    context = {
        "batch": batch_,
        "round": batch_.round,
        "progress": progress,
        "is_running": batch_.state == BatchState.RUNNING,
        "time_left": time_left_words(progress.seconds_left),
        "failed": [(item, _reason(item)) for item in failed_items(batch_)[:PAGE_SIZE]],
    }
    return render(request, "checklist/batch.html", context)


def time_left_words(seconds):
    """ "about 3 minutes"; "" while nothing can be said."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("less than a minute")
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}


def _reason(item):
    """Kept as an English sentence; shown in the reader's language."""
    return _(item.error) if item.error else _("The worker stopped.")


@login_required
@require_POST
def batch_cancel(request, pk):
    batch_ = load_batch(request, pk)
    try:
        cancel_batch(batch=batch_, by=request.user)
        messages.success(request, _("No more of these reports are made. What is made stays here."))
    except CannotChangeBatch as refusal:
        messages.info(request, str(refusal))
    return redirect("checklist:batch", pk)


@login_required
@require_POST
def batch_retry(request, pk):
    batch_ = load_batch(request, pk)
    try:
        count = retry_failed(batch=batch_, by=request.user)
        text = ngettext("%(n)s report is tried again.", "%(n)s reports are tried again.", count)
        messages.success(request, text % {"n": count})
    except CannotChangeBatch as refusal:
        messages.info(request, str(refusal))
    return redirect("checklist:batch", pk)


@never_cache
@login_required
@require_safe
def batch_zip(request, pk):
    """The finished reports with a list of names and hashes, sent while it is written."""
    batch_ = load_batch(request, pk)
    if batch_.state == BatchState.RUNNING:
        return redirect("checklist:batch", pk)
    record_batch_taken(batch=batch_, by=request.user)
    return zip_response(zip_of(batch_, request.user), zip_name(batch_))


def zip_response(pieces, name):
    """A zip file to keep, sent while it is written."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)
