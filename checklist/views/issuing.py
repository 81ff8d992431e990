"""A report leaves the house: the look at what seems sensitive, the number, and the files that were issued."""

import hashlib
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from checklist.actions.issuing import CannotIssue, request_issue
from checklist.actions.redactions import CannotRedact, decide_on_findings
from checklist.actions.reports import record_report_download
from checklist.history_words import SENSITIVE_KINDS
from checklist.models import IssuedReport, Redaction
from checklist.naming import by_letter
from checklist.reporting.issuing import is_current, may_issue, newest_issue, refuse_unseen, words_inside
from checklist.reporting.making import document_of, subject_key
from checklist.selectors.issued import issues_in_round, latest_issue_job, next_number
from checklist.selectors.naming import letters_by_name
from checklist.selectors.redactions import findings_in, left_out_beside, proposal_and_round
from checklist.sensitive import BY_HAND, BY_LETTER, INSIDE, Finding, folded
from proposals.rules import can_export
from proposals.views.loading import load_round
from screening import glyphs, pdf
from screening.enums import JobState

from .reports import WAITING, crumbs_of, load_report, report_address, send_file

LEAVE_OUT, STAND, LETTER = "out", "stand", "letter"
PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One run of words with what was decided on it; `name` is that of its radio buttons.

    Where the words are the name of a reviewer who has a letter in this report, `instead` is what it calls her.
    """

    finding: Finding
    decided: Redaction | None
    instead: str = ""

    @property
    def name(self):
        return f"words-{hashlib.sha256(self.finding.text.encode()).hexdigest()[:16]}"

    @property
    def kind_word(self):
        return SENSITIVE_KINDS[self.finding.kind]

    @property
    def choices(self):
        return (LEAVE_OUT, LETTER, STAND) if self.instead else (LEAVE_OUT, STAND)

    @property
    def choice(self):
        """ "out", "letter", "stand", or "" while nobody has looked."""
        if self.decided is None:
            return ""
        if self.instead and self.decided.kind == BY_LETTER:
            return LETTER
        return LEAVE_OUT if self.decided.is_hidden else STAND


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue_page(request, kind, pk):
    """What looks sensitive, with a decision on each; then the button that issues the report."""
    maker, subject, options = _load(request, kind, pk)
    holders = maker.holders(subject)
    report = maker.build(subject, options, request.user)
    if request.method == "POST":
        try:
            _take(request, maker, subject, options, report)
        except (CannotIssue, CannotRedact) as refusal:
            messages.error(request, str(refusal))
        return redirect(report_address("report-issue", kind, pk, options))
    rows = _rows(maker, subject, options, report, request.user)
    waiting = [row for row in rows if not row.choice]
    newest = newest_issue(subject_key(maker, subject, options))
    job = latest_issue_job(maker.kind, pk, options.key)
    context = {
        "maker": maker,
        "report": report,
        "options": options,
        "shown_names": options.names if "names" in maker.offers else "",
        "rows": rows,
        "waiting": len(waiting),
        "newest": newest,
        "is_current": bool(newest and is_current(newest, maker, subject, options, report)),
        "number": next_number(maker.kind, holders),
        "is_on_round": proposal_and_round(holders)[0] is None,
        "is_waiting": bool(job and job.state in WAITING),
        "failure": _(job.error) if job and job.state == JobState.FAILED and job.error else "",
        "unavailable": pdf.unavailable_reason(),
        "glyphs": glyphs.warnings_for(document_of(maker, subject, options, report).html),
        **crumbs_of(maker, subject),
        "report_url": report_address("report", kind, pk, options),
        "own_url": report_address("report-issue", kind, pk, options),
        "state_url": report_address("report-issue-state", kind, pk, options),
    }
    return render(request, "checklist/report_issue.html", context)


@never_cache
@login_required
@require_safe
def issue_state(request, kind, pk):
    """Whether the report is being issued, for the script of the waiting page."""
    maker, _subject, options = _load(request, kind, pk)
    job = latest_issue_job(maker.kind, pk, options.key)
    return JsonResponse({"is_waiting": bool(job and job.state in WAITING)})


@never_cache
@login_required
@require_safe
def issued_file(request, pk):
    """An issue as it left the house, the old ones too."""
    report = IssuedReport.objects.issued().visible_to(request.user).filter(pk=pk).first()
    if report is None:
        raise Http404
    record_report_download(report=report, by=request.user)
    return send_file(report, report.number)


@login_required
@require_safe
def issued_list(request, reference):
    """Everything of a round that left the house, under its numbers."""
    round_ = load_round(request, reference, needs=can_export)
    page = Paginator(issues_in_round(round_, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "checklist/issued_list.html", {"round": round_, "page": page})


def _load(request, kind, pk):
    maker, subject, options = load_report(request, kind, pk)
    if not may_issue(request.user, maker, subject):
        raise PermissionDenied
    return maker, subject, options


def _rows(maker, subject, options, report, by):
    """The findings, then what was left out by hand or is not found in this report; what waits comes first."""
    holders = maker.holders(subject)
    proposal, _round = proposal_and_round(holders)
    letters = letters_by_name(proposal) if proposal and "names" in maker.offers else {}

    def row(finding, decided):
        letter = letters.get(folded(finding.text))
        return Row(finding, decided, by_letter(letter) if letter else "")

    inside = words_inside(maker, subject, options, report, by)
    found = [row(each.finding, each.decided) for each in findings_in(report, holders, inside)]
    others = left_out_beside(report, holders, {each.finding.text for each in found})
    found += [
        row(Finding(INSIDE if each.kind == BY_LETTER else each.kind, each.text, "", "", 0), each) for each in others
    ]
    return sorted(found, key=lambda each: bool(each.choice))


def _take(request, maker, subject, options, report):
    """Do what was sent: decide on words, or issue."""
    holders = maker.holders(subject)
    if request.POST.get("do") == "issue":
        refuse_unseen(report, holders, words_inside(maker, subject, options, report, request.user))
        request_issue(kind=maker.kind, subject=subject, options_key=options.key, by=request.user)
        return
    decisions = []
    for row in _rows(maker, subject, options, report, request.user):
        said = request.POST.get(row.name)
        if said in row.choices and said != row.choice:
            decisions.append((row.finding.text, BY_LETTER if said == LETTER else row.finding.kind, said != STAND))
    own = request.POST.get("by_hand", "").strip()
    if own:
        decisions.append((own, BY_HAND, True))
    proposal, round_ = proposal_and_round(holders)
    made = decide_on_findings(
        decisions=decisions, by=request.user, proposal=proposal, round_=None if proposal else round_
    )
    if made:
        text = ngettext("%(n)s decision is on record.", "%(n)s decisions are on record.", len(made))
        messages.success(request, text % {"n": len(made)})
