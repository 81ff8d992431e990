"""Messages of the officer to several people of a round."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import NoticeKind
from checklist.models import Notice, RoundMessage
from checklist.rules import can_send_messages
from proposals.models import FundingRound
from screening import audit
from screening.models import User

from .notices import tell
from .responses import clean_text

TOKEN = re.compile(r"[0-9a-f]{32}")


class CannotSendMessage(Exception):
    """The message is not sent; the message of the refusal says why."""


@transaction.atomic
def send_message(*, round_, recipients, subject, text, token, by):
    """Send these words to exactly these people and return what is kept of it.

    `token` names one look at the preview (32 hexadecimal digits): however often it is sent, by a second
    click or a reload, the message is there once. Raises CannotSendMessage, and then nobody gets it.
    """
    # One at a time, so that two clicks at once see each other.
    round_ = FundingRound.objects.select_for_update().get(pk=round_.pk)
    if not can_send_messages(by, round_):
        raise CannotSendMessage(_("Only the programme officer of the round can send messages."))
    if not TOKEN.fullmatch(token):
        raise CannotSendMessage(_("Look at the preview first."))
    key = f"{NoticeKind.MESSAGE}:{token}"
    sent = Notice.objects.filter(round=round_, key=key).values_list("values", flat=True).first()
    if sent is not None:
        return RoundMessage.objects.get(pk=sent["message"])
    subject, text = " ".join(clean_text(subject).split()), clean_text(text)
    if not subject or not text:
        raise CannotSendMessage(_("A message needs a subject and words."))
    people = _allowed(round_, recipients, by)
    message = RoundMessage.objects.create(round=round_, subject=subject, text=text, by=by)
    message.recipients.set(people)
    values = {"message": message.pk, "by": str(by), "subject": subject, "text": text}
    tell(users=people, kind=NoticeKind.MESSAGE, round_=round_, values=values, key=key)
    after = {"message": text, "recipients": [str(person) for person in people]}
    audit.record("message_sent", message, by=by, round_id=round_.pk, after=after, label=subject)
    return message


def _allowed(round_, recipients, by):
    """The people as they are now. Raises CannotSendMessage where one cannot get it any more, or there is none."""
    wanted = {person.pk: person for person in recipients}
    people = User.objects.filter(pk__in=wanted, is_active=True, grants__round=round_).exclude(pk=by.pk)
    people = {person.pk: person for person in people.distinct().order_by("name", "pk")}
    if not people:
        raise CannotSendMessage(_("Nobody would get this message."))
    for pk, person in wanted.items():
        if pk not in people:
            raise CannotSendMessage(
                _("%(person)s has no role in the round any more or cannot sign in. Look at the preview again.")
                % {"person": person}
            )
    return list(people.values())
