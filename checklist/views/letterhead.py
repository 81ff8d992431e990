"""How letters and reports look: the letterhead of a round or of the house, with a preview of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checklist import report_rules
from checklist.actions.letterheads import CannotChangeLetterhead, set_letterhead
from checklist.forms.reports import LetterheadForm
from checklist.models import Letterhead
from checklist.models.reports import COLOUR
from checklist.selectors.letterheads import look, look_of
from proposals.rules import can_see_round
from proposals.views.loading import load_round


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_letterhead(request, reference):
    """The letterhead of one round; where it has none, the form begins with that of the house."""
    round_ = load_round(request, reference, needs=report_rules.can_issue_in_round)
    own = Letterhead.objects.filter(round=round_).first()
    house = Letterhead.objects.filter(round__isnull=True).first()
    begin = own or Letterhead(round=round_, name=round_.donor_name or round_.title)
    saved = _save(request, begin, round_)
    if saved is True:
        return redirect("checklist:round-letterhead", reference)
    context = {
        "round": round_,
        "form": saved,
        "own": own,
        "look": look_of(round_),
        "from_house": own is None and house is not None,
        **preview_of(own or house),
    }
    return render(request, "checklist/letterhead.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def house_letterhead(request):
    """The letterhead of the house: every round without one of its own writes under it."""
    if not report_rules.can_change_house_letterhead(request.user):
        raise PermissionDenied
    own = Letterhead.objects.filter(round__isnull=True).first()
    saved = _save(request, own or Letterhead(), None)
    if saved is True:
        return redirect("checklist:house-letterhead")
    context = {"round": None, "form": saved, "own": own, "look": look(own, ""), **preview_of(own)}
    return render(request, "checklist/letterhead.html", context | {"from_house": False})


@login_required
@require_safe
def letterhead_logo(request, pk):
    """The logo as we drew it, for the preview."""
    row = _row(request.user, pk)
    if not row.logo:
        raise Http404
    response = FileResponse(row.logo.open("rb"), content_type=row.logo_media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_safe
def letterhead_colour(request, pk):
    """The colour of a letterhead as a stylesheet, for the preview: the policy forbids styles within a page."""
    row = _row(request.user, pk)
    if not COLOUR.regex.fullmatch(row.colour):
        raise Http404
    return HttpResponse(f".letter-sheet {{ --letterhead: {row.colour}; }}\n", content_type="text/css")


def _row(user, pk):
    """The Letterhead; 404 for whoever may not know its round."""
    row = Letterhead.objects.select_related("round").filter(pk=pk).first()
    if row is None or (row.round and not can_see_round(user, row.round)):
        raise Http404
    return row


def _save(request, row, round_):
    """True when what was sent is kept, else the form to show."""
    form = LetterheadForm(request.POST, request.FILES, instance=row) if request.method == "POST" else None
    if form is None:
        return LetterheadForm(instance=row)
    if form.is_valid():
        try:
            set_letterhead(given=form.given(), by=request.user, round_=round_)
        except CannotChangeLetterhead as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The letterhead is saved. Letters and reports use it from now on."))
            return True
    return form


def preview_of(row):
    """Where logo and colour of this Letterhead are read, for the templates that show it; "" for what it has not."""
    return {
        "logo_url": reverse("checklist:letterhead-logo", args=[row.pk]) if row and row.logo else "",
        "colour_url": reverse("checklist:letterhead-colour", args=[row.pk]) if row and row.colour else "",
    }
