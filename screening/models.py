"""People, the audit trail and background jobs. Knows nothing of proposals or rubrics."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import JobState, SystemRole, Theme


class UserManager(BaseUserManager):
    """Finds people by e-mail address, whatever its case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """One row is one person who can sign in.

    What she may do follows from `RoleGrant` rows (per round) and the system roles here.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    organisation_name = models.CharField(_("organisation"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    theme = models.CharField(_("colours"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts in the assessment form"), default=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_auditor = models.BooleanField(_("auditor"), default=False)
    is_instrument_editor = models.BooleanField(_("instrument editor"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_any_case",
                violation_error_message=_("Somebody with this e-mail address is here already."),
            )
        ]

    def __str__(self):
        return self.name or self.email

    @property
    def system_roles(self):
        """The system roles held, as a tuple of `SystemRole`."""
        held = (
            (self.is_administrator, SystemRole.ADMINISTRATOR),
            (self.is_auditor, SystemRole.AUDITOR),
            (self.is_instrument_editor, SystemRole.INSTRUMENT_EDITOR),
        )
        return tuple(role for has, role in held if has)


class AuditEvent(models.Model):
    """One row says who did what to which subject, when, with the state before and after.

    Append-only: the database refuses to change or delete a row. There are no foreign
    keys, so nothing the log speaks of is kept from being deleted, and names are kept
    as they were at the time.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    event = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=250)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=400)
    # The thing whose history this belongs to, e.g. "proposal:12" for an answer in one of
    # its assessments; and the round, so that a round's whole trail is one query.
    thread = models.CharField(max_length=80, blank=True)
    round_id = models.BigIntegerField(null=True)
    # Only these people and the auditors may read before/after while an assessment is
    # not yet open to others; empty means everybody who may see the thread.
    private_to_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "-id"], name="audit_thread"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["round_id", "-id"], name="audit_round"),
        ]

    def __str__(self):
        return f"{self.event} {self.subject_label}"


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=(JobState.QUEUED, JobState.RUNNING))

    def stale(self, *, before):
        """Running, but without a sign of life since `before`: its worker is gone."""
        return self.filter(state=JobState.RUNNING, heartbeat_at__lt=before)


class Job(models.Model):
    """One piece of background work that a person may be waiting for.

    The row is the truth about the work; the task queue only carries its id. A job that
    was running when its worker died is found by its heartbeat and queued again.
    """

    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    # One unfinished job per key: asking twice for the same work makes it once.
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state__in=["queued", "running"]), name="job_one_unfinished_per_key"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="job_subject"),
            models.Index(fields=["state", "heartbeat_at"], name="job_state"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_type}:{self.subject_id} ({self.state})"


class SavedView(models.Model):
    """Filter, search and order of a list page that one person wanted to keep under a name."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    # Which list: the name of its address, with the round's reference where it belongs to one.
    page = models.CharField(max_length=120)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_view_once",
                violation_error_message=_("You have a view with this name already."),
            )
        ]

    def __str__(self):
        return self.name
