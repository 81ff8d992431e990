"""Funding rounds, when their phases are open, and who holds which role in them."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.enums import FormLength, RoundPhase, RoundStage
from proposals.querysets import FundingRoundQuerySet
from screening.enums import RoundRole

# Stands in addresses, so no spaces or dots.
ROUND_REFERENCE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("Use letters, digits and dashes, without spaces."))


class FundingRound(models.Model):
    """One call with its dates, budget and way of judging."""

    reference = models.CharField(_("short reference"), max_length=40, unique=True, validators=[ROUND_REFERENCE])
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what the round is for"), blank=True)
    donor_name = models.CharField(_("donor"), max_length=200, blank=True)
    phase = models.CharField(_("phase"), max_length=12, choices=RoundPhase, default=RoundPhase.INTAKE)
    # Whether the phase follows the dates of its windows, or stays where the officer put it.
    follows_dates = models.BooleanField(_("phases open and close by themselves"), default=False)
    stage = models.CharField(_("applicants sent"), max_length=10, choices=RoundStage, default=RoundStage.FULL)
    form_length = models.CharField(_("form"), max_length=10, choices=FormLength, default=FormLength.SHORT)
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    review_due_on = models.DateField(_("assessments due on"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    budget = models.DecimalField(
        _("budget"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    reviewers_wanted = models.PositiveSmallIntegerField(_("reviewers per proposal"), default=2)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FundingRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding round")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_on__isnull=True)
                | models.Q(closes_on__isnull=True)
                | models.Q(closes_on__gte=models.F("opens_on")),
                name="round_closes_after_it_opens",
                violation_error_message=_("The round closes before it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(budget__isnull=True) | models.Q(budget__gte=0), name="round_budget_not_negative"
            ),
            models.CheckConstraint(condition=models.Q(reviewers_wanted__gte=1), name="round_wants_a_reviewer"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("checklist:round-detail", args=[self.reference])


class PhaseWindow(models.Model):
    """From which day to which day a phase of a round is open. Without an end it stays open until the next begins."""

    round = models.ForeignKey(FundingRound, on_delete=models.CASCADE, related_name="windows")
    phase = models.CharField(_("phase"), max_length=12, choices=RoundPhase)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "phase"], name="window_once_per_phase"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="window_ends_after_it_starts",
                violation_error_message=_("The phase ends before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.get_phase_display()}: {self.starts_on}"


class RoleGrant(models.Model):
    """One person holds one role in one round."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    round = models.ForeignKey(FundingRound, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=RoundRole)
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "round", "role"], name="grant_once")]
        indexes = [models.Index(fields=["round", "role"], name="grant_round_role")]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"
