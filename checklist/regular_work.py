"""What the worker does by itself, besides its jobs: it asks every few seconds, and this is done once a day."""

from datetime import timedelta

from django.utils import timezone

from checklist.actions.digests import mail_digests
from checklist.actions.reminders import remind
from checklist.selectors.notices import digest_time

# After a mail server was away.
DIGESTS_AGAIN_AFTER = timedelta(minutes=10)
# What this process has done already; another one does it again, which changes nothing.
_done = {}


def remind_of_dates():
    """Tell reviewers what is due and overdue."""
    today = timezone.localdate()
    if _done.get("reminders") != today:
        remind(now=timezone.now())
        _done["reminders"] = today


def send_digests():
    """Send everybody the daily e-mail when it is due; where some could not be sent, again some minutes later."""
    now = timezone.now()
    due = digest_time(now)
    if _done.get("digests") == due or now < _done.get("digests again at", now):
        return
    if mail_digests(now=now).failed:
        _done["digests again at"] = now + DIGESTS_AGAIN_AFTER
    else:
        _done["digests"] = due
