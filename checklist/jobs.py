"""Background work: ids in, one action call, safe to run twice."""

import logging
import time

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop as _

from checklist.actions.batches import LANES, end_batch, end_item, keep_item, set_to_work, take_item, work_on
from checklist.actions.issuing import CannotIssue
from checklist.actions.reports import CannotIssueScorecard, keep_report, keep_scorecard
from checklist.enums import ReportKind
from checklist.models import Assessment, ReportBatch
from checklist.reporting.issuing import issue
from checklist.reporting.known import LARGE, note, state_name
from checklist.reporting.making import A4, LETTERS, PAPERS, Options, UnknownReport, document_of, maker_of, subject_key
from checklist.reporting.many import subject_pk
from checklist.reporting.scorecard import scorecard_of
from checklist.selectors.agreement import kept_agreement, ratings_of, work_out
from checklist.selectors.batches import left_batches, letter_of, waits_for_workers
from checklist.selectors.questions import letter_content, letter_with_all
from checklist.selectors.scorecards import assessment_for_reports, assessments_for_reports, issued_report
from proposals.models import FundingRound
from proposals.rules import can_export
from screening.jobs import JobRefused, heartbeat
from screening.pdf import PdfUnavailable, ReportFailed

CLOSED = _("This report is not open to you any more.")


def handle_make_scorecard(job):
    """Make the PDF of one submitted assessment, unless a PDF with the same content is there.

    The language stands in the key of the job, a paper that is not A4, and the letter of a reviewer whose name
    is hidden.
    """
    _report, _pk, language, _number, *more = job.key.split(":")
    paper = more.pop(0) if more and more[0] in PAPERS else A4
    try:
        assessment = assessments_for_reports().get(pk=job.subject_id)
        make_scorecard(assessment, language=language, paper=paper, by=job.requested_by, letter="".join(more))
    except Assessment.DoesNotExist as gone:
        raise JobRefused(_("The assessment is not there any more.")) from gone
    except (CannotIssueScorecard, PdfUnavailable, ReportFailed) as refusal:
        raise JobRefused(str(refusal)) from refusal


def make_scorecard(assessment, *, language, by, paper=A4, letter=""):
    """The IssuedReport of this state, rendered in a child process if it is new."""
    _card, document = scorecard_of(assessment, language=language, paper=paper, letter=letter)
    existing = issued_report(document.content_key)
    if existing:
        return existing
    if not assessment.is_submitted:
        raise CannotIssueScorecard(_("This assessment was reopened; there is nothing to issue."))
    made = document.make()
    return keep_scorecard(assessment=assessment, content_key=document.content_key, made=made, language=language, by=by)


def handle_make_report(job):
    """Make one report as whoever asked for it may see it, unless the same is there.

    Kind, subject and options stand in the key of the job.
    """
    _report, kind, pk, options, _person = job.key.split(":")
    try:
        make_report(kind, int(pk), Options.from_key(options), by=job.requested_by)
    except (UnknownReport, PdfUnavailable, ReportFailed) as refusal:
        raise JobRefused(str(refusal)) from refusal


def make_report(kind, pk, options, *, by):
    """The IssuedReport of the state as it is, rendered in a child process if it is new.

    Raises JobRefused where it is gone or closed to this person.
    """
    maker = maker_of(kind)
    subject = maker.load(pk)
    if subject is None or by is None or not maker.may_read(by, subject):
        raise JobRefused(CLOSED)
    state = state_name(maker, subject, options, by) if maker.kind in LARGE else ""
    report = maker.build(subject, options, by)
    document = document_of(maker, subject, options, report)
    if state:
        note(state, report, document)
    return issued_report(document.content_key) or keep_report(
        kind=maker.kind,
        holders=maker.holders(subject),
        content_key=document.content_key,
        made=document.make(),
        # A letter that was sent keeps its own.
        language=report.language,
        subject_key=subject_key(maker, subject, options),
        by=by,
    )


