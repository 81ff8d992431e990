"""What people are told, in the application and by one e-mail a day."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import NoticeKind
from checklist.querysets import NoticeQuerySet


class Notice(models.Model):
    """One thing one person is told. The words are made when it is shown, in her language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    round = models.ForeignKey("proposals.FundingRound", null=True, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey("proposals.Proposal", null=True, on_delete=models.CASCADE, related_name="+")
    # Plain words of a message, or values for the sentence of the kind.
    values = models.JSONField(default=dict)
    # The same thing is told once: kind, subject and, for reminders, the day.
    key = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["mailed_at", "user"], name="notice_to_mail"),
        ]

    def __str__(self):
        return f"{self.user}: {self.kind}"


class NoticeSetting(models.Model):
    """What one person wants of one kind of notice. Without a row: shown, and in the daily e-mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_settings")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    by_mail = models.BooleanField(_("in the daily e-mail"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_setting_once")]

    def __str__(self):
        return f"{self.user}: {self.kind}"


class RoundMessage(models.Model):
    """A message of the officer to several people of a round, kept with who got it."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="messages")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("message"))
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return self.subject
