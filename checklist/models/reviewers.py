"""What reviewers bring, what ties them, and plans of who could review what."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import PlanState, SkillVocabulary, SuspicionKind, SuspicionState, TieKind


class ReviewerSkill(models.Model):
    """One thing a person knows well: a language, a country, a subject. Codes as in the proposal's own facts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills")
    vocabulary = models.CharField(max_length=20, choices=SkillVocabulary)
    code = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "vocabulary", "code"], name="skill_once")]

    def __str__(self):
        return f"{self.vocabulary}: {self.code}"


class ReviewerTie(models.Model):
    """A tie to an organisation, declared once and compared with every proposal."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ties")
    organisation = models.ForeignKey("proposals.Organisation", on_delete=models.PROTECT, related_name="reviewer_ties")
    kind = models.CharField(_("what ties you"), max_length=10, choices=TieKind)
    note = models.TextField(_("in words"), blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "kind"], name="tie_once")]

    def __str__(self):
        return f"{self.user}: {self.organisation}"


class SuspectedConflict(models.Model):
    """The program found a sign of a conflict of interest; somebody confirms or dismisses it with a reason."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="suspected_conflicts")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suspected_conflicts")
    kind = models.CharField(max_length=20, choices=SuspicionKind)
    # What was compared, e.g. the two names; plain words without codes.
    detail = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=SuspicionState, default=SuspicionState.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reviewer", "kind"], name="suspicion_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True)
                | (models.Q(decided_at__isnull=False) & ~models.Q(reason="")),
                name="suspicion_decided_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposal"], name="suspicion_state")]

    def __str__(self):
        return f"{self.reviewer}: {self.detail}"


class AssignmentPlan(models.Model):
    """A proposed distribution of proposals over reviewers. It changes nothing before it is applied."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="plans")
    seed = models.PositiveIntegerField()
    per_proposal = models.PositiveSmallIntegerField(_("reviewers per proposal"))
    maximum_load = models.PositiveSmallIntegerField(_("most proposals per reviewer"))
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    # What stands in the way, in words, where not every wish could be met.
    problems = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False), name="plan_applied_has_date"
            )
        ]

    def __str__(self):
        return f"{self.round}: {self.made_at:%Y-%m-%d}"


class PlannedAssignment(models.Model):
    """One pair of a plan with why it was chosen."""

    plan = models.ForeignKey(AssignmentPlan, on_delete=models.CASCADE, related_name="pairs")
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Codes of reasons: "language", "country", "expertise", "overlap".
    reasons = models.JSONField(default=list)
    is_by_hand = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "proposal", "reviewer"], name="planned_pair_once")]

    def __str__(self):
        return f"{self.proposal}: {self.reviewer}"
