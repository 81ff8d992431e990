"""Forms that went out to be filled in without a connection, and what came back."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from checklist.enums import UploadState
from checklist.querysets import OfflineUploadQuerySet
from proposals.models import storage_name


class OfflineForm(models.Model):
    """One form as it was handed out: for which assessment, and in which state that was.

    `token` stands inside the form; `revisions` holds {criterion id: [revision, digest]} of the answers
    it was made from, and the same of the overall view, so that what changed since is told apart from
    what the form changed.
    """

    assessment = models.ForeignKey("checklist.Assessment", on_delete=models.CASCADE, related_name="offline_forms")
    token = models.CharField(max_length=64, unique=True)
    file_format = models.CharField(max_length=4)
    language = models.CharField(max_length=10, default="en")
    revisions = models.JSONField(default=dict)
    conclusion_revision = models.PositiveIntegerField(default=0)
    submission_number = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return self.token[:12]


class OfflineUpload(models.Model):
    """One file that came back. Nothing is taken over before it was compared and confirmed.

    A refused one is on record with its reason; the file itself is not kept.
    """

    form = models.ForeignKey(OfflineForm, null=True, on_delete=models.CASCADE, related_name="uploads")
    file = models.FileField(upload_to=storage_name, max_length=120)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=UploadState)
    # Why it was refused, in words.
    problem = models.CharField(max_length=400, blank=True)
    # What was read: {criterion id: {"answer", "rationale", "subs": {key: {"answer", "text"}}}}, and the overall view.
    content = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offline_uploads")
    at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True)

    objects = OfflineUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="refused") | models.Q(form__isnull=False), name="upload_belongs_to_a_form"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(problem=""), name="upload_refused_has_reason"
            ),
        ]

    def __str__(self):
        return self.name
