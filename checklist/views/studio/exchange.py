"""Instruments in and out: as files, as forms for the field, on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checklist import rules
from checklist.actions.exchange import record_instrument_export
from checklist.actions.studio.refusals import CannotStartDraft
from checklist.actions.studio.starting import start_from_file
from checklist.blank_form import TEMPLATE, blank_document, build_blank
from checklist.forms.exchange import InstrumentFileForm, sealed, unsealed
from checklist.instrument_files import InvalidFile, read_instrument
from checklist.instrument_writing import to_yaml
from checklist.languages import language_name
from checklist.selectors.studio import file_of, next_version_of
from checklist.workbooks.writing import CannotWriteWorkbook, write_workbook
from checklist.xlsform import write_xlsform
from screening import pdf

from .loading import load_version

KEPT_FOR = 30 * 24 * 60 * 60
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def version_yaml(request, slug, number):
    """The version as an instrument file."""
    version = load_version(request, slug, number)
    record_instrument_export(version=version, shape="yaml", by=request.user)
    response = HttpResponse(to_yaml(file_of(version)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{_name(version)}.yaml")
    return response


@login_required
@require_safe
def version_xlsx(request, slug, number):
    """The version as a workbook that can be read back."""
    version = load_version(request, slug, number)
    try:
        file = write_workbook(file_of(version))
    except CannotWriteWorkbook as problem:
        messages.error(request, str(problem))
        return redirect(version.get_absolute_url())
    record_instrument_export(version=version, shape="xlsx", by=request.user)
    return FileResponse(file, as_attachment=True, filename=f"{_name(version)}.xlsx", content_type=XLSX_TYPE)


@login_required
@require_safe
def version_xlsform(request, slug, number):
    """The version as a form for KoboToolbox or ODK; a draft must be whole for it."""
    version = load_version(request, slug, number)
    content = file_of(version)
    if not _is_whole(content):
        messages.error(request, _("Something is missing in this draft, so no form can be made of it yet."))
        return redirect("checklist:version-check", slug, number)
    file = write_xlsform(content)
    record_instrument_export(version=version, shape="xlsform", by=request.user)
    return FileResponse(file, as_attachment=True, filename=f"{_name(version)}-xlsform.xlsx", content_type=XLSX_TYPE)


@login_required
@require_safe
def version_print(request, slug, number):
    """The blank form as a page that a browser prints."""
    version = load_version(request, slug, number)
    content = file_of(version)
    language = _language(request, content)
    form = build_blank(version, content, language=language)
    others = [code for code in _languages(content) if code != language]
    context = {
        "form": form,
        "title": form.title,
        "language": language,
        "printable": True,
        "back_url": version.get_absolute_url(),
        "pdf_url": "" if pdf.unavailable_reason() else _pdf_url(version, language),
        "other_languages": [(code, language_name(code)) for code in others],
    }
    with translation.override(language):
        return render(request, TEMPLATE, context)


@login_required
@require_safe
def version_blank_pdf(request, slug, number):
    """The blank form as a PDF; where none can be made, the page for printing says why."""
    version = load_version(request, slug, number)
    content = file_of(version)
    form = build_blank(version, content, language=_language(request, content))
    try:
        data = _blank_pdf(form)
    except (pdf.PdfUnavailable, pdf.ReportFailed) as problem:
        messages.error(request, str(problem))
        return redirect(version.get_absolute_url())
    record_instrument_export(version=version, shape="blank pdf", by=request.user)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, form.file_name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def instrument_import(request):
    """Read a file and show what it is, or everything that is wrong with it; nothing is stored yet."""
    if not rules.can_edit_instruments(request.user):
        raise PermissionDenied
    form = InstrumentFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["file"].name
        if form.content is None:
            context = {"form": form, "errors": form.errors_in_file, "file_name": name}
            return render(request, "checklist/studio/import.html", context)
        place = next_version_of(form.content)
        context = {"content": form.content, "place": place, "sealed": sealed(form.content), "file_name": name}
        return render(request, "checklist/studio/import_preview.html", context | _said(form.content))
    return render(request, "checklist/studio/import.html", {"form": form})


@login_required
@require_http_methods(["POST"])
def instrument_import_confirm(request):
    """Make the draft that was shown."""
    if not rules.can_edit_instruments(request.user):
        raise PermissionDenied
    content = unsealed(request.POST.get("content", ""))
    if content is None:
        messages.error(request, _("What was shown is no longer at hand. Upload the file again."))
        return redirect("checklist:instrument-import")
    try:
        version = start_from_file(source=content, by=request.user)
    except CannotStartDraft as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:instrument-import")
    messages.success(request, _("The draft is made. Look at it, then check and publish it."))
    return redirect(version.get_absolute_url())


def _blank_pdf(form):
    """The PDF of a blank form. That of a published version never changes, so it is kept."""
    document = blank_document(form)
    if form.is_draft:
        return document.make().data
    return cache.get_or_set(f"blank-form:{document.content_key}", lambda: document.make().data, KEPT_FOR)


def _pdf_url(version, language):
    address = reverse("checklist:version-blank-pdf", args=[version.instrument.slug, version.number])
    return f"{address}?language={language}"


def _name(version):
    return f"{version.instrument.slug}-v{version.number}"


def _is_whole(content):
    """Whether a file could say it: drafts may still lack what a form needs."""
    try:
        read_instrument(to_yaml(content), "draft")
    except InvalidFile:
        return False
    return True


def _languages(content):
    return [content.language, *sorted({each.language for each in content.translations})]


def _language(request, content):
    """The language asked for, else the person's own, where there are texts in it; else the original."""
    asked = request.GET.get("language", request.user.language)
    return asked if asked in _languages(content) else content.language


def _said(content):
    """What a file says, for the preview: its kinds of result and languages in words."""
    return {
        "result": content.result_kind.value,
        "sub_count": sum(len(criterion.subs) for criterion in content.criteria),
        "languages": [language_name(code) for code in _languages(content)],
    }
