"""Register one proposal, and change it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from .. import rules
from ..actions.proposals import InvalidProposal, ProposalChangedMeanwhile, change_proposal, register_proposal
from ..forms.proposals import ProposalForm, initial_of
from ..models import Organisation
from ..selectors import facts_of
from ..validators import CURRENCIES
from .loading import load_proposal, load_round

# More would make the page heavy; names beyond are still matched when the form is sent.
OFFERED_NAMES = 500


@login_required
def proposal_add(request, reference):
    """An empty form; a good one becomes a proposal."""
    round_ = load_round(request, reference, needs=rules.can_import_proposals)
    form = ProposalForm(request.POST or None, currency=round_.currency)
    form.submit_label = _("Register the proposal")
    form.cancel_url = round_.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            proposal = register_proposal(round_=round_, facts=form.facts, by=request.user)
        except InvalidProposal as refusal:
            form.add_problems(refusal.problems)
        else:
            messages.success(request, _("%(reference)s is registered.") % {"reference": proposal.reference})
            return redirect(proposal)
    return _page(request, form, round_=round_)


@login_required
def proposal_edit(request, pk):
    """The form with what is known. What somebody else saved meanwhile is shown, never overwritten in silence."""
    proposal = load_proposal(request, pk, needs=rules.can_change_proposal)
    known = facts_of(proposal)
    form = ProposalForm(request.POST or None, known=known, initial={"revision": proposal.revision})
    form.cancel_url = proposal.get_absolute_url()
    conflicts = []
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            change_proposal(proposal=proposal, facts=form.facts, revision=revision, by=request.user)
        except InvalidProposal as refusal:
            form.add_problems(refusal.problems)
        except ProposalChangedMeanwhile as refusal:
            conflicts = _conflicts(form, refusal.current)
            form.data = form.data.copy()
            form.data["revision"] = proposal.revision
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(reference)s is saved.") % {"reference": proposal.reference})
            return redirect(proposal)
    return _page(request, form, round_=proposal.round, proposal=proposal, conflicts=conflicts)


def _page(request, form, *, round_, proposal=None, conflicts=()):
    context = {
        "form": form,
        "round": round_,
        "proposal": proposal,
        "conflicts": conflicts,
        "organisations": Organisation.objects.order_by("name", "pk").values_list("name", flat=True)[:OFFERED_NAMES],
        "currencies": sorted(CURRENCIES),
    }
    return render(request, "proposals/proposal_form.html", context)


def _conflicts(form, current):
    """(label, what is saved now, what this form says) for every field that differs."""
    saved, typed = initial_of(current), initial_of(form.facts)
    return [
        (form.fields[name].label, _shown(form, name, saved[name]), _shown(form, name, typed[name]))
        for name in saved
        if saved[name] != typed[name]
    ]


def _shown(form, name, value):
    choices = dict(getattr(form.fields[name], "choices", ()))
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(str(choices.get(each, each)) for each in values if each not in ("", None))
