"""Telling people something: one row each, shown in the application and sent with the daily e-mail.

What a person has read, and what she wants by e-mail.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from checklist.enums import NoticeKind
from checklist.models import Notice, NoticeSetting
from checklist.selectors.notices import kinds_by_mail
from screening import audit


@dataclass(frozen=True)
class Told:
    """One thing that one person is to be told; see `tell`."""

    user: object
    kind: str
    key: str
    proposal: object = None
    round: object = None
    values: dict = field(default_factory=dict)


def tell(*, users, kind, values, key, proposal=None, round_=None):
    """Put a notice before each of these people. What was told under the same `key` is not told again.

    `values` are JSON values for the sentence of the kind; the words are made when it is shown.
    """
    round_ = round_ or (proposal.round if proposal else None)
    return tell_each(told=[Told(user, kind, key, proposal, round_, values) for user in users])


@transaction.atomic
def tell_each(*, told):
    """Tell many people many things at once, each under its own key."""
    return Notice.objects.bulk_create(
        [
            Notice(
                user=each.user,
                kind=each.kind,
                round=each.round or (each.proposal.round if each.proposal else None),
                proposal=each.proposal,
                values=each.values,
                key=each.key,
            )
            for each in told
        ],
        ignore_conflicts=True,
        batch_size=200,
    )


@transaction.atomic
def mark_read(*, notice, by):
    """She has seen it. Nothing is recorded: what a person has read is nobody else's business."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def mark_all_read(*, by, until):
    """She has seen everything up to this number of a notice, so that nothing newer is put away unseen.

    What may not be shown to her now keeps its place among the new ones. Returns how many were new.
    """
    return Notice.objects.visible_to(by).unread().filter(pk__lte=until).update(read_at=timezone.now())


@transaction.atomic
def change_settings(*, by_mail, by):
    """Set for oneself which kinds of notices come with the daily e-mail; the others are only shown."""
    before, after = kinds_by_mail(by), {kind for kind in NoticeKind.values if kind in by_mail}
    if before == after:
        return
    NoticeSetting.objects.bulk_create(
        [NoticeSetting(user=by, kind=kind, by_mail=kind in after) for kind in NoticeKind.values],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["by_mail"],
    )
    audit.record(
        "notice_settings_changed", by, by=by, before={"by_mail": sorted(before)}, after={"by_mail": sorted(after)}
    )
