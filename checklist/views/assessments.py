"""Pages of one assessment: the form, submitting, reopening."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checklist import rules
from checklist.actions import assessments as actions
from checklist.actions.practice import publish_reference, reference_problem
from checklist.enums import AssessmentKind, AssignmentState, Conclusion
from checklist.facts import proposal_facts
from checklist.forms.responses import ReopenForm, UnreadableForm, given_conclusion, given_responses
from checklist.selectors.assessments import assessment_with_round, form_languages, load_facts
from checklist.selectors.drafts import load_draft
from checklist.selectors.practice import owed_practice, submission_refusal
from checklist.selectors.questions import answers_on
from screening.actions import change_own_settings

from .assessment_form import FormView, saved_html
from .assessment_loading import keeps_what_was_typed, load_own_assessment, unsaved_data
from .queue import go_on, way_from
from .responses import closed, save_whole_form


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_what_was_typed
def assessment_edit(request, pk):
    """The proposal on the left, the instruments on the right; posting saves all of it."""
    assessment = load_own_assessment(request, pk)
    if request.method == "POST":
        return save_whole_form(request, assessment, None)
    if assessment.is_submitted:
        return redirect("checklist:assessment-result", pk)
    if assessment.assignment and assessment.assignment.state == AssignmentState.ASSIGNED:
        return redirect("checklist:declare", assessment.assignment_id)
    refusal, can_answer = actions.refusal_of(assessment), rules.can_answer(request.user, assessment)
    if refusal and can_answer:
        # Closed by a date alone: what she wrote stays open to her, to be read.
        return redirect("checklist:assessment-result", pk)
    if refusal or not can_answer:
        return closed(request, assessment, refusal)
    return render(request, "checklist/assessment_edit.html", _form_context(request, assessment))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_submit(request, pk):
    """What is missing, or what will be locked; posting locks it."""
    assessment = load_own_assessment(request, pk)
    if assessment.is_submitted:
        return redirect("checklist:assessment-result", pk)
    refusal = actions.refusal_of(assessment)
    if refusal or not rules.can_answer(request.user, assessment):
        return closed(request, assessment, refusal)
    is_reference = assessment.kind == AssessmentKind.REFERENCE
    if request.method == "POST":
        try:
            (publish_reference if is_reference else actions.submit_assessment)(assessment=assessment, by=request.user)
        except (actions.CannotSubmitAssessment, actions.AssessmentClosed) as refusal:
            messages.error(request, str(refusal))
            return redirect("checklist:assessment-submit", pk)
        return _after_submitting(request, assessment)
    form_view = FormView(load_draft(assessment))
    context = {
        "assessment": assessment,
        "form_view": form_view,
        "conclusion_problem": actions.conclusion_problem(form_view.draft.content),
        "is_reference": is_reference,
        "reference_problem": reference_problem(form_view.draft) if is_reference else "",
        **_practice_first(assessment),
        "way": way_from(request, assessment),
    }
    return render(request, "checklist/assessment_submit.html", context)


def _practice_first(assessment):
    """What keeps her from submitting before she has practised, or "", and whether she was asked to practise."""
    problem = submission_refusal(assessment) if assessment.asks_for_practice else ""
    asked = owed_practice(assessment.proposal.round, assessment.reviewer) if problem else None
    return {"practice_problem": problem, "has_practice": asked is not None}


def _after_submitting(request, assessment):
    """Words of thanks, and on: to the reference where it was practice, else as the button said."""
    if assessment.kind == AssessmentKind.REFERENCE:
        messages.success(request, _("The reference is published: %(proposal)s.") % {"proposal": assessment.proposal})
        return redirect("checklist:round-practice", assessment.proposal.round.reference)
    messages.success(request, _("Submitted and locked: %(proposal)s. Thank you.") % {"proposal": assessment.proposal})
    if assessment.proposal.is_practice:
        return redirect("checklist:assessment-practice", assessment.pk)
    if "next" in request.POST:
        return go_on(request, assessment)
    return redirect("checklist:assessment-result", assessment.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_reopen(request, pk):
    """The programme officer unlocks a submitted assessment, with a reason."""
    assessment = assessment_with_round(pk)
    if assessment is None or not rules.can_read_assessment(request.user, assessment):
        raise Http404
    request.round = assessment.proposal.round
    if not rules.can_reopen_assessment(request.user, assessment):
        raise PermissionDenied
    form = ReopenForm(request.POST or None)
    form.cancel_url = assessment.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            actions.reopen_assessment(assessment=assessment, by=request.user, **form.cleaned_data)
        except actions.CannotReopenAssessment as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Reopened. %(reviewer)s can change her answers again.") % {"reviewer": assessment.reviewer}
            )
        return redirect("checklist:proposal-detail", assessment.proposal_id)
    return render(request, "checklist/assessment_reopen.html", {"assessment": assessment, "form": form})


@login_required
@require_POST
def assessment_language(request, pk):
    """Show the questions of this assessment in another language."""
    assessment = load_own_assessment(request, pk)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    try:
        actions.choose_language(assessment=assessment, language=language, by=request.user)
    except actions.AssessmentClosed as refusal:
        return closed(request, assessment, str(refusal))
    return redirect(reverse("checklist:assessment-edit", args=[pk]) + way_from(request, assessment).query)


@login_required
@require_POST
def shortcuts(request):
    """Switch the keyboard shortcuts of the form on or off for oneself."""
    user, is_on = request.user, request.POST.get("on") == "1"
    change_own_settings(user=user, by=user, language=user.language, theme=user.theme, has_shortcuts=is_on)
    return JsonResponse({"on": is_on})


def _form_context(request, assessment):
    draft = load_draft(assessment)
    # Before she has submitted once, what others could not judge is none of her business.
    form_view = FormView(draft, answers_on(assessment.proposal_id) if assessment.submission_number else ())
    shows_missing = request.GET.get("show") == "missing"
    unsaved, conclusion = _unsaved(request, assessment, draft)
    current = assessment.last_criterion_id or form_view.begins_at
    blocks = [
        (
            instrument,
            [
                form_view.criterion_html(
                    view, unsaved=unsaved.get(view.pk), current=current, shows_missing=shows_missing
                )
                for view in views
            ],
        )
        for instrument, views in form_view.instruments
    ]
    return {
        "assessment": assessment,
        "proposal": assessment.proposal,
        "is_reference": assessment.kind == AssessmentKind.REFERENCE,
        **_practice_first(assessment),
        "facts": proposal_facts(load_facts(assessment.proposal)),
        "draft": draft,
        "form_view": form_view,
        "blocks": blocks,
        "current": current,
        "conclusion": conclusion,
        "conclusion_choices": Conclusion.choices,
        "conclusion_saved": saved_html(assessment) if assessment.conclusion_revision else "",
        "languages": form_languages(draft.content.instruments),
        "has_unsaved": bool(unsaved),
        "way": way_from(request, assessment),
    }


def _unsaved(request, assessment, draft):
    """What was typed when the session ended and differs from what is stored, and the overall view to show."""
    conclusion = {
        "conclusion": assessment.conclusion,
        "reason": assessment.conclusion_reason,
        "override_reason": assessment.override_reason,
        "revision": assessment.conclusion_revision,
    }
    data = unsaved_data(request, assessment.pk)
    try:
        given = {each.criterion_pk: each for each in given_responses(data)}
        conclusion = given_conclusion(data) or conclusion
    except UnreadableForm:
        return {}, conclusion
    changed = actions.what_differs(draft, given.values())
    return {pk: given[pk] for pk in changed}, conclusion
