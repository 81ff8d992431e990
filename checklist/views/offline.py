"""Forms to fill in offline: taking them, uploading them, comparing and taking over what they say."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from checklist.actions import offline as actions
from checklist.actions.assessments import AssessmentClosed, NotAnAnswer
from checklist.enums import AssessmentKind, UploadState
from checklist.forms.offline import OfflineUploadForm
from checklist.offline.checking import outdated
from checklist.offline.comparing import BOTH, NEW, SAME, STAYS, compare, open_numbers
from checklist.offline.paper import TooLongForForm, form_document
from checklist.offline.plan import plan_of
from checklist.offline.workbook import TooLongForWorkbook, form_workbook
from checklist.selectors.assessments import load_facts
from checklist.selectors.drafts import load_draft
from checklist.selectors.offline import (
    closed_uploads,
    known_bases,
    open_assessments,
    visible_upload,
    waiting_uploads,
)
from screening import pdf
from screening.middleware import refused_upload

from .assessment_loading import load_own_assessment
from .offline_words import row_of

PDF, XLSX = "pdf", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF_TYPE = "application/pdf"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offline_page(request):
    """Her drafts to take along, and the way back; posting reads what she uploads."""
    form = OfflineUploadForm()
    if request.method == "POST":
        form = OfflineUploadForm(request.POST, request.FILES)
        if form.is_valid():
            return _received(request, actions.receive_forms(uploads=form.cleaned_data["files"], by=request.user))
    elif reason := refused_upload(request):
        form.refuse("files", reason)
    context = {
        "form": form,
        "drafts": open_assessments(request.user),
        "waiting": waiting_uploads(request.user),
        "closed": closed_uploads(request.user),
        "pdf_refusal": pdf.unavailable_reason(),
    }
    return render(request, "checklist/offline_page.html", context)


def _received(request, uploads):
    """To the comparison where there is one; else back to the page, which says what became of each file."""
    read = [upload for upload in uploads if upload.state == UploadState.READ]
    refused = [upload for upload in uploads if upload.state == UploadState.REFUSED]
    for upload in refused:
        messages.error(request, f"{upload.name}: {upload.problem}")
    if len(read) == 1 and not refused:
        return redirect("checklist:offline-upload", read[0].pk)
    if read:
        text = ngettext(
            "%(n)s form was read and waits to be compared.", "%(n)s forms were read and wait to be compared.", len(read)
        )
        messages.success(request, text % {"n": len(read)})
    return redirect("checklist:offline")


@never_cache
@login_required
@require_POST
def offline_form(request, pk):
    """A form of one of her drafts as it is now, as a PDF or a workbook."""
    assessment = load_own_assessment(request, pk)
    if assessment.kind != AssessmentKind.INDIVIDUAL:
        raise PermissionDenied  # before a form is drawn that cannot go out
    file_format = request.POST.get("format", "")
    if file_format not in (PDF, XLSX):
        return redirect("checklist:offline")
    plan = plan_of(load_draft(assessment), assessment.language)
    token = actions.new_token()
    try:
        response = _pdf(plan, token) if file_format == PDF else _workbook(plan, token)
        actions.hand_out_form(plan=plan, token=token, file_format=file_format, by=request.user)
    except (AssessmentClosed, TooLongForForm, TooLongForWorkbook, pdf.PdfUnavailable, pdf.ReportFailed) as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:offline")
    return response


def _pdf(plan, token):
    load_facts(plan.assessment.proposal)
    made = form_document(plan, token).make()
    response = HttpResponse(made.data, content_type=PDF_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{_name(plan)}.pdf")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _workbook(plan, token):
    file = form_workbook(plan, token)
    return FileResponse(file, as_attachment=True, filename=f"{_name(plan)}.xlsx", content_type=XLSX_TYPE)


def _name(plan):
    return slugify(f"{plan.assessment.proposal.reference} {_('form')}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offline_upload(request, pk):
    """What a form says beside what is saved; posting takes over what she chose, or discards the form."""
    upload = visible_upload(request.user, pk)
    if upload is None:
        raise Http404
    request.round = upload.form.assessment.proposal.round
    if upload.state != UploadState.READ:
        messages.info(
            request, _("This form was dealt with already: %(state)s.") % {"state": upload.get_state_display()}
        )
        return redirect("checklist:offline")
    if request.method == "POST" and request.POST.get("do") == "discard":
        return _discard(request, upload)
    problem = ""
    if request.method == "POST":
        try:
            return _take_over(request, upload)
        except (actions.CannotTakeOver, AssessmentClosed, NotAnAnswer) as refusal:
            problem = str(refusal)
    context = _comparison(request, upload)
    context["problem"] = context["refusal"] or problem
    return render(request, "checklist/offline_upload.html", context, status=409 if problem else 200)


def _take_over(request, upload):
    fields = request.POST.items()
    choices = {name.removeprefix("choice-"): value for name, value in fields if name.startswith("choice-")}
    revisions = {
        name.removeprefix("revision-"): int(value)
        for name, value in request.POST.items()
        if name.startswith("revision-") and value.isdecimal() and len(value) < 10
    }
    count = actions.take_over(upload=upload, choices=choices, revisions=revisions, by=request.user)
    if not count:
        messages.success(request, _("Nothing was taken over. What is saved stays as it is."))
        return redirect("checklist:offline")
    text = ngettext("%(n)s answer was taken over.", "%(n)s answers were taken over.", count) % {"n": count}
    further = _("Nothing is submitted yet: look through the form and submit it yourself.")
    messages.success(request, f"{text} {further}")
    return redirect("checklist:assessment-edit", upload.form.assessment_id)


def _discard(request, upload):
    try:
        actions.discard_form(upload=upload, by=request.user)
    except actions.CannotTakeOver as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The form was discarded. What is saved stays as it is."))
    return redirect("checklist:offline")


def _comparison(request, upload):
    """Both texts of everything that differs, with what was chosen already."""
    assessment = upload.form.assessment
    draft = load_draft(assessment)
    refusal = outdated(upload.content, draft)
    compared = [] if refusal else compare(draft, upload.content, known_bases(upload))
    rows = {kind: [] for kind in (SAME, NEW, BOTH, STAYS)}
    for each in compared:
        rows[each.kind].append(row_of(each, draft, request.POST.get(f"choice-{each.owner}", "")))
    return {
        "upload": upload,
        "assessment": assessment,
        "proposal": assessment.proposal,
        "both": rows[BOTH],
        "dropping": [row for row in rows[NEW] if not row.compared.choice],
        "new": [row for row in rows[NEW] if row.compared.choice],
        "stays": rows[STAYS],
        "same_count": len(rows[SAME]),
        "is_empty": not any(each.is_filled_in for each in compared),
        "refusal": refusal,
        "open_numbers": [] if refusal else open_numbers(draft, compared),
        "was_submitted": upload.form.submission_number != assessment.submission_number,
        "form_url": reverse("checklist:assessment-edit", args=[assessment.pk]),
    }
