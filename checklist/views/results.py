"""What an assessment comes to: result, history, and the scorecard as a PDF or to print."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checklist import rules
from checklist.actions.assessments import refusal_of
from checklist.actions.reports import CannotIssueScorecard, record_report_download, request_scorecard
from checklist.enums import AssessmentKind
from checklist.reporting.making import PAPERS
from checklist.reporting.scorecard import MAKER, scorecard_of
from checklist.reports import build_scorecard
from checklist.scorecard_keys import scorecard_key
from checklist.selectors.history import assessment_history_page
from checklist.selectors.naming import names_for
from checklist.selectors.questions import answers_on
from checklist.selectors.scorecards import assessment_for_reports, issued_report, latest_scorecard_job
from checklist.selectors.submissions import changes_between_submissions
from checklist.tables.consensus import change_lines
from proposals.rules import remember_access
from screening import glyphs, pdf
from screening.enums import JobState

from .sending import send_pdf

WAITING = (JobState.QUEUED, JobState.RUNNING)


def _load_assessment(request, pk, *, with_facts=True):
    """The assessment if the person may read it, else 404; its round is remembered as `request.round`.

    `names` are those she sees, `shown_name` what she may call its reviewer, `letter` where it is a letter.
    """
    assessment = assessment_for_reports(pk, request.user, with_facts=with_facts)
    if assessment is None:
        raise Http404
    request.round = assessment.proposal.round
    remember_access(request.user, assessment.proposal_id, assessment.access_level)
    assessment.names = names_for(assessment.proposal, request.user)
    assessment.letter = assessment.names.letter(assessment.reviewer_id)
    assessment.shown_name = assessment.names(assessment.reviewer)
    return assessment


def _language(request, assessment):
    """The language asked for by ?lang=, else the one the assessment was written in."""
    asked = request.GET.get("lang", "")
    known = [code for code, _name in settings.LANGUAGES]
    return asked if asked in known else assessment.language


def _look(request, assessment):
    """How the PDF is to look: in which language, on which paper, and under which letter its reviewer stands."""
    asked = request.GET.get("paper", "")
    paper = asked if asked in PAPERS else assessment.usual_paper
    return {"language": _language(request, assessment), "paper": paper, "letter": assessment.letter}


@login_required
@require_safe
def assessment_result(request, pk):
    """Everything the assessment says, in words and marks; the reviewer's own draft as far as it is."""
    assessment = _load_assessment(request, pk)
    can_answer = rules.can_answer(request.user, assessment)
    refusal = refusal_of(assessment) if can_answer else ""
    context = {
        "assessment": assessment,
        "card": build_scorecard(assessment, language=request.LANGUAGE_CODE, letter=assessment.letter),
        "tab": "result",
        "answers": answers_on(assessment.proposal_id) if _sees_answers(request.user, assessment) else (),
        "can_reopen": rules.can_reopen_readable_assessment(request.user, assessment),
        "can_answer": can_answer and not refusal,
        # Why she cannot go on with her own draft.
        "refusal": refusal,
    }
    return render(request, "checklist/assessment_result.html", context)


def _sees_answers(user, assessment):
    """Whoever reads a submitted assessment may know; her own draft shows it once she has submitted before."""
    return assessment.is_submitted or rules.can_read_answers(user, assessment.proposal)


