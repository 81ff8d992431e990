"""The steps in which a draft of an instrument was made."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from checklist.enums import EditKind


class DraftEdit(models.Model):
    """One step: what stood at `path` before and after it, so that it can be undone.

    `path` names the place as `Translation.path` does, e.g. "criteria/5/wording" or "criteria/12".
    For a move, `before` and `after` are the keys in their order.
    """

    version = models.ForeignKey("checklist.InstrumentVersion", on_delete=models.CASCADE, related_name="edits")
    # Counts up within the draft.
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EditKind)
    path = models.CharField(max_length=120)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="draft_edit_number_once")]

    def __str__(self):
        return f"{self.number}. {self.path}"
