"""Saving from the assessment form: by a script answer by answer, or by buttons without one."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checklist.actions import assessments as actions
from checklist.enums import Conclusion
from checklist.forms.responses import UnreadableForm, given_conclusion, given_responses, pressed

from .assessment_form import FormView, saved_html
from .assessment_loading import forget_unsaved, keep_unsaved, keeps_what_was_typed, load_own_assessment, wants_json
from .queue import go_on, way_from


@require_POST
@keeps_what_was_typed
def response_save(request, pk, criterion_pk):
    """One criterion from a script, answered in JSON; the whole form from a button."""
    assessment = load_own_assessment(request, pk)
    if not wants_json(request):
        return save_whole_form(request, assessment, criterion_pk)
    try:
        given = [each for each in given_responses(request.POST) if each.criterion_pk == criterion_pk]
        if len(given) != 1:
            raise UnreadableForm("exactly one criterion")
        outcome = actions.save_responses(
            assessment=assessment, given=given, by=request.user, last_criterion_pk=criterion_pk
        )
    except actions.NotAsked as error:
        raise Http404 from error
    except (UnreadableForm, actions.NotAnAnswer) as error:
        return JsonResponse({"message": _refused(error)}, status=400)
    except actions.AssessmentClosed as error:
        return JsonResponse({"message": str(error)}, status=403)
    if outcome.conflicts:
        return JsonResponse(_conflict_data(outcome.conflicts[0]), status=409)
    forget_unsaved(request, pk)
    return JsonResponse(_saved_data(FormView(outcome.draft), criterion_pk))


@require_POST
@keeps_what_was_typed
def conclusion_save(request, pk):
    """The overall view from a script, answered in JSON; the whole form from a button."""
    assessment = load_own_assessment(request, pk)
    if not wants_json(request):
        return save_whole_form(request, assessment, None)
    try:
        given = given_conclusion(request.POST)
        if given is None:
            raise UnreadableForm("no overall view")
        saved = actions.save_conclusion(assessment=assessment, by=request.user, **given)
    except (UnreadableForm, actions.NotAnAnswer) as error:
        return JsonResponse({"message": _refused(error)}, status=400)
    except actions.AssessmentClosed as error:
        return JsonResponse({"message": str(error)}, status=403)
    except actions.ConclusionConflict as conflict:
        stored = conflict.assessment
        return JsonResponse(
            {
                "message": str(conflict),
                "revision": stored.conclusion_revision,
                "fields": _conclusion_fields(stored),
            },
            status=409,
        )
    return JsonResponse(
        {"revision": saved.conclusion_revision, "fields": _conclusion_fields(saved), "saved": saved_html(saved)}
    )


def save_whole_form(request, assessment, criterion_pk):
    """Save everything the page holds and go where the button says."""
    try:
        button = pressed(request.POST)
        outcome = actions.save_form(
            assessment=assessment,
            given=given_responses(request.POST),
            conclusion=given_conclusion(request.POST),
            by=request.user,
            last_criterion_pk=criterion_pk,
        )
    except actions.NotAsked as error:
        raise Http404 from error
    except (UnreadableForm, actions.NotAnAnswer) as error:
        return render(
            request,
            "checklist/assessment_refused.html",
            {"assessment": assessment, "message": _refused(error)},
            status=400,
        )
    except actions.AssessmentClosed as error:
        return closed(request, assessment, str(error), is_kept=keep_unsaved(request, assessment.pk))
    forget_unsaved(request, assessment.pk)
    if outcome.conflicts or outcome.conclusion_conflict:
        return _conflict_page(request, assessment, outcome)
    return _after_saving(request, assessment, button[0], criterion_pk)


def closed(request, assessment, message, *, is_kept=False):
    """The page that says why an assessment takes no answers, and whether what was typed just now is kept."""
    context = {"assessment": assessment, "message": message, "is_kept": is_kept}
    return render(request, "checklist/assessment_closed.html", context, status=403)


def _after_saving(request, assessment, word, criterion_pk):
    if word == "next":
        messages.success(request, _("Saved: %(proposal)s") % {"proposal": assessment.proposal})
        return go_on(request, assessment)
    query = way_from(request, assessment).query
    if word == "submit":
        return redirect(reverse("checklist:assessment-submit", args=[assessment.pk]) + query)
    form_url = reverse("checklist:assessment-edit", args=[assessment.pk]) + query
    if criterion_pk is None:
        messages.success(request, _("Everything on the form is saved."))
        return redirect(form_url)
    return redirect(f"{form_url}#c-{criterion_pk}")


def _refused(error):
    return _("This could not be read. Load the page again.") if isinstance(error, UnreadableForm) else str(error)


def _saved_data(form_view, criterion_pk):
    """What a page needs to know after a save: only what may have changed with it."""
    view = form_view.views[criterion_pk]
    return {
        "revision": view.place.stored.revision,
        "fields": _fields(view.place.stored),
        "saved": saved_html(view.place.stored),
        "mark": view.mark_with_word,
        "derived": view.derived_sentence,
        "problems": view.hints(),
        "progress": form_view.progress_html(),
        "bearing": {each.pk: form_view.bearing_html(each) for each in form_view.bearing_views(view)},
        "blocks": form_view.blocks,
    }


def _conflict_data(conflict):
    stored = conflict.place.stored
    return {
        "message": str(conflict),
        "revision": stored.revision,
        "fields": _fields(stored),
    }


def _fields(stored):
    """What is stored, in the shape of the form's fields."""
    return {
        "answer": stored.answer.answer or "",
        "rationale": stored.answer.rationale,
        "subs": {key: {"answer": sub.answer or "", "text": sub.text} for key, sub in stored.answer.subs.items()},
        "evidence": [
            {"document": each.document_pk or "", "page": each.page, "quote": each.quote} for each in stored.evidence
        ],
    }


