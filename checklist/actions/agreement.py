"""Asking for the work that a page about agreement shows."""

from checklist.selectors.agreement import KIND, job_key
from screening.jobs import enqueue


def ask_for_agreement(*, round_, ratings, by):
    """Have the worker work out how far reviewers agree on these ratings, and return the Job.

    Nothing is changed by it that people know of, so no row of the audit trail is written.
    """
    return enqueue(kind=KIND, subject=round_, key=job_key(round_, ratings), by=by)
