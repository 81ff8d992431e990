"""Reads for reports: an assessment with everything that a scorecard prints beside the answers."""

from checklist.models import Assessment, IssuedReport
from screening.models import Job

SCORECARD = "scorecard"
SCORECARD_JOB = "checklist.make_scorecard"


def assessments_for_reports():
    """Assessments with proposal, round, people and facts; a constant number of queries."""
    return Assessment.objects.select_related(
        "proposal__round", "proposal__applicant", "reviewer", "assignment"
    ).prefetch_related("proposal__participations__organisation", "proposal__places", "proposal__tags")


def scorecard_job_key(assessment, language):
    """One unfinished job per submission and language."""
    return f"{SCORECARD}:{assessment.pk}:{language}:{assessment.submission_number}"


def latest_scorecard_job(assessment, language):
    """The newest job that makes this submission's scorecard, or None."""
    key = scorecard_job_key(assessment, language)
    return Job.objects.filter(kind=SCORECARD_JOB, key=key).order_by("-pk").first()


def issued_report(content_key):
    """The finished PDF with this content, or None."""
    return IssuedReport.objects.filter(content_key=content_key).first()
