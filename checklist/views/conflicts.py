"""Conflicts of interest of a round: what was found, what was decided, what was declared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from checklist import rules
from checklist.actions.conflicts import CannotDecideConflict, confirm_conflict, dismiss_conflict, find_in_round
from checklist.enums import SuspicionState
from checklist.forms.conflicts import ConflictForm
from checklist.models import SuspectedConflict
from checklist.selectors.conflicts import conflicts_in, counts_of, declared_in, sentence_of
from checklist.selectors.reviewers import ties_of
from proposals import rules as proposal_rules
from proposals.views.loading import load_round
from screening.listing import Column, build_listing

DECLARED = "declared"
REFERENCE = Column("reference", gettext_lazy("Reference"), ("proposal__reference",), css="fit")
TITLE = Column("title", gettext_lazy("Proposal"), ("proposal__title",))
REVIEWER = Column("reviewer", gettext_lazy("Person"), ("reviewer__name",))
WORDS = Column("words", gettext_lazy("Why it was found"))
DECISION = Column("decision", gettext_lazy("Decided"), ("decided_at",))
DECLARATION = Column("declaration", gettext_lazy("In her own words"))
ACTIONS = Column("actions", gettext_lazy("Actions"), css="fit", hidden=True)


@login_required
def conflict_list(request, reference):
    """Open ones first; the others by a tab each."""
    round_ = load_round(request, reference, needs=rules.can_see_conflicts)
    shown = request.GET.get("state", SuspicionState.OPEN)
    if shown not in (*SuspicionState.values, DECLARED):
        shown = SuspicionState.OPEN
    counts = counts_of(round_, request.user)
    if shown == DECLARED:
        rows, columns = declared_in(round_, request.user), [REFERENCE, TITLE, REVIEWER, DECLARATION]
    else:
        rows = conflicts_in(round_, request.user).filter(state=shown)
        last = [ACTIONS] if shown == SuspicionState.OPEN else [DECISION]
        columns = [REFERENCE, TITLE, REVIEWER, WORDS, *last]
    listing = build_listing(request, rows, columns, default_sort="reference", prepare=_in_words)
    context = {
        "round": round_,
        "listing": listing,
        "shown": shown,
        "tabs": _tabs(round_, counts, shown),
        "can_decide": rules.can_decide_conflicts(request.user, round_),
        "can_look": proposal_rules.can_assign_reviewers(request.user, round_),
    }
    return render(request, "checklist/conflict_list.html", context)


@login_required
@require_POST
def conflict_look(request, reference):
    """Compare every proposal of the round with everybody who holds a role in it."""
    round_ = load_round(request, reference, needs=proposal_rules.can_assign_reviewers)
    found = find_in_round(round_=round_, by=request.user)
    if found:
        text = ngettext("%(n)s new sign was found.", "%(n)s new signs were found.", len(found))
        messages.success(request, text % {"n": len(found)})
    else:
        messages.info(request, _("Nothing new was found."))
    return redirect("checklist:conflict-list", round_.reference)


@login_required
def conflict_decide(request, pk):
    """Confirm or dismiss one suspicion, with a reason."""
    suspicion = _load(request, pk)
    round_ = suspicion.proposal.round
    back = reverse("checklist:conflict-list", args=[round_.reference])
    form = ConflictForm(request.POST or None)
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        action = confirm_conflict if form.cleaned_data["answer"] == form.CONFIRM else dismiss_conflict
        try:
            decided = action(suspicion=suspicion, reason=form.cleaned_data["reason"], by=request.user)
        except CannotDecideConflict as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(decided))
            return redirect(back)
    _in_words([suspicion])
    context = {
        "round": round_,
        "suspicion": suspicion,
        "form": form,
        "ties": ties_of(suspicion.reviewer),
        "is_open": suspicion.state == SuspicionState.OPEN,
    }
    return render(request, "checklist/conflict_decide.html", context)


def _load(request, pk):
    """The suspicion; 404 where its round or proposal is not known to her, 403 where she may not decide."""
    related = ("proposal__round", "proposal__applicant", "reviewer", "decided_by")
    found = SuspectedConflict.objects.select_related(*related).filter(pk=pk).first()
    if found is None or not proposal_rules.can_see_proposal_name(request.user, found.proposal):
        raise Http404
    request.round = found.proposal.round
    if not rules.can_decide_conflict(request.user, found):
        raise PermissionDenied
    return found


def _said(decided):
    words = {"person": decided.reviewer}
    if decided.state == SuspicionState.CONFIRMED:
        return _("Confirmed. The proposal is closed to %(person)s.") % words
    return _("Dismissed. %(person)s may be asked.") % words


def _in_words(rows):
    for row in rows:
        row.words = sentence_of(row.kind, row.detail) if hasattr(row, "kind") else row.declaration


def _tabs(round_, counts, shown):
    url = reverse("checklist:conflict-list", args=[round_.reference])
    labels = {
        SuspicionState.OPEN: _("To be looked at"),
        SuspicionState.CONFIRMED: _("Confirmed"),
        SuspicionState.DISMISSED: _("Dismissed"),
        DECLARED: _("Declared by reviewers"),
    }
    return [
        {"label": label, "url": f"{url}?state={state}", "current": state == shown, "count": counts[state]}
        for state, label in labels.items()
    ]
