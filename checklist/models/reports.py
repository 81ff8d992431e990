"""PDFs that were made, kept under the hash of what they show."""

from django.db import models
from django.utils import timezone

from proposals.models import storage_name


class IssuedReport(models.Model):
    """One PDF as it was made. `content_key` is the hash of its data, templates and fonts.

    The same state gives the same key, so a finished PDF is served, not made again.
    """

    kind = models.CharField(max_length=30)
    assessment = models.ForeignKey("checklist.Assessment", null=True, on_delete=models.CASCADE, related_name="reports")
    content_key = models.CharField(max_length=64, unique=True)
    file = models.FileField(upload_to=storage_name, max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["assessment", "kind", "-id"], name="report_assessment")]

    def __str__(self):
        return f"{self.kind} {self.content_key[:12]}"
