"""Reports that are made, kept and handed out.

A scorecard is made once per state and kept under the hash of what it shows; asking again
for the same state serves the same file.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import ReportKind
from checklist.models import IssuedReport
from checklist.selectors.issued import REPORT_JOB, report_job_key
from checklist.selectors.letterheads import paper_of
from checklist.selectors.scorecards import SCORECARD, SCORECARD_JOB, scorecard_job_key
from proposals.rules import can_export
from screening import audit
from screening.jobs import enqueue


class CannotIssueScorecard(Exception):
    """No scorecard can be issued of this assessment; the message says why."""


class MayNotExport(PermissionDenied):
    """Whoever asks exports nothing of the round."""


@transaction.atomic
def request_scorecard(*, assessment, by, language=None, paper="", letter=""):
    """Ask for the PDF of a submitted assessment and return the Job; one that is unfinished is returned again.

    `letter` is what the reviewer is called where `by` may not see her name; the paper is that of the letterhead
    where none is named.
    """
    _refuse_draft(assessment)
    paper = paper or paper_of(assessment.proposal.round)
    key = scorecard_job_key(assessment, language or assessment.language, paper=paper, letter=letter)
    job = enqueue(kind=SCORECARD_JOB, subject=assessment, key=key, by=by)
    if job.requested_by_id == (by.pk if by else None) and not job.attempts:
        _record("report_requested", IssuedReport(kind=SCORECARD, assessment=assessment), by)
    return job


@transaction.atomic
def request_missing_scorecards(*, assessments, by):
    """Ask for the scorecards of several submitted assessments and return how many were asked for."""
    return len([request_scorecard(assessment=each, by=by) for each in assessments])


def keep_scorecard(*, assessment, content_key, made, language, by=None):
    """Keep a finished scorecard and return its IssuedReport; safe to run twice."""
    _refuse_draft(assessment)
    return keep_report(
        kind=SCORECARD, holders={"assessment": assessment}, content_key=content_key, made=made, language=language, by=by
    )


def keep_report(*, kind, holders, content_key, made, language, subject_key="", by=None):
    """Keep a finished PDF and return its IssuedReport; safe to run twice.

    `holders` names the assessment, proposal or round it belongs to. The file is complete under its name
    before the row that names it exists, so a row never points to half a file. Where the row is there
    already, the new file is thrown away.
    """
    with transaction.atomic():
        existing = IssuedReport.objects.filter(content_key=content_key).first()
        if existing:
            _put_back(existing, made)
            return existing
        values = kept_values(kind, holders, made, language, subject_key)
        report = IssuedReport(content_key=content_key, **values)
        store_file(report, made.data)
        kept, is_new = IssuedReport.objects.get_or_create(
            content_key=content_key, defaults={**values, "file": report.file}
        )
        if is_new:
            _record("report_made", kept, by, after={"sha256": kept.sha256, "pages": kept.page_count})
    if not is_new:
        report.file.storage.delete(report.file.name)
    return kept


def _put_back(report, made):
    """Give a report back the file that the store has lost; the same content gives the same bytes."""
    storage = report.file.storage
    if hashlib.sha256(made.data).hexdigest() == report.sha256 and not storage.exists(report.file.name):
        storage.save(report.file.name, ContentFile(made.data))


def kept_values(kind, holders, made, language, subject_key):
    """What is known of a finished PDF beside its content key and its file."""
    return {
        **holders,
        "kind": kind,
        "sha256": hashlib.sha256(made.data).hexdigest(),
        "size": len(made.data),
        "page_count": made.page_count,
        "language": language,
        "subject_key": subject_key,
    }


@transaction.atomic
def request_report(*, kind, subject, holders, options_key, by):
    """Ask for a report as this person sees it and return the Job; one that is unfinished is returned again."""
    job = enqueue(kind=REPORT_JOB, subject=subject, key=report_job_key(kind, subject.pk, options_key, by), by=by)
    if not job.attempts:
        _record("report_requested", IssuedReport(kind=kind, **holders), by, subject=subject)
    return job


@transaction.atomic
def record_report_download(*, report, by):
    """Note who took a report, before it is sent."""
    _record("report_downloaded", report, by, after={"sha256": report.sha256})


@transaction.atomic
def record_score_export(*, round_, rows, by):
    """Note who took the scores of a round; `rows` says in what shape and format. Raises MayNotExport."""
    if not can_export(by, round_):
        raise MayNotExport(_("You may not export the scores of this round."))
    return audit.record("scores_exported", round_, by=by, round_id=round_.pk, after=rows)


def _refuse_draft(assessment):
    if not assessment.is_submitted:
        raise CannotIssueScorecard(
            _("A draft has no scorecard yet. Submit the assessment first; until then you can print what you have.")
        )


def store_file(report, data):
    """Write to a temporary name in the storage, then move: the final name only ever holds the whole file."""
    folder = Path(default_storage.location) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, path = tempfile.mkstemp(dir=folder, suffix=".pdf")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with open(path, "rb") as file:
            finished = _Finished(file)
            report.file.save("scorecard.pdf", finished, save=False)
    finally:
        Path(path).unlink(missing_ok=True)


class _Finished(File):
    """A complete file that the storage moves instead of copying."""

    def temporary_file_path(self):
        return self.file.name


def _record(event, report, by, subject=None, **details):
    """One line in the history of what the report belongs to."""
    assessment = report.assessment
    proposal = assessment.proposal if assessment else report.proposal
    if assessment:
        label = _("scorecard by %(reviewer)s") % {"reviewer": assessment.reviewer}
    else:
        label = f"{ReportKind(report.kind).label}: {proposal or report.round}"
    audit.record(
        event,
        subject or assessment or proposal or report.round,
        by=by,
        thread=proposal.thread if proposal else "",
        round_id=proposal.round_id if proposal else report.round_id,
        label=label,
        **details,
    )