def _response_lines(criterion, answer, rationale, subs, evidence):
    """A response in words, as (label, text): to lay one beside the other."""
    option = criterion.option(answer)
    lines = [(_("Answer"), option.label if option else _("Not answered yet"))]
    for sub in criterion.subs:
        given = subs.get(sub.key)
        if given and (given.answer or given.text):
            chosen = sub.option(given.answer)
            lines.append((sub.label, " – ".join(part for part in (chosen.label if chosen else "", given.text) if part)))
    lines.append((_("Reason"), rationale or "–"))
    lines += [(_("Place"), ", ".join(part for part in row if part)) for row in evidence]
    return lines


def _conclusion_lines(conclusion, reason, override_reason):
    word = str(Conclusion(conclusion).label) if conclusion in Conclusion.values else _("None chosen")
    lines = [(_("Overall view"), word), (_("Reasons"), reason or "–")]
    return [*lines, (_("Why recommend all the same"), override_reason)] if override_reason else lines


def _conclusion_fields(assessment):
    return {
        "conclusion": assessment.conclusion,
        "reason": assessment.conclusion_reason,
        "override": assessment.override_reason,
    }


def _conflict_page(request, assessment, outcome):
    """Both texts side by side, with the choice between them, for a browser without scripts."""
    names = {each.pk: each.name for each in outcome.draft.documents}
    rows = []
    for conflict in outcome.conflicts:
        stored, given, criterion = conflict.place.stored, conflict.given, conflict.place.criterion
        pointers = [(names.get(each.document_pk, ""), each.page, each.quote) for each in given.evidence]
        theirs = [(each.document_name, each.page, each.quote) for each in stored.evidence]
        rows.append(
            {
                "criterion": criterion,
                "choice_name": f"c{criterion.pk}-choice",
                "given": given,
                "revision": stored.revision,
                "mine": _response_lines(criterion, given.answer, given.rationale, given.subs, pointers),
                "theirs": _response_lines(
                    criterion, stored.answer.answer, stored.answer.rationale, stored.answer.subs, theirs
                ),
            }
        )
    conclusion = None
    if outcome.conclusion_conflict:
        mine, stored = given_conclusion(request.POST), outcome.conclusion_conflict.assessment
        conclusion = {
            "given": mine,
            "revision": stored.conclusion_revision,
            "mine": _conclusion_lines(mine["conclusion"], mine["reason"], mine["override_reason"]),
            "theirs": _conclusion_lines(stored.conclusion, stored.conclusion_reason, stored.override_reason),
        }
    way = way_from(request, assessment)
    context = {"assessment": assessment, "rows": rows, "conclusion": conclusion, "way": way}
    return render(request, "checklist/assessment_conflict.html", context, status=409)
