"""The daily e-mail: one to each person who was told something new, never one about nothing."""

import logging
from dataclasses import dataclass
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from checklist import notice_words
from checklist.models import Notice
from checklist.selectors.notices import digest_of, digest_time, people_to_mail
from proposals.selectors import CHUNK

# Of one kind; the others are read in the application.
MOST_LINES = 40
# Longer than any mail server takes to answer.
HELD_SECONDS = 600

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One notice as the e-mail says it."""

    sentence: str
    text: str
    url: str


@dataclass(frozen=True)
class Group:
    """The notices of one kind; `more` are not listed."""

    title: str
    lines: list
    more: int


@dataclass(frozen=True)
class Mailed:
    """How many people got the daily e-mail, and how many should have but did not."""

    people: int
    failed: int


def mail_digests(*, now):
    """Send everybody the e-mail of this day; one that cannot be sent does not keep the others from theirs."""
    people = failed = 0
    for user in people_to_mail(digest_time(now)):
        try:
            people += bool(send_digest(user=user, now=now))
        except (OSError, SMTPException) as problem:
            # The problem in full would name addresses, which are not logged.
            logger.warning("Person %s could not be sent the daily e-mail: %s", user.pk, type(problem).__name__)
            failed += 1
    return Mailed(people, failed)


def send_digest(*, user, now):
    """Send one person the e-mail of this day and return how many notices were in it; 0 where nothing is sent.

    Safe to repeat. The e-mail goes out first and is noted after it, because a slow mail server must not keep
    everybody else from saving: if the program is killed in between, one e-mail comes twice, and none is
    lost. Two that run at once do not send to the same person: the second one leaves her to the first.
    """
    due = digest_time(now)
    turn = f"daily-e-mail-{user.pk}-{due:%Y%m%d}"
    if not cache.add(turn, "being sent", timeout=HELD_SECONDS):
        return 0
    try:
        notices = digest_of(user, due)
        if notices:
            message_of(user, notices).send()
            _note(notices, timezone.now())
            logger.info("Person %s was sent the daily e-mail with %s notices", user.pk, len(notices))
        return len(notices)
    finally:
        cache.delete(turn)


@transaction.atomic
def _note(notices, now):
    pks = [notice.pk for notice in notices]
    for start in range(0, len(pks), CHUNK):
        Notice.objects.filter(pk__in=pks[start : start + CHUNK]).update(mailed_at=now)


def message_of(user, notices):
    """The e-mail as plain text with the same in HTML, in her language."""
    with translation.override(user.language):
        context = {
            "person": user,
            "groups": [_group(kind, list(group)) for kind, group in groupby(notices, key=lambda each: each.kind)],
            "notices_url": _url(reverse("checklist:notice-list")),
            "settings_url": _url(reverse("checklist:notice-settings")),
        }
        subject = ngettext("Screening: %(n)s new notice", "Screening: %(n)s new notices", len(notices))
        message = EmailMultiAlternatives(
            subject=subject % {"n": len(notices)},
            body=render_to_string("emails/digest.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[user.email],
            # Answered by a machine nobody reads; other machines need not answer either.
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("emails/digest.html", context), "text/html")
        return message


def _group(kind, notices):
    lines = [
        Line(
            notice_words.sentence(notice),
            notice_words.text(notice),
            _url(reverse("checklist:notice-open", args=[notice.pk])),
        )
        for notice in notices[:MOST_LINES]
    ]
    return Group(notice_words.group_title(kind, len(notices)), lines, len(notices) - len(lines))


def _url(path):
    """The whole address; "" where the settings do not say where the site is."""
    return f"{settings.SCREENING_ADDRESS}{path}" if settings.SCREENING_ADDRESS else ""
