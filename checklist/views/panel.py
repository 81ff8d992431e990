"""The panel: what stands to be discussed in a round, and one proposal with everybody's answers side by side."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checklist import rules
from checklist.actions.panels import CannotDiscuss, add_to_discussion
from checklist.forms.panels import DiscussionForm
from checklist.models import Criterion
from checklist.selectors.instruments import pinned_versions, sheet
from checklist.selectors.meetings import running_meeting
from checklist.selectors.naming import names_for
from checklist.selectors.panel_rounds import FEWEST, panel_rows
from checklist.selectors.panels import (
    consensus_obstacle,
    consensus_of,
    discussion_of,
    people_in_discussion,
    readable_assessments,
)
from checklist.selectors.phases import panel_refusal
from checklist.tables.consensus import change_lines
from checklist.tables.panel import OPEN, build_tables
from proposals.views.loading import load_proposal, load_round

from .proposals import proposal_frame

PAGE_SIZE = 50
MARK = re.compile(r"@\[(\d+)\]")


@login_required
@require_safe
def round_panel(request, reference):
    """The proposals of a round that the panel has to discuss, the most split first."""
    round_ = load_round(request, reference, needs=rules.can_follow_panel)
    rows, waiting = panel_rows(request.user, round_)
    meeting = running_meeting(round_)
    context = {
        "round": round_,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": waiting,
        "fewest": FEWEST,
        "meeting": meeting,
        "can_lead": rules.can_lead_panel(request.user, round_),
    }
    return render(request, "checklist/round_panel.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_panel(request, pk):
    """Criteria x reviewers, the consensus beside them, and the discussion; posting adds to the discussion."""
    proposal = load_proposal(request, pk, needs=rules.can_see_panel)
    form, people = None, []
    names = names_for(proposal, request.user)
    if rules.can_discuss(request.user, proposal):
        people = people_in_discussion(proposal)
        form = _discussion_form(request, proposal, people, names)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _added(request, proposal, form, people):
            return redirect(reverse("checklist:proposal-panel", args=[pk]) + "#discussion")
    context = proposal_frame(request, proposal, "panel")
    context |= panel_context(request, proposal, names)
    if form is not None:
        context |= {"form": form, "entries": _entries(proposal, names), "is_quiet": panel_refusal(proposal.round)}
    return render(request, "checklist/proposal_panel.html", context)


def panel_context(request, proposal, names=None):
    """The tables of a proposal with its consensus, for the page of the proposal and for a meeting."""
    user = request.user
    names = names or names_for(proposal, user)
    in_order = request.GET.get("order") == "instrument"
    assessments, consensus = readable_assessments(proposal, user), consensus_of(proposal)
    tables = build_tables(assessments, consensus, names, language=request.LANGUAGE_CODE, in_order=in_order)
    rows = [row for table in tables for row in table.rows]
    can_write = rules.can_write_consensus(user, proposal)
    return {
        "tables": tables,
        "assessments": assessments,
        "consensus": consensus,
        "consensus_leader": names(consensus.reviewer) if consensus else "",
        "changes": change_lines(consensus, names, request.LANGUAGE_CODE) if consensus else [],
        "open_rows": sum(row.consensus is not None and row.consensus.standing == OPEN for row in rows),
        "all_rows": len(rows),
        "in_order": in_order,
        "can_write": can_write,
        "obstacle": consensus_obstacle(proposal) if can_write and consensus is None else "",
    }


def load_consensus_proposal(request, consensus, needs):
    """404 where the proposal is not for her, 403 where she may not do this; remembers the round."""
    if consensus is None or not rules.can_see_panel(request.user, consensus.proposal):
        raise Http404
    request.round = consensus.proposal.round
    if not needs(request.user, consensus.proposal):
        raise PermissionDenied
    return consensus.proposal


# -- Discussion ---------------------------------------------------------------------------------


def _discussion_form(request, proposal, people, names):
    sheets = [sheet(pk, request.LANGUAGE_CODE) for pk in pinned_versions(proposal.round)]
    criteria = [
        (each.short_title, [(item.pk, f"{item.number}. {item.short_title}") for item in each.criteria])
        for each in sheets
    ]
    others = [(person.pk, names(person)) for person in people if person.pk != request.user.pk]
    about = request.GET.get("about", "")
    data = request.POST if request.method == "POST" else None
    initial = {"criterion": int(about) if about.isdecimal() else None}
    return DiscussionForm(data, people=others, criteria=criteria, initial=initial)


def _added(request, proposal, form, people):
    """Whether the contribution was taken; the refusal stands at the field else."""
    given = form.cleaned_data
    chosen = set(given.get("mentions", ()))
    criterion = Criterion.objects.filter(pk=given["criterion"]).first() if given["criterion"] else None
    try:
        add_to_discussion(
            proposal=proposal,
            text=given["text"],
            by=request.user,
            criterion=criterion,
            mentions=[person for person in people if person.pk in chosen],
        )
    except CannotDiscuss as refusal:
        form.add_error("text", str(refusal))
        return False
    messages.success(request, _("Your contribution is added."))
    return True


def _entries(proposal, names):
    """The contributions with names as the reader may see them."""
    entries = discussion_of(proposal)
    for entry in entries:
        entry.by_name = names(entry.by)
        mentioned = {person.pk: names(person) for person in entry.mentions.all()}
        entry.told = list(mentioned.values())
        entry.said = _with_names(entry.text, mentioned)
    return entries


def _with_names(text, mentioned):
    """The text with "@[id]" as the name of whoever is meant; everything else escaped."""
    pieces = []
    for index, piece in enumerate(MARK.split(text)):
        if index % 2 == 0:
            pieces.append(conditional_escape(piece))
        elif int(piece) in mentioned:
            pieces.append(format_html("<strong>@{}</strong>", mentioned[int(piece)]))
        else:
            pieces.append(f"@[{piece}]")
    return mark_safe("".join(pieces))  # noqa: S308 - escaped piece by piece
