"""Two different things: what the panel recommends, and what the funder decides."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import DecisionState, Outcome


class Recommendation(models.Model):
    """The panel's advice on one proposal. Append-only; the newest one counts."""

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="recommendations")
    outcome = models.CharField(_("recommendation"), max_length=20, choices=Outcome)
    conditions = models.TextField(_("conditions"), blank=True)
    reasons = models.TextField(_("reasons"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reasons=""), name="recommendation_has_reasons"),
            models.CheckConstraint(
                condition=~models.Q(outcome="fund_with_conditions") | ~models.Q(conditions=""),
                name="recommendation_names_conditions",
            ),
        ]
        indexes = [models.Index(fields=["proposal", "-id"], name="recommendation_newest")]

    def __str__(self):
        return self.get_outcome_display()


class StopOverride(models.Model):
    """The chair lets a proposal go on although a critical item or a flag says stop. Append-only.

    It answers what was submitted by then: a stop that is said later, or again, is overridden anew.
    """

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="stop_overrides")
    criterion = models.ForeignKey("checklist.Criterion", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("why go on all the same"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="override_has_reason"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.reason[:60]}"


class Decision(models.Model):
    """What the funder decided on one proposal, with what it rested on.

    A pending one takes effect when it is applied. An applied one never changes; only a new one,
    which names it in `replaces`, can reverse it.
    """

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=20, choices=Outcome)
    # Place on the reserve list, from 1.
    reserve_order = models.PositiveSmallIntegerField(_("place on the reserve list"), null=True, blank=True)
    amount = models.DecimalField(_("amount granted"), max_digits=15, decimal_places=2, null=True, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    reasons = models.TextField(_("reasons"))
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.PENDING)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    # Results, agreement, stops, recommendation and versions as they stood; see `selectors.decisions`.
    snapshot = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(state="pending"), name="one_pending_decision"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(state="applied"), name="one_applied_decision"
            ),
            models.CheckConstraint(condition=~models.Q(reasons=""), name="decision_has_reasons"),
            models.CheckConstraint(
                condition=~models.Q(outcome="fund_with_conditions") | ~models.Q(conditions=""),
                name="decision_names_conditions",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="reserve") | models.Q(reserve_order__isnull=True),
                name="decision_order_only_on_reserve",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "withdrawn"], applied_at__isnull=True)
                | models.Q(state__in=["applied", "replaced"], applied_at__isnull=False),
                name="decision_applied_has_date",
            ),
        ]

    def __str__(self):
        return self.get_outcome_display()
