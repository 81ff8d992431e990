"""Reminders of assessments that are due soon or overdue."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from checklist.enums import NoticeKind
from checklist.models import Notice
from checklist.selectors.reminders import assessments_due
from proposals.selectors import CHUNK

from .notices import Told, tell_each

# So many days before, a reviewer is reminded.
DAYS_BEFORE = (7, 2)
REMINDERS = (NoticeKind.DUE_SOON, NoticeKind.OVERDUE)


@transaction.atomic
def remind(*, now):
    """Tell reviewers what is due within 7 and within 2 days, and what is overdue; returns the new notices.

    Safe to repeat: each reminder of a due date is told once, a missed day is made up for. Reminders of a
    date that does not hold any more are taken away. Practice, and rounds that are decided or whose review
    has closed, are left alone.
    """
    today = timezone.localdate(now)
    told = [each for row in assessments_due(today) if (each := _reminder(row, today))]
    _take_away_others(told)
    known = set(Notice.objects.filter(kind__in=REMINDERS).values_list("user_id", "key"))
    return tell_each(told=[each for each in told if (each.user.pk, each.key) not in known])


def _reminder(row, today):
    """What she is told today of this assignment and the day it is due; None for nothing."""
    assignment, due_on = row
    left = (due_on - today).days
    if left < 0:
        return _told(assignment, due_on, NoticeKind.OVERDUE, "")
    days = next((days for days in sorted(DAYS_BEFORE) if left <= days), None)
    # Whoever is asked so late has just been told the day with the request.
    if days is None or _asked_on(assignment) > due_on - timedelta(days=days):
        return None
    return _told(assignment, due_on, NoticeKind.DUE_SOON, f":{days}")


def _told(assignment, due_on: date, kind, suffix):
    key = f"{kind}:{assignment.pk}:{due_on.isoformat()}{suffix}"
    values = {"assignment": assignment.pk, "due_on": due_on.isoformat()}
    return Told(assignment.reviewer, kind, key, assignment.proposal, values=values)


def _asked_on(assignment):
    return timezone.localdate(assignment.assigned_at)


def _take_away_others(told):
    """What was said of another day is wrong by now; the newest reminder of a day takes the place of the one before."""
    holding = {(each.user.pk, each.key) for each in told}
    rows = Notice.objects.filter(kind__in=REMINDERS)
    gone = [pk for pk, user, key in rows.values_list("pk", "user_id", "key") if (user, key) not in holding]
    for start in range(0, len(gone), CHUNK):
        Notice.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
