"""The least that any signed-in page of Django costs: what our pages are compared with."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.template.loader import get_template
from django.views.decorators.http import require_POST

from checklist.models import Response
from proposals.models import Proposal


@login_required
def bare_list(request, round_pk, rows):
    """One query, so many rows, a plain template without frame or context processors."""
    found = Proposal.objects.filter(round_id=round_pk).order_by("reference")
    shown = found.values("reference", "title", "status", "amount")[:rows]
    return HttpResponse(get_template("benchmarks/floor.html").render({"rows": shown}))


@login_required
@require_POST
def bare_save(request, response_pk):
    """One row changed in one transaction."""
    with transaction.atomic():
        changed = Response.objects.filter(pk=response_pk).update(rationale=request.POST["rationale"])
    return JsonResponse({"changed": changed})
