"""Meeting mode: the chair leads through the agenda and everybody's screen follows; the minutes afterwards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from checklist import rules
from checklist.actions import panels as actions
from checklist.forms.panels import AgendaForm
from checklist.selectors.meetings import (
    Standing,
    agenda_for,
    ended_meetings,
    meeting_with_round,
    running_meeting,
    stamp_of,
)
from checklist.selectors.panel_rounds import panel_rows, proposals_of_panel
from proposals import rules as proposal_rules
from proposals.models import FundingRound
from proposals.views.loading import load_round

from .panel import panel_context


@never_cache
@login_required
@require_safe
def meeting(request, reference):
    """The meeting that is running, as this person may follow it; the chair's form where none is."""
    round_ = load_round(request, reference, needs=rules.can_follow_panel)
    running = running_meeting(round_)
    can_lead = rules.can_lead_panel(request.user, round_)
    context = {"round": round_, "meeting": running, "can_lead": can_lead, "ended": ended_meetings(round_)}
    if running is None:
        context["rows"] = panel_rows(request.user, round_)[0] if can_lead else []
        return render(request, "checklist/meeting_start.html", context)
    lines = agenda_for(running, request.user)
    current = next((line for line in lines if line.is_current), None)
    shown = _shown(request.user, current)
    context |= {"lines": lines, "current": current, "stamp": stamp_of(running, shown)}
    context |= _neighbours(lines) if can_lead else {}
    if can_lead:
        on_agenda = {line.item.proposal_id for line in lines}
        context["others"] = proposals_of_panel(request.user, round_).exclude(pk__in=on_agenda).order_by("reference")
    if shown is not None:
        context |= {"proposal": shown} | panel_context(request, shown)
        context["can_discuss"] = rules.can_discuss(request.user, shown)
    return render(request, "checklist/meeting.html", context)


@never_cache
@login_required
@require_safe
def meeting_state(request, pk):
    """Whether a screen is behind: one short word that changes with everything it shows."""
    found = _load(request, pk)
    current = next((line for line in agenda_for(found, request.user) if line.is_current), None)
    return JsonResponse({"stamp": stamp_of(found, _shown(request.user, current)), "is_running": not found.ended_at})


@login_required
@require_POST
def meeting_start(request, reference):
    """Open a meeting with the chosen proposals, in the order of the page."""
    round_ = load_round(request, reference, needs=rules.can_lead_panel)
    proposals = [row.proposal for row in panel_rows(request.user, round_)[0]]
    form = AgendaForm(request.POST, proposals=proposals)
    chosen = set(form.cleaned_data["proposals"]) if form.is_valid() else set()
    try:
        actions.start_meeting(
            round_=round_, proposals=[each for each in proposals if each.pk in chosen], by=request.user
        )
    except actions.CannotMeet as refusal:
        messages.error(request, str(refusal))
    return redirect("checklist:meeting", reference)


@login_required
@require_POST
def meeting_call(request, pk):
    """Turn everybody's screen to one item."""
    found = _load(request, pk, needs=rules.can_lead_panel)
    item = found.items.filter(pk=_number(request, "item")).first()
    return _done(request, found, actions.call_item, item, meeting=found, item=item)


@login_required
@require_POST
def meeting_agenda(request, pk):
    """Change the order of the agenda, or put one more proposal on it."""
    found = _load(request, pk, needs=rules.can_lead_panel)
    if "proposal" in request.POST:
        open_to_her = proposals_of_panel(request.user, found.round)
        proposal = open_to_her.filter(pk=_number(request, "proposal")).first()
        return _done(request, found, actions.add_to_agenda, proposal, meeting=found, proposal=proposal)
    name = "up" if "up" in request.POST else "down"
    item = found.items.select_related("meeting").filter(pk=_number(request, name)).first()
    return _done(request, found, actions.move_on_agenda, item, item=item, up=name == "up")


@login_required
@require_POST
def meeting_end(request, pk):
    """Close the meeting and go to its minutes."""
    found = _load(request, pk, needs=rules.can_lead_panel)
    try:
        actions.end_meeting(meeting=found, by=request.user)
    except actions.CannotMeet as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:meeting", found.round.reference)
    messages.success(request, _("The meeting is closed. These are its minutes."))
    return redirect("checklist:meeting-minutes", pk)


@login_required
@require_safe
def meeting_minutes(request, pk):
    """When which proposal was on, who led, and who was shut out."""
    found = _load(request, pk)
    context = {
        "round": found.round,
        "meeting": found,
        "lines": agenda_for(found, request.user),
        "sees_conflicts": proposal_rules.may(request.user, found.round, "see_conflicts"),
    }
    return render(request, "checklist/meeting_minutes.html", context)


def _load(request, pk, needs=rules.can_follow_panel):
    """The meeting, 404 where its round is not hers, 403 where she may not do this."""
    found = meeting_with_round(pk)
    if found is None or not FundingRound.objects.visible_to(request.user).filter(pk=found.round_id).exists():
        raise Http404
    request.round = found.round
    if not needs(request.user, found.round):
        raise PermissionDenied
    return found


def _done(request, found, action, chosen, **arguments):
    """Do it to what was chosen and go back to the meeting; a refusal is said there."""
    try:
        if chosen is None:
            raise actions.CannotMeet(_("This is not on the agenda any more. Choose again."))
        action(by=request.user, **arguments)
    except actions.CannotMeet as refusal:
        messages.error(request, str(refusal))
    return redirect("checklist:meeting", found.round.reference)


def _number(request, name):
    """The id that a button sent; 0, which nothing has, where it sent none."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def _shown(user, line):
    """The proposal whose panel her screen shows: the one that is on, where its panel is open to her."""
    if line is None or line.standing is not Standing.OPEN:
        return None
    return line.proposal if rules.can_see_panel(user, line.proposal) else None


def _neighbours(lines):
    """The items before and after the one that is on; the first one while none is."""
    place = next((index for index, line in enumerate(lines) if line.is_current), None)
    if place is None:
        waiting = [line for line in lines if not line.item.opened_at] or lines
        return {"previous": None, "next": waiting[0] if waiting else None}
    return {
        "previous": lines[place - 1] if place else None,
        "next": lines[place + 1] if place + 1 < len(lines) else None,
    }
