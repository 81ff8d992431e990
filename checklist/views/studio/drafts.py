"""The pages on which a draft is written."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklist import rules
from checklist.actions import studio
from checklist.forms.studio import CopyForm, EmptyForm
from checklist.selectors.studio_keys import is_out_of_order

from .fields import CriterionFields, domain_fields, version_fields
from .loading import load_draft
from .pages import frame, page_url, preview_html


@login_required
def draft_start(request):
    """Three ways to begin: from a version, with an empty sheet, from a file."""
    if not rules.can_edit_instruments(request.user):
        raise PermissionDenied
    way = request.POST.get("way", "")
    copy_form = CopyForm(request.POST if way == "copy" else None, initial={"version": request.GET.get("from")})
    empty_form = EmptyForm(request.POST if way == "empty" else None, prefix="empty")
    form = {"copy": copy_form, "empty": empty_form}.get(way)
    if form is not None and form.is_valid():
        try:
            draft = _started(way, form.cleaned_data, request.user)
        except studio.CannotStartDraft as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is ready. Everything you type is saved; nobody judges by it yet."))
            return redirect(page_url(draft))
    context = {"copy_form": copy_form, "empty_form": empty_form}
    return render(request, "checklist/studio/start.html", context)


def _started(way, said, user):
    if way == "empty":
        return studio.start_empty(by=user, **said)
    if said["what"] == CopyForm.OWN:
        titles = {name: said[name] for name in ("title", "short_title")}
        return studio.copy_to_own(version=said["version"], by=user, **titles)
    return studio.start_next_version(version=said["version"], by=user)


@login_required
@require_safe
def draft_edit(request, slug, number):
    """The instrument as a whole, its groups, and the list of its items."""
    version = load_draft(request, slug, number)
    criteria = version.criteria.select_related("domain").prefetch_related("sub_questions").order_by("position", "pk")
    numbers = {criterion.key: criterion.number for criterion in criteria}
    context = {
        **frame(request, version, "draft-edit"),
        "sections": version_fields(version),
        "domains": domain_fields(version),
        "criteria": criteria,
        "is_out_of_order": is_out_of_order(numbers),
    }
    return render(request, "checklist/studio/edit.html", context)


@login_required
@require_safe
def draft_criterion(request, slug, number, key):
    """Everything about one item, beside it what a reviewer will see."""
    version = load_draft(request, slug, number)
    criteria = list(version.criteria.order_by("position", "pk").values_list("key", "number", "short_title"))
    keys = [each[0] for each in criteria]
    if key not in keys:
        raise Http404
    criterion = version.criteria.select_related("domain").prefetch_related("sub_questions", "levels").get(key=key)
    at = keys.index(key)
    context = {
        **frame(request, version, "draft-edit", f"criteria/{key}"),
        "criterion": criterion,
        "fields": CriterionFields(version, criterion),
        "before": criteria[at - 1] if at else None,
        "after": criteria[at + 1] if at + 1 < len(criteria) else None,
        "preview": preview_html(version, key),
    }
    return render(request, "checklist/studio/criterion.html", context)
