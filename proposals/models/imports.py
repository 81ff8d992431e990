"""Spreadsheets on their way to becoming proposals."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.enums import ImportState

from .documents import storage_name
from .rounds import FundingRound


class ImportFile(models.Model):
    """One uploaded spreadsheet on its way to becoming proposals.

    It is kept between upload, matching, preview and import, so that nothing has to be
    uploaded twice and leaving the page loses nothing.
    """

    round = models.ForeignKey(FundingRound, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=120)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    sheet = models.CharField(max_length=100, blank=True)
    # our field -> title of their column
    mapping = models.JSONField(default=dict)
    update_existing = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.name


class ColumnMapping(models.Model):
    """A matching of column titles to our fields that somebody wanted to keep."""

    name = models.CharField(_("name"), max_length=100)
    mapping = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="column_mapping_name_once",
                violation_error_message=_("There is already a kept matching with this name."),
            )
        ]

    def __str__(self):
        return self.name
