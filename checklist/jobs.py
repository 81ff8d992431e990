"""Background work: ids in, one action call, safe to run twice."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_noop as _

from checklist.actions.reports import CannotIssueScorecard, keep_report, keep_scorecard
from checklist.models import Assessment
from checklist.reporting.making import Options, UnknownReport, document_of, maker_of, subject_key
from checklist.reports import build_scorecard, scorecard_document
from checklist.selectors.agreement import kept_agreement, ratings_of, work_out
from checklist.selectors.questions import letter_content, letter_with_all
from checklist.selectors.scorecards import assessments_for_reports, issued_report
from proposals.models import FundingRound
from screening.jobs import JobRefused
from screening.pdf import PdfUnavailable, ReportFailed


def handle_make_scorecard(job):
    """Make the PDF of one submitted assessment, unless a PDF with the same content is there.

    The language stands in the key of the job, and the letter of a reviewer whose name is hidden.
    """
    _report, _pk, language, _number, *letters = job.key.split(":")
    try:
        assessment = assessments_for_reports().get(pk=job.subject_id)
        make_scorecard(assessment, language=language, by=job.requested_by, letter="".join(letters))
    except Assessment.DoesNotExist as gone:
        raise JobRefused(_("The assessment is not there any more.")) from gone
    except (CannotIssueScorecard, PdfUnavailable, ReportFailed) as refusal:
        raise JobRefused(str(refusal)) from refusal


def make_scorecard(assessment, *, language, by, letter=""):
    """The IssuedReport of this state, rendered in a child process if it is new."""
    document = scorecard_document(build_scorecard(assessment, language=language, letter=letter))
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
        raise JobRefused(_("This report is not open to you any more."))
    document = document_of(maker, subject, options, maker.build(subject, options, by))
    return issued_report(document.content_key) or keep_report(
        kind=maker.kind,
        holders=maker.holders(subject),
        content_key=document.content_key,
        made=document.make(),
        language=options.language,
        subject_key=subject_key(maker, subject, options),
        by=by,
    )


def handle_work_out_agreement(job):
    """Work out how far the reviewers of a round agree, as far as whoever asked may see their assessments."""
    round_ = FundingRound.objects.filter(pk=job.subject_id).first()
    if round_ is None or job.requested_by is None:
        raise JobRefused(_("The round is not there any more."))
    ratings = ratings_of(round_, job.requested_by)
    if kept_agreement(ratings) is None:
        work_out(ratings)


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