@login_required
@require_safe
def assessment_history(request, pk):
    """Who did what with this assessment, when, before and after."""
    assessment = _load_assessment(request, pk)
    page = assessment_history_page(assessment, request.user, request.GET.get("page"), assessment.names)
    context = {
        "assessment": assessment,
        "page": page,
        "entries": page.object_list,
        "tab": "history",
        "resubmissions": changes_between_submissions(assessment),
    }
    if assessment.kind == AssessmentKind.CONSENSUS:
        context["changes"] = change_lines(assessment, assessment.names, request.LANGUAGE_CODE)
    return render(request, "checklist/assessment_history.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scorecard(request, pk):
    """Where the PDF stands: not asked for, being made, ready, or failed with the reason. Posting asks for it."""
    assessment = _load_assessment(request, pk)
    look = _look(request, assessment)
    if request.method == "POST":
        try:
            request_scorecard(assessment=assessment, by=request.user, **look)
        except CannotIssueScorecard as refusal:
            messages.error(request, str(refusal))
        return redirect(_address("scorecard", assessment, look))
    _card, document = scorecard_of(assessment, **look)
    report, state, reason = _state(assessment, look, document)
    context = {
        "assessment": assessment,
        "language": look["language"],
        "report": report,
        "state": state,
        "reason": reason,
        "glyphs": glyphs.warnings_for(document.html),
        "tab": "scorecard",
        "file_url": _address("scorecard-pdf", assessment, look),
        "print_url": _address("scorecard-print", assessment, look),
        "report_url": _report_url(request.user, assessment, look),
        "state_url": _address("scorecard-state", assessment, look),
        "own_url": _address("scorecard", assessment, look),
    }
    return render(request, "checklist/scorecard.html", context)


@never_cache
@login_required
@require_safe
def scorecard_state(request, pk):
    """The state alone, for the script of the waiting page."""
    assessment = _load_assessment(request, pk)
    job = latest_scorecard_job(assessment, **_look(request, assessment))
    return JsonResponse({"is_waiting": bool(job and job.state in WAITING)})


@never_cache
@login_required
@require_safe
def scorecard_pdf(request, pk):
    """The finished PDF at once; where there is none yet it is asked for and waited for on a page."""
    assessment = _load_assessment(request, pk, with_facts=False)
    look = _look(request, assessment)
    report, file_name = None, ""
    if assessment.is_submitted:
        key, file_name = scorecard_key(assessment, **look)
        report = issued_report(key)
    if report is None:
        if assessment.is_submitted and not pdf.unavailable_reason():
            request_scorecard(assessment=assessment, by=request.user, **look)
        return redirect(_address("scorecard", assessment, look))
    report.assessment = assessment  # loaded already, for the record
    record_report_download(report=report, by=request.user)
    return send_pdf(report, file_name)


@login_required
@require_safe
def scorecard_print(request, pk):
    """The scorecard as a page that a browser prints; a draft says that it is one."""
    assessment = _load_assessment(request, pk)
    language = _language(request, assessment)
    card = build_scorecard(assessment, language=language, letter=assessment.letter)
    context = {
        "report": card,
        "title": card.title,
        "language": language,
        "printable": True,
        "back_url": assessment.get_absolute_url(),
    }
    with translation.override(language):
        return render(request, MAKER.template, context)


def _state(assessment, look, document):
    """(report or None, state, reason). States: draft, ready, waiting, failed, unavailable, missing."""
    if not assessment.is_submitted:
        return None, "draft", ""
    report = issued_report(document.content_key)
    if report:
        return report, "ready", ""
    job = latest_scorecard_job(assessment, **look)
    if job and job.state in WAITING:
        return None, "waiting", ""
    if pdf.unavailable_reason():
        return None, "unavailable", pdf.unavailable_reason()
    if job and job.state == JobState.FAILED:
        return None, "failed", _(job.error) if job.error else _("The worker stopped.")
    return None, "missing", ""


def _report_url(user, assessment, look):
    """Where whoever takes reports chooses paper and names, and issues it; "" for others."""
    if not assessment.is_submitted or not MAKER.may_read(user, assessment):
        return ""
    query = {"lang": look["language"], "paper": look["paper"]}
    return reverse("checklist:report", args=[MAKER.kind, assessment.pk], query=query)


def _address(name, assessment, look):
    """The address of one of the pages here with the same look, where it is not the usual one."""
    usual = {"lang": assessment.language, "paper": assessment.usual_paper}
    asked = {"lang": look["language"], "paper": look["paper"]}
    query = {key: value for key, value in asked.items() if value != usual[key]}
    return reverse(f"checklist:{name}", args=[assessment.pk], query=query or None)
