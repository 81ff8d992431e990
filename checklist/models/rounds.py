"""Which versions a round judges by, and which items are critical in it."""

from django.db import models

from checklist.enums import CriticalRule


class RoundInstrument(models.Model):
    """A round pins one version of an instrument. New assessments of the round start on it."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="instruments")
    version = models.ForeignKey("checklist.InstrumentVersion", on_delete=models.PROTECT, related_name="round_pins")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="round_version_once")]

    def __str__(self):
        return f"{self.round}: {self.version}"


class RoundCriticalRule(models.Model):
    """The donor's own critical rule for one criterion in one round, instead of the version's default."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="critical_rules")
    criterion = models.ForeignKey("checklist.Criterion", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10, choices=CriticalRule)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "criterion"], name="round_critical_once")]

    def __str__(self):
        return f"{self.criterion}: {self.rule}"
