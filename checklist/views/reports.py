"""One report of any kind: ask for it, wait for it, take it."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checklist.actions.reports import record_report_download, request_report
from checklist.reporting.issuing import may_issue
from checklist.reporting.known import LARGE, known, known_of
from checklist.reporting.making import A4, LETTERS, NAMED, Options, UnknownReport, document_of, maker_of, subject_key
from checklist.selectors.issued import latest_report_job, series_of
from checklist.selectors.redactions import proposal_and_round
from checklist.selectors.scorecards import issued_report
from proposals.models import FundingRound
from screening import glyphs, pdf
from screening.enums import JobState

from .sending import send_pdf

WAITING = (JobState.QUEUED, JobState.RUNNING)


def load_report(request, kind, pk, chosen=None):
    """(maker, subject, options) if this person may know of it, else 404; its round is remembered.

    `chosen` are the options where they do not stand in the address.
    """
    chosen = request.GET if chosen is None else chosen
    try:
        maker = maker_of(kind)
        options = Options(
            chosen.get("lang", request.LANGUAGE_CODE),
            chosen.get("paper", A4),
            chosen.get("names", NAMED),
        )
    except UnknownReport as unknown:
        raise Http404 from unknown
    subject = maker.load(pk)
    if subject is None or not maker.may_read(request.user, subject):
        raise Http404
    look = maker.letterhead(subject)
    if look and "paper" not in chosen:
        options = replace(options, paper=look.paper)
    request.round = _round_of(subject)
    return maker, subject, options


def _round_of(subject):
    if isinstance(subject, FundingRound):
        return subject
    return getattr(subject, "round", None) or subject.proposal.round


def crumbs_of(maker, subject):
    """What the crumbs of a report's pages name: its proposal or None, its round, and the page it is reached from."""
    proposal, round_ = proposal_and_round(maker.holders(subject))
    return {"proposal": proposal, "round": round_, "back_url": maker.back(subject)[1]}


def report_address(name, kind, pk, options):
    """The address of one of the pages here with the same options."""
    query = f"?lang={options.language}&paper={options.paper}&names={options.names}"
    return reverse(f"checklist:{name}", args=[kind, pk]) + query


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request, kind, pk):
    """Where the report stands, how it is to look, and which issues left the house.

    Posting asks for the PDF that the form chooses, whatever the address shows.
    """
    chosen = {**request.GET.dict(), **request.POST.dict()} if request.method == "POST" else None
    maker, subject, options = load_report(request, kind, pk, chosen)
    if request.method == "POST":
        request_report(
            kind=maker.kind,
            subject=subject,
            holders=maker.holders(subject),
            options_key=options.key,
            by=request.user,
        )
        return redirect(report_address("report", kind, pk, options))
    found = _known(maker, subject, options, request.user)
    file, state, reason = _state(maker, subject, options, found, request.user)
    context = {
        "maker": maker,
        "subject": subject,
        "options": options,
        "title": found.title if found else maker.kind.label,
        "file": file,
        "state": state,
        "reason": reason,
        "glyphs": glyphs.sentences(found.missing_glyphs) if found else [],
        "issues": series_of(subject_key(maker, subject, options)).visible_to(request.user),
        "can_issue": may_issue(request.user, maker, subject),
        "issue_url": report_address("report-issue", kind, pk, options),
        **crumbs_of(maker, subject),
        "languages": settings.LANGUAGES,
        "own_url": report_address("report", kind, pk, options),
        "file_url": report_address("report-pdf", kind, pk, options),
        "state_url": report_address("report-state", kind, pk, options),
    }
    return render(request, "checklist/report.html", context)


@never_cache
@login_required
@require_safe
def report_state(request, kind, pk):
    """The state alone, for the script of the waiting page."""
    _maker, _subject, options = load_report(request, kind, pk)
    job = latest_report_job(kind, pk, options.key, request.user)
    return JsonResponse({"is_waiting": bool(job and job.state in WAITING)})


@never_cache
@login_required
@require_safe
def report_pdf(request, kind, pk):
    """The finished PDF of the state as it is; where there is none yet, the page on which to ask for it."""
    maker, subject, options = load_report(request, kind, pk)
    found = _known(maker, subject, options, request.user)
    file = issued_report(found.content_key) if found else None
    if file is None:
        return redirect(report_address("report", kind, pk, options))
    record_report_download(report=file, by=request.user)
    letters = "-letters" if file.names == LETTERS else ""
    return send_file(file, f"{maker.kind}-{found.reference}{letters}")


def send_file(file, name):
    """A kept PDF under this name as a download."""
    return send_pdf(file, f"{slugify(name.replace('/', '-'))}.pdf")


def _known(maker, subject, options, user):
    """What the page has to know of the report in its state. A large one is gathered by the worker only, so None
    says that nobody has asked for it since something changed.
    """
    if maker.kind in LARGE:
        return known(maker, subject, options, user)
    report = maker.build(subject, options, user)
    return known_of(report, document_of(maker, subject, options, report))


def _state(maker, subject, options, found, user):
    """(file or None, state, reason). States: ready, waiting, unavailable, failed, missing."""
    file = issued_report(found.content_key) if found else None
    if file:
        return file, "ready", ""
    job = latest_report_job(maker.kind, subject.pk, options.key, user)
    if job and job.state in WAITING:
        return None, "waiting", ""
    if pdf.unavailable_reason():
        return None, "unavailable", pdf.unavailable_reason()
    if job and job.state == JobState.FAILED:
        return None, "failed", _(job.error) if job.error else _("The worker stopped.")
    return None, "missing", ""
