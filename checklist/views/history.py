"""The whole audit trail, for auditors."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render

from checklist.forms.history import AuditFilterForm
from checklist.selectors.history import audit_rows
from screening.models import AuditEvent
from screening.roles import has_system_permission

PAGE_SIZE = 50


@login_required
def audit_list(request):
    """Newest first, as sentences. What changed stands in the history of each proposal."""
    if not has_system_permission(request.user, "see_history"):
        raise PermissionDenied
    form = AuditFilterForm(request.GET or None)
    events = AuditEvent.objects.order_by("-id")
    if form.is_valid():
        events = form.filter(events)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = audit_rows(page.object_list, request.user)
    context = {"page": page, "rows": rows, "has_folds": any(row.inside for row in rows), "form": form}
    return render(request, "checklist/audit_list.html", context)
