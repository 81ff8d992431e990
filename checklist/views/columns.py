"""The scores of a round as a file: in which shape and format, with which columns, and what the columns mean."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist.actions.columns import CannotKeepColumns, keep_columns, remove_columns
from checklist.actions.reports import record_score_export
from checklist.codebook import COLUMNS, codebook_table
from checklist.exports import INDIVIDUAL, LONG, SHAPES, WIDE, WITH_CONSENSUS, parts_to_choose, score_table
from checklist.models import ColumnChoice
from checklist.selectors.scores import sheets_to_export, visible_assessments
from proposals.rules import can_export
from proposals.views.loading import load_round
from screening.json_tables import write_json
from screening.listing import EXPORT_FORMATS, download
from screening.tabular import TableProblem

JSON = "json"
FORMATS = (*EXPORT_FORMATS, JSON)
MOST_PARTS = 200
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
SCORES_FORMAT, CODEBOOK_FORMAT = "screening-scores/1", "screening-codebook/1"


@login_required
@require_safe
def score_export(request, reference, file_format):
    """The scores of a round as CSV, XLSX or JSON, ?shape=wide or long; only what this person may read.

    ?consensus=1 puts the consensus of the panel beside the single reviewers, told apart by its kind.
    ?columns= names parts of the table, ?choice= a kept choice of them.
    """
    round_ = load_round(request, reference, needs=can_export)
    shape = _shape(request, file_format)
    kinds = WITH_CONSENSUS if request.GET.get("consensus") else INDIVIDUAL
    table = score_table(request.user, round_, shape, request.LANGUAGE_CODE, kinds=kinds)
    table = table.chosen(_parts(request, shape))
    said = {"shape": shape, "format": file_format}
    if len(kinds) > 1:
        said["consensus"] = True
    record_score_export(round_=round_, rows=said, by=request.user)
    name = f"scores-{round_.reference}-{'answers' if shape == LONG else 'assessments'}"
    about = {
        "format": SCORES_FORMAT,
        "round": round_.reference,
        "shape": shape,
        "language": request.LANGUAGE_CODE,
        "columns": [{"key": column.key, "label": column.label} for column in table.columns],
    }
    return _sent(request, round_, name, file_format, table.columns, table.rows, about)


@login_required
@require_safe
def score_codebook(request, reference, file_format):
    """What every column, question and answer code of these exports means."""
    round_ = load_round(request, reference, needs=can_export)
    _shape(request, file_format)
    sheets = sheets_to_export(request.user, round_, request.LANGUAGE_CODE, kinds=WITH_CONSENSUS)
    titles, rows = codebook_table(sheets)
    name = f"codebook-{round_.reference}"
    about = {"format": CODEBOOK_FORMAT, "round": round_.reference, "language": request.LANGUAGE_CODE}
    if file_format == JSON:
        return _json(name, about, [key for key, _title in COLUMNS], rows)
    return download(name, file_format, titles, rows)


def _shape(request, file_format):
    """The shape asked for; 404 for a shape or format there is not."""
    shape = request.GET.get("shape", WIDE)
    if file_format not in FORMATS or shape not in SHAPES:
        raise Http404
    return shape


def _parts(request, shape):
    """The parts of the table that were ticked, or those of the choice that was kept."""
    pk = request.GET.get("choice", "")
    if pk.isdecimal() and len(pk) < 19:
        return get_object_or_404(ColumnChoice, pk=pk, user=request.user, shape=shape).columns
    return request.GET.getlist("columns")


def _sent(request, round_, name, file_format, columns, rows, about):
    if file_format == JSON:
        return _json(name, about, [column.key for column in columns], rows)
    try:
        return download(name, file_format, [column.label for column in columns], rows)
    except TableProblem as problem:
        messages.error(request, str(problem))
        return redirect("checklist:round-reports", round_.reference)


def _json(name, about, keys, rows):
    about = {**about, "exported_at": timezone.now()}
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.json") or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(write_json(about, keys, rows), content_type="application/json", headers=headers)


# -- Choosing columns ---------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def score_columns(request, reference):
    """Tick what is wanted, then take it or keep the ticks under a name: both are posted."""
    round_ = load_round(request, reference, needs=can_export)
    shape = request.GET.get("shape", WIDE)
    if shape not in SHAPES:
        raise Http404
    if request.method == "POST":
        return _kept(request, round_, shape) if "keep" in request.POST else _taken(request, round_, shape)
    sheets = sheets_to_export(request.user, round_, request.LANGUAGE_CODE, kinds=WITH_CONSENSUS)
    parts = parts_to_choose(shape, sheets)
    chosen = set(_parts(request, shape)) or {part for part, _words in parts}
    choices = list(ColumnChoice.objects.filter(user=request.user, shape=shape).order_by("name", "pk"))
    context = {
        "round": round_,
        "shape": shape,
        "parts": [(part, words, part in chosen) for part, words in parts],
        "choices": choices,
        "current": next((each for each in choices if str(each.pk) == request.GET.get("choice")), None),
        "count": visible_assessments(request.user, round_).count(),
    }
    return render(request, "checklist/score_columns.html", context)


def _taken(request, round_, shape):
    """On to the file itself, whose address says what was ticked."""
    file_format = request.POST.get("take", "")
    if file_format not in FORMATS:
        raise Http404
    asked = [("shape", shape), *(("columns", part) for part in request.POST.getlist("columns")[:MOST_PARTS])]
    asked += [("consensus", "1")] if request.POST.get("consensus") else []
    address = reverse("checklist:score-export", args=[round_.reference, file_format])
    return redirect(f"{address}?{urlencode(asked)}")


def _kept(request, round_, shape):
    address = f"{reverse('checklist:score-columns', args=[round_.reference])}?shape={shape}"
    known = {part for part, _words in parts_to_choose(shape, sheets_to_export(request.user, round_, "en"))}
    ticked = [part for part in request.POST.getlist("columns") if part in known or part.startswith("sheet:")]
    try:
        choice = keep_columns(
            name=request.POST.get("name", ""), shape=shape, columns=ticked[:MOST_PARTS], by=request.user
        )
    except CannotKeepColumns as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    messages.success(request, _("The columns are kept as “%(name)s”.") % {"name": choice.name})
    return redirect(f"{address}&choice={choice.pk}")


@login_required
@require_POST
def columns_remove(request, pk):
    choice = get_object_or_404(ColumnChoice, pk=pk, user=request.user)
    remove_columns(choice=choice, by=request.user)
    messages.success(request, _("The choice of columns is removed."))
    reference = request.POST.get("round", "")
    if not SLUG.fullmatch(reference):
        return redirect("checklist:home")
    return redirect(f"{reverse('checklist:score-columns', args=[reference])}?shape={choice.shape}")
