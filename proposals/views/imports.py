"""From a spreadsheet to proposals: upload, match the columns, look at every row, import all or nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from screening.middleware import refused_upload
from screening.tabular import TableProblem

from .. import rules
from ..actions import imports as actions
from ..enums import ImportState
from ..forms.imports import ColumnsForm, UploadForm
from ..imports import plan as plans
from ..imports.display import show_rows
from ..imports.fields import NOTES, InvalidMapping, check_mapping, mapped_columns, suggest_mapping
from ..models import ColumnMapping, ImportFile
from .loading import load_round

ROWS_PER_PAGE = 100
FILES_PER_PAGE = 50
OPEN = (ImportState.UPLOADED, ImportState.MAPPED)


@login_required
def import_list(request, reference):
    """Earlier imports of the round, newest first, each with its next step."""
    round_ = load_round(request, reference, needs=rules.can_import_proposals)
    files = ImportFile.objects.filter(round=round_).select_related("uploaded_by").order_by("-pk")
    page = Paginator(files, FILES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "proposals/import_list.html", {"round": round_, "page": page})


@login_required
def import_add(request, reference):
    """Upload a file; its columns come next."""
    round_ = load_round(request, reference, needs=rules.can_import_proposals)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if reason := refused_upload(request):
        form.refuse("file", reason)
    elif form.is_valid():
        file = form.cleaned_data["file"]
        import_file = actions.upload_import(round_=round_, file=file, name=file.name, by=request.user)
        return redirect("proposals:import-columns", import_file.pk)
    return render(request, "proposals/import_add.html", {"round": round_, "form": form})


@login_required
def import_columns(request, pk):
    """Which of their columns becomes which of our fields."""
    import_file = _load_import(request, pk)
    if import_file.state not in OPEN:
        return redirect("proposals:import-preview", pk)
    sheet = request.POST.get("sheet") or request.GET.get("sheet") or import_file.sheet
    try:
        table = plans.table_of(import_file, sheet)
    except TableProblem as problem:
        return _broken(request, import_file, problem)
    kept = list(ColumnMapping.objects.order_by("name", "pk"))
    mapping, used = _suggestion(request, import_file, table, kept)
    form = ColumnsForm(request.POST or None, table=table, suggested=mapping, initial={"sheet": table.sheet})
    if request.method == "POST" and form.is_valid() and _save_mapping(request, import_file, form, table):
        return redirect("proposals:import-preview", pk)
    fitting = [each for each in kept if set(mapped_columns(each.mapping)) <= set(table.columns)]
    context = {
        "import_file": import_file, "round": import_file.round, "table": table, "form": form, "kept": fitting,
        "used": used, "matched": sum(1 for name in mapping if name != NOTES),
    }  # fmt: skip
    return render(request, "proposals/import_columns.html", context)


def _suggestion(request, import_file, table, kept):
    """(mapping, the kept one it comes from or None): chosen now, saved before, or suggested by the titles.

    Columns that are not recognised are suggested as other facts, so that nothing is lost unasked.
    """
    chosen = next((each for each in kept if str(each.pk) == request.GET.get("kept")), None)
    if chosen:
        return chosen.mapping, chosen
    if import_file.mapping and set(mapped_columns(import_file.mapping)) <= set(table.columns):
        return import_file.mapping, None
    mapping, used = suggest_mapping(table.columns, kept)
    if used is None:
        rest = [column for column in table.columns if column not in mapping.values()]
        mapping = {**mapping, NOTES: rest} if rest else mapping
    return mapping, used


def _save_mapping(request, import_file, form, table):
    try:
        actions.map_columns(
            import_file=import_file,
            sheet=table.sheet,
            mapping=form.mapping,
            keep_as=form.cleaned_data["keep_as"],
            by=request.user,
        )
    except (actions.CannotImport, actions.CannotKeepMapping) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@login_required
def import_preview(request, pk):
    """Every row with what it becomes; nothing is written before the button. Later: what was done."""
    import_file = _load_import(request, pk)
    if import_file.state == ImportState.UPLOADED:
        return redirect("proposals:import-columns", pk)
    if import_file.state != ImportState.MAPPED:
        return render(request, "proposals/import_result.html", {"import_file": import_file, "round": import_file.round})
    try:
        check_mapping(import_file.mapping, plans.table_of(import_file).columns)
        plan = plans.plan_import(import_file, by=request.user)
    except (TableProblem, InvalidMapping) as problem:
        return _broken(request, import_file, problem)
    if request.method == "POST" and _import(request, import_file, plan):
        return redirect("proposals:import-preview", pk)
    return render(request, "proposals/import_preview.html", _preview(request, import_file, plan))


def _import(request, import_file, plan):
    """Whether the import was done; if not, a message says why."""
    update = request.POST.get("existing") == "update"
    if request.POST.get("digest") != plan.digest:
        messages.warning(request, _("The round has changed since you looked. Look at the rows again."))
        return False
    if plan.counts[plans.WRONG]:
        messages.error(request, _("Nothing was imported: some rows have errors."))
        return False
    try:
        actions.finish_import(import_file=import_file, by=request.user, **plan.for_action(update=update))
    except actions.CannotImport as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def _preview(request, import_file, plan):
    counts = plan.counts
    shown = request.GET.get("show", "")
    rows = [row for row in plan.rows if _is_shown(row, shown)]
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    labels = {
        "": (_("All rows"), counts["total"]),
        plans.WRONG: (_("Errors"), counts[plans.WRONG]),
        "notices": (_("Remarks"), counts["notices"]),
        plans.NEW: (_("New"), counts[plans.NEW]),
        plans.CHANGED: (_("Here already, changed"), counts[plans.CHANGED]),
        plans.SAME: (_("Here already, the same"), counts[plans.SAME]),
    }
    tabs = [
        {"label": label, "url": f"?show={key}" if key else "?", "current": shown == key, "count": count}
        for key, (label, count) in labels.items()
        if count or key == shown
    ]
    return {
        "import_file": import_file, "round": import_file.round, "plan": plan, "counts": counts, "tabs": tabs,
        "page": page, "rows": show_rows(page.object_list, import_file.mapping), "nothing": not counts[plans.NEW] + counts[plans.CHANGED],
    }  # fmt: skip


def _is_shown(row, shown):
    return not shown or row.state == shown or (shown == "notices" and bool(row.notices))


@login_required
@require_POST
def import_discard(request, pk):
    """Give the import up."""
    import_file = _load_import(request, pk)
    try:
        actions.discard_import(import_file=import_file, by=request.user)
    except actions.CannotImport as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The import of %(name)s is discarded.") % {"name": import_file.name})
    return redirect("proposals:import-list", import_file.round.reference)


def _load_import(request, pk):
    """The import; 404 in a round that the person does not know, 403 where she may not import."""
    import_file = ImportFile.objects.select_related("round", "uploaded_by").filter(pk=pk).first()
    if import_file is None:
        raise Http404
    import_file.round = load_round(request, import_file.round.reference, needs=rules.can_import_proposals)
    return import_file


def _broken(request, import_file, problem):
    context = {"import_file": import_file, "round": import_file.round, "problem": str(problem)}
    return render(request, "proposals/import_broken.html", context)
