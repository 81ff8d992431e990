"""What reviewers were asked and what they said."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState, Conclusion
from checklist.querysets import AssessmentQuerySet, AssignmentQuerySet


class Assignment(models.Model):
    """A reviewer is asked to assess a proposal; carries her declaration on conflicts of interest."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(_("state"), max_length=12, choices=AssignmentState, default=AssignmentState.ASSIGNED)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    # In her own words; required where there is a conflict, kept whatever happens after.
    declaration = models.TextField(_("declaration"), blank=True)
    declared_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(_("reason for declining or taking back"), blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="assignment_once"),
            models.CheckConstraint(
                condition=~models.Q(state="conflicted")
                | (models.Q(declared_at__isnull=False) & ~models.Q(declaration=""))
                # Found by the system and confirmed by somebody else, with her reason.
                | ~models.Q(closing_reason=""),
                name="assignment_conflict_is_declared",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declared") | models.Q(declared_at__isnull=False),
                name="assignment_declared_has_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(closing_reason=""),
                name="assignment_decline_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="abstained") | ~models.Q(closing_reason=""),
                name="assignment_abstention_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "state", "due_on"], name="assignment_queue"),
            # The few that will not be reviewed are found without reading the many that will.
            models.Index(fields=["state", "proposal"], name="assignment_state"),
        ]

    def __str__(self):
        return str(self.reviewer)


class Assessment(models.Model):
    """One judgement of one proposal by one person, with every instrument the round pinned."""

    assignment = models.OneToOneField(Assignment, null=True, on_delete=models.PROTECT, related_name="assessment")
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="assessments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=12, choices=AssessmentKind, default=AssessmentKind.INDIVIDUAL)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)
    # The versions it was begun with; a newer version never reaches it.
    versions = models.ManyToManyField("checklist.InstrumentVersion", related_name="assessments")
    language = models.CharField(_("language of the form"), max_length=10, default="en")
    conclusion = models.CharField(_("overall view"), max_length=25, choices=Conclusion, blank=True)
    conclusion_reason = models.TextField(_("reasons"), blank=True)
    # Why she recommends although a critical item says stop.
    override_reason = models.TextField(_("why recommend all the same"), blank=True)
    conclusion_revision = models.PositiveIntegerField(default=0)
    # Where she was when she last saved, so that the form opens there.
    last_criterion = models.ForeignKey("checklist.Criterion", null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    # Counts submissions: a report names the state it was made from.
    submission_number = models.PositiveSmallIntegerField(default=0)
    reopen_reason = models.TextField(blank=True)
    # What it was scored under when it was submitted (see `selectors.results.terms_kept`), so that a
    # later change to the round's critical items, stage or facts changes no submitted result.
    terms = models.JSONField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", submitted_at__isnull=True)
                | models.Q(state="submitted", submitted_at__isnull=False),
                name="assessment_submitted_has_date",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["consensus", "reference"]) | models.Q(assignment__isnull=False),
                name="assessment_individual_is_assigned",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(kind="consensus"), name="one_consensus_per_proposal"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(kind="reference"), name="one_reference_per_proposal"
            ),
        ]
        indexes = [
            models.Index(fields=["proposal", "state"], name="assessment_proposal"),
            models.Index(fields=["reviewer", "state"], name="assessment_reviewer"),
        ]

    def __str__(self):
        return str(self.reviewer)

    def get_absolute_url(self):
        return reverse("checklist:assessment-result", args=[self.pk])

    @property
    def is_submitted(self):
        return self.state == AssessmentState.SUBMITTED


class Response(models.Model):
    """What was said on one criterion: the answer as given, never a score.

    An empty `answer` means not answered yet. `revision` counts saves, so that a form that
    was opened before somebody else's save is told so instead of overwriting it.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="responses")
    criterion = models.ForeignKey("checklist.Criterion", on_delete=models.PROTECT, related_name="responses")
    answer = models.CharField(max_length=30, blank=True)
    rationale = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion"], name="response_once")]

    def __str__(self):
        return f"{self.criterion_id}: {self.answer or '-'}"


class SubResponse(models.Model):
    """What was said on one sub-question."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="sub_responses")
    sub_question = models.ForeignKey("checklist.SubQuestion", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "sub_question"], name="sub_response_once")]

    def __str__(self):
        return f"{self.sub_question_id}: {self.answer or '-'}"


class Evidence(models.Model):
    """A pointer from a response to a place in a document, with the words found there."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(
        "proposals.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    # "12", "12-14", or a heading where the document has no pages.
    page = models.CharField(_("page or section"), max_length=60, blank=True)
    quote = models.TextField(_("quote"), blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(document__isnull=False) | ~models.Q(page="") | ~models.Q(quote=""),
                name="evidence_says_something",
            )
        ]

    def __str__(self):
        return f"{self.document or ''} {self.page}".strip()


class SubmittedScore(models.Model):
    """What `scoring.score` said of one instrument in one submitted assessment.

    Written with the submission and removed when it is reopened, so it can never differ from
    the frozen answers; lists read it instead of scoring thousands of answers again.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    version = models.ForeignKey("checklist.InstrumentVersion", on_delete=models.PROTECT, related_name="+")
    # One letter per criterion in order; see `checklist.scoring.MARK_LETTERS`.
    marks = models.CharField(max_length=200)
    # Percent 0-100 for a share instrument; null where nothing could be judged, and for profiles.
    share = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    low = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    high = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    judged = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    blocks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "version"], name="score_once")]

    def __str__(self):
        return f"{self.marks} {self.share}"


class SubmittedState(models.Model):
    """Everything one assessment said at one submission, so that a later one can be compared with it.

    `content` is {"criteria": {version id: {criterion key: {"answer", "rationale", "subs", "evidence"}}},
    "conclusion": ..., "conclusion_reason": ..., "override_reason": ...}. Append-only.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="submitted_states")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="submitted_state_once")]

    def __str__(self):
        return f"{self.assessment}: {self.number}"