def handle_issue_report(job):
    """Issue one report under a number as whoever asked for it may see it, unless this state was issued.

    Kind, subject and options stand in the key of the job.
    """
    _issue, kind, pk, options = job.key.split(":")
    try:
        issue(kind, int(pk), Options.from_key(options), by=job.requested_by)
    except (CannotIssue, UnknownReport, PdfUnavailable, ReportFailed) as refusal:
        raise JobRefused(str(refusal)) from refusal


def handle_work_out_agreement(job):
    """Work out how far the reviewers of a round agree, as far as whoever asked may see their assessments."""
    round_ = FundingRound.objects.filter(pk=job.subject_id).first()
    if round_ is None or job.requested_by is None:
        raise JobRefused(_("The round is not there any more."))
    ratings = ratings_of(round_, job.requested_by)
    if kept_agreement(ratings) is None:
        work_out(ratings)


# -- Many reports at once -----------------------------------------------------------------------

# Then other work gets its turn.
TURN_SECONDS = 5.0

logger = logging.getLogger(__name__)


def handle_make_batch(job):
    """One turn at a batch: items are taken and made for some seconds, then the next turn is asked for.

    Lane and turn stand in the key of the job.
    """
    _batch, pk, lane, turn = job.key.split(":")
    batch = ReportBatch.objects.select_related("asked_by").filter(pk=pk).first()
    if batch is None:
        raise JobRefused(_("These reports are not asked for any more."))
    until = time.monotonic() + TURN_SECONDS
    while time.monotonic() < until:
        item = take_item(batch_pk=batch.pk)
        if item is None:
            # Whoever made the last one may have died before she could say so.
            end_batch(batch_pk=batch.pk)
            return
        make_item(item, batch)
    if waits_for_workers(batch):
        work_on(batch=batch, lane=int(lane), turn=int(turn) + 1)


def make_item(item, batch):
    """Make one report of a batch and note what became of it; only a lost database stops the turn."""
    try:
        with heartbeat(lambda: keep_item(item=item)):
            report = _report_of(item, batch)
    except (OperationalError, InterfaceError):
        raise
    except (JobRefused, PdfUnavailable, ReportFailed, CannotIssueScorecard) as refusal:
        end_item(item=item, error=str(refusal))
    except Exception as problem:
        logger.exception("Report %s of batch %s failed", item.pk, batch.pk)
        end_item(item=item, error=f"{type(problem).__name__}: {problem}")
    else:
        end_item(item=item, report=report)


def _report_of(item, batch):
    """The finished report as whoever asked may see it now. Raises JobRefused where she may not."""
    by = batch.asked_by
    look = Options(batch.language, batch.options["paper"], batch.options["names"])
    if batch.kind != ReportKind.SCORECARD:
        return make_report(batch.kind, subject_pk(batch.kind, item), look, by=by)
    assessment = assessment_for_reports(item.assessment_id, by) if by else None
    if assessment is None or not can_export(by, assessment.proposal.round):
        raise JobRefused(CLOSED)
    letter = letter_of(assessment, by, always=look.names == LETTERS)
    return make_scorecard(assessment, language=look.language, paper=look.paper, by=by, letter=letter)


def take_up_batches():
    """Set workers to batches that nobody is at work on: a database that went away took their jobs."""
    for batch in left_batches():
        set_to_work(batch, LANES)


# -- E-mails to applicants ----------------------------------------------------------------------


def handle_mail_questions(job):
    """Send the questions of a letter by e-mail.

    Where a worker dies right after sending, the same message goes out again under the same number, so that
    mail programs show it once.
    """
    letter = letter_with_all(job.subject_id)
    if letter is None:
        raise JobRefused(_("The letter is not there any more."))
    content = letter_content(letter)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ")
    EmailMessage(
        subject=content.subject,
        body=content.as_text(),
        to=[content.recipient],
        reply_to=[content.contact_email] if content.contact_email else None,
        headers={"Message-ID": f"<questions-{letter.pk}-{letter.sent_at:%Y%m%d%H%M%S}@{domain}>"},
    ).send()
