"""Writing the panel's consensus: answer by answer, with reasons; closing it; opening it again."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checklist import rules
from checklist.actions import consensus as actions
from checklist.actions.assessments import (
    AssessmentClosed,
    CannotReopenAssessment,
    CannotSubmitAssessment,
    ConclusionConflict,
    NotAnAnswer,
    NotAsked,
    ResponseConflict,
    refusal_of,
    save_conclusion,
)
from checklist.forms.panels import ConsensusViewForm, ReopenConsensusForm
from checklist.forms.responses import UnreadableForm, given_responses, pressed
from checklist.selectors.drafts import load_draft
from checklist.selectors.naming import names_for
from checklist.selectors.panels import consensus_with_round, readable_assessments
from checklist.selectors.questions import answers_on
from checklist.tables.consensus import change_lines
from checklist.tables.panel import build_tables
from proposals.views.loading import load_proposal

from .assessment_form import FormView
from .panel import load_consensus_proposal


class ConsensusFormView(FormView):
    """The form of a consensus: each criterion on a page of its own."""

    def save_url(self, place):
        return reverse("checklist:consensus-criterion", args=[self.assessment.pk, place.criterion.pk])

    def after(self, criterion_pk):
        """The next criterion that still needs something, going round; None when none does."""
        pks = list(self.views)
        start = pks.index(criterion_pk) + 1
        return next((pk for pk in [*pks[start:], *pks[: start - 1]] if self.views[pk].problems), None)


@login_required
@require_POST
def consensus_begin(request, pk):
    """Begin with what all reviewers said alike."""
    proposal = load_proposal(request, pk, needs=rules.can_write_consensus)
    try:
        actions.begin_consensus(proposal=proposal, by=request.user)
    except actions.CannotBeginConsensus as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The consensus is begun. Where all reviewers agreed, their answer is taken over."))
    return _to_panel(proposal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consensus_criterion(request, pk, criterion_pk):
    """What each reviewer said on one criterion, and what the panel says."""
    consensus = consensus_with_round(pk)
    proposal = load_consensus_proposal(request, consensus, rules.can_write_consensus)
    if consensus.is_submitted:
        messages.error(request, refusal_of(consensus))
        return _to_panel(proposal)
    if request.method == "POST":
        return _saved(request, consensus, criterion_pk)
    return _criterion_page(request, consensus, criterion_pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consensus_conclusion(request, pk):
    """The panel's overall view."""
    consensus = consensus_with_round(pk)
    proposal = load_consensus_proposal(request, consensus, rules.can_write_consensus)
    initial = {
        "conclusion": consensus.conclusion,
        "reason": consensus.conclusion_reason,
        "override_reason": consensus.override_reason,
        "revision": consensus.conclusion_revision,
    }
    form = ConsensusViewForm(request.POST or None, initial=initial)
    form.cancel_url = reverse("checklist:proposal-panel", args=[proposal.pk])
    if request.method == "POST" and form.is_valid():
        try:
            save_conclusion(assessment=consensus, by=request.user, **form.cleaned_data)
        except AssessmentClosed as refusal:
            messages.error(request, str(refusal))
            return _to_panel(proposal)
        except ConclusionConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("The overall view is saved."))
            return _to_panel(proposal)
    context = {"consensus": consensus, "proposal": proposal, "form": form}
    return render(request, "checklist/consensus_conclusion.html", context)


