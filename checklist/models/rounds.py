"""Which versions a round judges by, and which items are critical in it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from checklist.enums import CriticalRule, NamesShown


class RoundInstrument(models.Model):
    """A round pins one version of an instrument. New assessments of the round start on it."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="instruments")
    version = models.ForeignKey("checklist.InstrumentVersion", on_delete=models.PROTECT, related_name="round_pins")
    position = models.PositiveSmallIntegerField(default=1)
    # One instrument's result orders the list; the others stand beside it and are never added to it.
    ranks = models.BooleanField(_("puts the proposals in order"), default=False)
    # For a share: percent 0-100. For a profile: the level every criterion has to reach on average.
    threshold = models.DecimalField(_("threshold"), max_digits=6, decimal_places=2, null=True, blank=True)
    # Percent of the criteria that have to be judged before the result counts.
    minimum_coverage = models.PositiveSmallIntegerField(
        _("minimum coverage, percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="round_version_once"),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(ranks=True), name="one_instrument_ranks_a_round"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_coverage__isnull=True) | models.Q(minimum_coverage__lte=100),
                name="round_coverage_is_percent",
            ),
        ]

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


class RoundRules(models.Model):
    """How a round goes from single assessments to decisions. A round without a row has the defaults."""

    round = models.OneToOneField("proposals.FundingRound", on_delete=models.CASCADE, related_name="rules")
    names_shown = models.CharField(
        _("names among reviewers"), max_length=10, choices=NamesShown, default=NamesShown.LETTERS
    )
    # A further reviewer is proposed when two differ by more than this, in percent of the higher result.
    difference_limit = models.PositiveSmallIntegerField(
        _("difference that calls for a further reviewer, percent"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    maximum_load = models.PositiveSmallIntegerField(_("most proposals per reviewer"), null=True, blank=True)
    has_reserve_list = models.BooleanField(_("the round keeps a reserve list"), default=True)
    needs_consensus = models.BooleanField(_("a consensus is required before a recommendation"), default=False)
    practice_first = models.BooleanField(_("practice comes before assessing"), default=False)
    # Step of the set-up the officer reached, so that she can go on there.
    setup_step = models.CharField(max_length=20, blank=True)

    def __str__(self):
        return str(self.round)
