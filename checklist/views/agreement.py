"""How far the reviewers of a round agree, criterion by criterion."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from checklist import rules
from checklist.actions.agreement import ask_for_agreement
from checklist.selectors.agreement import instruments_of, job_of, kept_agreement, owes_in_round, ratings_of
from checklist.selectors.eligibility import left_out_in
from checklist.tables.agreement import export_columns, export_rows, table_of
from proposals.rules import can_export
from proposals.views.loading import load_round
from screening.actions import record_list_export
from screening.enums import JobState
from screening.listing import EXPORT_FORMATS, download


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_agreement(request, reference):
    """Every statistic over the whole round. Posting asks again for work that failed."""
    round_ = load_round(request, reference, needs=rules.can_see_agreement)
    context = {"round": round_, "can_export": can_export(request.user, round_)}
    if owes_in_round(request.user, round_):
        return render(request, "checklist/round_agreement.html", {**context, "is_closed": True})
    ratings = ratings_of(round_, request.user)
    found = kept_agreement(ratings)
    if found is None:
        job = job_of(round_, ratings)
        if job is None or job.state == JobState.DONE or request.method == "POST":
            job = ask_for_agreement(round_=round_, ratings=ratings, by=request.user)
        context |= {"job": job, "has_failed": job.state == JobState.FAILED}
        return render(request, "checklist/round_agreement.html", context)
    if request.method == "POST":
        return redirect("checklist:round-agreement", round_.reference)
    instruments = instruments_of(round_, found, request.LANGUAGE_CODE)
    if request.GET.get("export") in EXPORT_FORMATS:
        return _export(request, round_, instruments, request.GET["export"])
    context["tables"] = [table_of(each) for each in instruments]
    context["left_out"] = left_out_in(round_, request.user)
    return render(request, "checklist/round_agreement.html", context)


def _export(request, round_, instruments, file_format):
    if not can_export(request.user, round_):
        raise PermissionDenied
    name, rows = f"agreement-{round_.reference}", list(export_rows(instruments))
    record_list_export(
        subject=round_,
        name=name,
        file_format=file_format,
        row_count=len(rows),
        query="",
        round_id=round_.pk,
        by=request.user,
    )
    return download(name, file_format, export_columns(), rows)
