"""Pass or fail before anyone reviews; apart from merit."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import CheckOutcome


class EligibilityCheck(models.Model):
    """One condition every proposal of a round has to meet before it is reviewed."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="eligibility_checks")
    position = models.PositiveSmallIntegerField(default=1)
    wording = models.CharField(_("condition"), max_length=300)
    guidance = models.TextField(_("how to check it"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "wording"], name="eligibility_check_once")]

    def __str__(self):
        return self.wording


class EligibilityResult(models.Model):
    """Whether one proposal meets one condition. A failure always has a reason."""

    check_made = models.ForeignKey(EligibilityCheck, on_delete=models.PROTECT, related_name="results")
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="eligibility_results")
    outcome = models.CharField(max_length=10, choices=CheckOutcome)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_made", "proposal"], name="eligibility_result_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="failed") | ~models.Q(reason=""), name="eligibility_failure_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.check_made}: {self.outcome}"
