"""Reports that leave the house: numbered, kept for good, the last one of a line named by the next."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from checklist.actions.reports import kept_values, store_file
from checklist.models import IssuedReport
from checklist.report_rules import can_issue_on, can_issue_on_round
from checklist.selectors.issued import ISSUE_JOB, issue_job_key
from checklist.selectors.redactions import proposal_and_round
from screening import audit
from screening.jobs import enqueue


class CannotIssue(Exception):
    """The report does not leave the house; the message says why."""


@transaction.atomic
def request_issue(*, kind, subject, options_key, by):
    """Ask for the issue of a report and return the Job; one that is unfinished is returned again."""
    return enqueue(kind=ISSUE_JOB, subject=subject, key=issue_job_key(kind, subject.pk, options_key), by=by)


def issue_report(*, kind, holders, content_key, made, language, subject_key, stamp, supersedes, by):
    """Keep a PDF that bears its number as issued, and return its IssuedReport.

    `supersedes` is the newest issue of the same line, or None. Where somebody else issued at the same
    moment, the number is taken and this one is refused. Raises CannotIssue, for whoever does not issue here too.
    """
    proposal, round_ = proposal_and_round(holders)
    if not (can_issue_on(by, proposal) if proposal else can_issue_on_round(by, round_)):
        raise CannotIssue(_("You may not issue this report any more."))
    values = kept_values(kind, holders, made, language, subject_key)
    values |= {
        "number": stamp.number,
        "issued_at": stamp.issued_at,
        "made_at": stamp.issued_at,
        "issued_by": by,
        "supersedes": supersedes,
    }
    report = IssuedReport(content_key=content_key, **values)
    store_file(report, made.data)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            _record_issue(report, by)
    except IntegrityError as taken:
        report.file.storage.delete(report.file.name)
        raise CannotIssue(
            _("Somebody else issued this report at the same moment. Look at it and try again.")
        ) from taken
    return report


def _record_issue(report, by):
    holders = {"assessment": report.assessment, "proposal": report.proposal, "round": report.round}
    proposal, round_ = proposal_and_round(holders)
    audit.record(
        "report_issued",
        proposal or round_,
        by=by,
        thread=proposal.thread if proposal else "",
        round_id=round_.pk,
        label=report.number,
        after={
            "sha256": report.sha256,
            "pages": report.page_count,
            "supersedes": report.supersedes.number if report.supersedes else "",
        },
    )