@login_required
@require_POST
def consensus_close(request, pk):
    """Lock the consensus with what it comes to."""
    consensus = consensus_with_round(pk)
    proposal = load_consensus_proposal(request, consensus, rules.can_write_consensus)
    try:
        actions.close_consensus(assessment=consensus, by=request.user)
    except (CannotSubmitAssessment, AssessmentClosed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The consensus is closed and locked."))
    return _to_panel(proposal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consensus_reopen(request, pk):
    """The chair unlocks a closed consensus, with a reason."""
    consensus = consensus_with_round(pk)
    proposal = load_consensus_proposal(request, consensus, rules.can_write_consensus)
    form = ReopenConsensusForm(request.POST or None)
    form.cancel_url = reverse("checklist:proposal-panel", args=[proposal.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_consensus(assessment=consensus, by=request.user, **form.cleaned_data)
        except (actions.CannotReopenConsensus, CannotReopenAssessment) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The consensus is open again. Every change asks for a reason."))
        return _to_panel(proposal)
    context = {"consensus": consensus, "proposal": proposal, "form": form}
    return render(request, "checklist/consensus_reopen.html", context)


def _to_panel(proposal):
    return redirect(reverse("checklist:proposal-panel", args=[proposal.pk]) + "#consensus")


# -- One criterion ------------------------------------------------------------------------------


def _saved(request, consensus, criterion_pk):
    """Save what was posted and go where the button says; what is refused is shown with what was typed."""
    reason = request.POST.get("reason", "")
    try:
        word = pressed(request.POST)[0]
        given = next((each for each in given_responses(request.POST) if each.criterion_pk == criterion_pk), None)
    except UnreadableForm as error:
        raise Http404 from error
    if given is None:
        raise Http404
    if reason.strip():
        # One reason is asked for, not two: it stands with the answer as well as in the record of the change.
        given = replace(given, rationale=reason)
    refused = {"given": given, "reason": reason}
    try:
        outcome = actions.set_consensus_answer(assessment=consensus, given=given, by=request.user, reason=reason)
    except NotAsked as error:
        raise Http404 from error
    except AssessmentClosed as refusal:
        messages.error(request, str(refusal))
        return _to_panel(consensus.proposal)
    except actions.ReasonMissing as refusal:
        return _criterion_page(request, consensus, criterion_pk, reason_problem=str(refusal), **refused)
    except NotAnAnswer as refusal:
        return _criterion_page(request, consensus, criterion_pk, problem=str(refusal), **refused)
    except ResponseConflict as conflict:
        problem = _(
            "This answer was changed elsewhere in the meantime. The table shows what is stored now; "
            "below is what you typed. Save it if it is to count."
        )
        return _criterion_page(request, consensus, criterion_pk, problem=problem, **refused | {"given": conflict.given})
    if word in ("add", "remove", "clear"):
        return redirect("checklist:consensus-criterion", consensus.pk, criterion_pk)
    following = ConsensusFormView(outcome.draft).after(criterion_pk) if word == "next" else None
    if following:
        return redirect("checklist:consensus-criterion", consensus.pk, following)
    panel = reverse("checklist:proposal-panel", args=[consensus.proposal_id])
    return redirect(f"{panel}#c-{criterion_pk}")


def _criterion_page(request, consensus, criterion_pk, *, given=None, reason="", problem="", reason_problem=""):
    proposal = consensus.proposal
    draft = load_draft(consensus, language=request.LANGUAGE_CODE)
    form_view = ConsensusFormView(draft, answers_on(consensus.proposal_id))
    view = form_view.views.get(criterion_pk)
    if view is None:
        raise Http404
    if given is not None:
        # What was typed counts on top of what is stored now, once it is saved again.
        given = replace(given, revision=view.place.stored.revision)
    names = names_for(proposal, request.user)
    tables = build_tables(
        readable_assessments(proposal, request.user), consensus, names, language=request.LANGUAGE_CODE
    )
    row = next((row for table in tables for row in table.rows if row.criterion.pk == criterion_pk), None)
    context = {
        "consensus": consensus,
        "proposal": proposal,
        "view": view,
        "row": row,
        "criterion": form_view.criterion_html(view, unsaved=given, current=criterion_pk, shows_missing=True),
        "reason": reason,
        "lacking": view.hints(shows_missing=True).get("rationale", "") if view.is_answered else "",
        "problem": problem,
        "reason_problem": reason_problem,
        "changes": [
            each for each in change_lines(consensus, names, request.LANGUAGE_CODE) if each.criterion.pk == criterion_pk
        ],
        "following": form_view.after(criterion_pk),
    }
    return render(request, "checklist/consensus_criterion.html", context)
