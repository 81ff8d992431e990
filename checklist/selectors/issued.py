"""Reads for reports of every kind: the finished files and the work that makes them."""

from __future__ import annotations

from django.db.models import Q

from checklist.enums import ReportKind
from checklist.models import IssuedReport
from screening.models import Job

from .redactions import proposal_and_round

REPORT_JOB = "checklist.make_report"
ISSUE_JOB = "checklist.issue_report"
# What a kind is called in numbers, where not by its code.
NUMBER_WORDS = {ReportKind.PROPOSAL: "assessment"}


def report_job_key(kind, subject_pk, options_key, user):
    """One unfinished job per kind, subject, options and person: each sees what she may see."""
    return f"report:{kind}:{subject_pk}:{options_key}:{user.pk}"


def latest_report_job(kind, subject_pk, options_key, user):
    """The newest job that makes this report for this person, or None."""
    key = report_job_key(kind, subject_pk, options_key, user)
    return Job.objects.filter(kind=REPORT_JOB, key=key).order_by("-pk").first()


def series_of(subject_key):
    """The issues of one report that left the house, the newest first.

    Issues from before the paper was on record may be on any, so they belong to the series of each paper.
    """
    rows = IssuedReport.objects.issued().filter(subject_key__in=(subject_key, without_paper(subject_key)))
    return rows.select_related("issued_by", "supersedes", "superseded_by").order_by("-issued_at", "-pk")


def without_paper(subject_key):
    """The key as it was before the paper was on record."""
    return ":".join(subject_key.split(":")[:4])


def issue_job_key(kind, subject_pk, options_key):
    """One unfinished job per kind, subject and options, whoever asks: a number is given once."""
    return f"issue:{kind}:{subject_pk}:{options_key}"


def latest_issue_job(kind, subject_pk, options_key):
    """The newest job that issues this report, or None."""
    key = issue_job_key(kind, subject_pk, options_key)
    return Job.objects.filter(kind=ISSUE_JOB, key=key).order_by("-pk").first()


def next_number(kind, holders):
    """ "GMS-2026/P-0007/assessment/2": round, proposal where there is one, kind, and which issue of these it is."""
    proposal, round_ = proposal_and_round(holders)
    own = Q(proposal=proposal) | Q(assessment__proposal=proposal) if proposal else Q(round=round_)
    count = IssuedReport.objects.issued().filter(own, kind=kind).count()
    stem = number_stem(round_.reference, proposal.reference if proposal else "", kind)
    while IssuedReport.objects.filter(number=f"{stem}/{count + 1}").exists():
        count += 1
    return f"{stem}/{count + 1}"


def number_stem(round_reference, proposal_reference, kind):
    """What the numbers of one kind of report on one proposal or round begin with; no other has the same.

    A round's reference holds no slash and a kind is none either, so that each part can be told from the number
    whatever stands in a proposal's reference.
    """
    about = [round_reference, proposal_reference] if proposal_reference else [round_reference]
    return "/".join([*about, NUMBER_WORDS.get(kind, str(kind))])


def issues_in_round(round_, user):
    """What left the house in a round, as far as this person may see it, the newest first."""
    rows = (
        IssuedReport.objects.issued()
        .visible_to(user)
        .filter(Q(round=round_) | Q(proposal__round=round_) | Q(assessment__proposal__round=round_))
    )
    rows = rows.select_related(*_ABOUT, "supersedes")
    return rows.order_by("-issued_at", "-pk")


# What a row of issues says of each.
_ABOUT = ("assessment__proposal", "assessment__reviewer", "proposal", "round", "issued_by", "superseded_by")


def report_with_hash(sha256):
    """The kept PDF of exactly these bytes, an issued one where there are two; None where there is none."""
    rows = IssuedReport.objects.filter(sha256=sha256).select_related(*_ABOUT)
    return rows.order_by("-number", "pk").first()
