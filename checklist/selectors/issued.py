"""Reads for reports of every kind: the finished files and the work that makes them."""

from __future__ import annotations

from checklist.models import IssuedReport
from screening.models import Job

REPORT_JOB = "checklist.make_report"


def report_job_key(kind, subject_pk, options_key, user):
    """One unfinished job per kind, subject, options and person: each sees what she may see."""
    return f"report:{kind}:{subject_pk}:{options_key}:{user.pk}"


def latest_report_job(kind, subject_pk, options_key, user):
    """The newest job that makes this report for this person, or None."""
    key = report_job_key(kind, subject_pk, options_key, user)
    return Job.objects.filter(kind=REPORT_JOB, key=key).order_by("-pk").first()


def series_of(subject_key):
    """The issues of one report that left the house, the newest first."""
    rows = IssuedReport.objects.filter(subject_key=subject_key).exclude(number="")
    return rows.select_related("issued_by", "supersedes").order_by("-issued_at", "-pk")
