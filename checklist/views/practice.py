"""Practice before scoring: what is practised in a round, one proposal with its group, one reviewer's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checklist import rules
from checklist.actions import practice as actions
from checklist.actions.assignments import CannotAssign
from checklist.enums import AssessmentKind
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.naming import names_for
from checklist.selectors.practice import beside_reference, group_of, is_answered, practice_rows, reference_of, to_ask
from proposals.views.loading import load_proposal, load_round

from .practice_words import offsets_in_words, parts_in_words, tables_in_words
from .proposals import proposal_frame


@login_required
@require_safe
def round_practice(request, reference):
    """The practice proposals of a round, their references, and who has done them."""
    round_ = load_round(request, reference, needs=rules.can_prepare_practice)
    proposals, reviewers, left_out = to_ask(round_, request.user)
    context = {
        "round": round_,
        "rows": practice_rows(round_, request.user, timezone.localdate()),
        "to_ask": sum((each.pk, who.pk) not in left_out for each in proposals for who in reviewers),
        "reviewers": len(reviewers),
    }
    return render(request, "checklist/round_practice.html", context)


@login_required
@require_POST
def practice_ask(request, reference):
    """Ask every reviewer to practise on every practice proposal."""
    round_ = load_round(request, reference, needs=rules.can_prepare_practice)
    try:
        made = actions.ask_to_practise(round_=round_, by=request.user)
    except (actions.CannotPractise, CannotAssign) as refusal:
        messages.error(request, str(refusal))
    else:
        if made:
            text = ngettext("%(n)s request to practise is made.", "%(n)s requests to practise are made.", len(made))
            messages.success(request, text % {"n": len(made)})
        else:
            messages.info(request, _("Nobody was asked: everybody was asked already, or has a possible conflict."))
    return redirect("checklist:round-practice", round_.reference)


@login_required
@require_safe
def proposal_practice(request, pk):
    """Where the group differs from the reference, and its reviewers from each other."""
    proposal = load_proposal(request, pk, needs=rules.can_prepare_proposal)
    if not proposal.is_practice:
        return redirect("checklist:practice-set", pk)
    parts, offsets = group_of(proposal, request.LANGUAGE_CODE)
    context = proposal_frame(request, proposal, "practice")
    context |= {
        "reference": reference_of(proposal),
        "tables": tables_in_words(parts),
        "offsets": offsets_in_words(offsets) if rules.can_see_offsets(request.user, proposal.round) else [],
    }
    return render(request, "checklist/proposal_practice.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def practice_set(request, pk):
    """Put a proposal aside for practice, or let it count again, after saying what that means."""
    proposal = load_proposal(request, pk, needs=rules.can_prepare_proposal)
    if request.method == "POST":
        change = actions.unset_practice if request.POST.get("do") == "count" else actions.set_practice
        try:
            held = change(proposal=proposal, by=request.user)
        except actions.CannotPractise as refusal:
            messages.error(request, str(refusal))
            return redirect("checklist:practice-set", pk)
        if held.is_practice:
            messages.success(request, _("This proposal is for practice now. It counts nowhere."))
            return redirect("checklist:round-practice", proposal.round.reference)
        messages.success(request, _("This proposal counts again."))
        return redirect("checklist:proposal-detail", pk)
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "is_answered": is_answered(proposal),
        "has_reference": reference_of(proposal) is not None,
    }
    return render(request, "checklist/practice_set.html", context)


@login_required
@require_POST
def reference_begin(request, pk):
    """Begin the reference, or go on with it."""
    proposal = load_proposal(request, pk, needs=rules.can_prepare_proposal)
    try:
        reference = actions.begin_reference(proposal=proposal, by=request.user)
    except actions.CannotPractise as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:round-practice", proposal.round.reference)
    return redirect("checklist:assessment-edit", reference.pk)


@login_required
@require_safe
def assessment_practice(request, pk):
    """Where one reviewer differed from the reference; opens once her practice is in."""
    assessment = assessment_with_round(pk)
    is_practice = assessment is not None and assessment.proposal.is_practice
    if not is_practice or assessment.kind != AssessmentKind.INDIVIDUAL:
        raise Http404
    if not rules.can_read_assessment(request.user, assessment):
        raise Http404
    request.round = assessment.proposal.round
    if not assessment.is_submitted:
        return redirect("checklist:assessment-edit", pk)
    is_own = assessment.reviewer_id == request.user.pk
    if not is_own and not rules.can_prepare_proposal(request.user, assessment.proposal):
        raise PermissionDenied
    reference = reference_of(assessment.proposal, is_published=True)
    parts = parts_in_words(beside_reference(assessment, reference, request.LANGUAGE_CODE)) if reference else []
    context = {
        "assessment": assessment,
        "proposal": assessment.proposal,
        "round": request.round,
        "is_own": is_own,
        "name": names_for(assessment.proposal, request.user)(assessment.reviewer),
        "reference": reference,
        "parts": parts,
        "same": sum(len(part.alike) for part in parts),
        "total": sum(len(part.alike) + len(part.differing) for part in parts),
    }
    return render(request, "checklist/assessment_practice.html", context)
