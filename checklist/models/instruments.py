"""Instruments as data: versions, criteria, sub-questions, levels, texts by language.

Everything under a published version is frozen; `checklist.guards` makes the database
refuse changes to it.
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import (
    Comparability,
    CriticalCondition,
    CriticalRule,
    InstrumentScope,
    LinkStrength,
    Polarity,
    ResultKind,
    VersionState,
)
from checklist.querysets import InstrumentVersionQuerySet


class Instrument(models.Model):
    """A rubric or checklist over all its versions."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    # Offered first when a round is set up.
    is_default = models.BooleanField(default=False)

    def __str__(self):
        return self.title


class InstrumentVersion(models.Model):
    """One edition. A draft can change; a published or retired one never does."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    result_kind = models.CharField(_("kind of result"), max_length=10, choices=ResultKind)
    applies_to = models.CharField(
        _("which proposals"), max_length=12, choices=InstrumentScope, default=InstrumentScope.ALL
    )
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60)
    language = models.CharField(_("language of the original"), max_length=10, default="en")
    introduction = models.TextField(_("introduction"), blank=True)
    source = models.TextField(_("source"))
    # Says that weights, anchors and critical items are ours, not the source's.
    interpretation_note = models.TextField(_("what is our interpretation"), blank=True)
    change_note = models.TextField(_("what changed"), blank=True)
    # SHA-256 of the canonical content, so that a loaded file can be compared with it.
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    # The version a draft was started from; it is compared with it before it is published.
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="drafts")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at__isnull=True)
                | models.Q(state__in=["published", "retired"], published_at__isnull=False),
                name="version_published_has_date",
            ),
        ]

    def __str__(self):
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    def get_absolute_url(self):
        return reverse("checklist:version-detail", args=[self.instrument.slug, self.number])


class Domain(models.Model):
    """A group of criteria in one version."""

    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="domains")
    key = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="domain_key_once")]

    def __str__(self):
        return self.title


class Criterion(models.Model):
    """One thing judged.

    `kind`, `combining` and `reason_rule` are codes of the registries in `checklist.answer_kinds`,
    `checklist.combining` and `checklist.scoring`.
    """

    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="criteria")
    domain = models.ForeignKey(Domain, null=True, blank=True, on_delete=models.PROTECT, related_name="criteria")
    # Stable over versions: "1", "P1".
    key = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    short_title = models.CharField(max_length=120)
    wording = models.TextField()
    guidance = models.TextField(blank=True)
    # One line per hint.
    look_for = models.TextField(blank=True)
    warning_signs = models.TextField(blank=True)
    kind = models.CharField(max_length=30)
    polarity = models.CharField(max_length=15, choices=Polarity, default=Polarity.YES_IS_GOOD)
    weight = models.DecimalField(max_digits=6, decimal_places=2, default=1, validators=[MinValueValidator(0)])
    reason_rule = models.CharField(max_length=40)
    critical_rule = models.CharField(max_length=10, choices=CriticalRule, default=CriticalRule.NONE)
    critical_condition = models.CharField(max_length=40, choices=CriticalCondition, default=CriticalCondition.ALWAYS)
    # Harm to people: stands above any score on screen and in reports.
    about_harm = models.BooleanField(_("about harm to people"), default=False)
    # Keys of the sub-questions that the critical rule looks at, "a,b,c"; "" means the whole item.
    critical_scope = models.CharField(max_length=40, blank=True)
    combining = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="criterion_key_once"),
            models.CheckConstraint(condition=models.Q(weight__gte=0), name="criterion_weight_not_negative"),
        ]

    def __str__(self):
        return f"{self.number}. {self.short_title}"


class SubQuestion(models.Model):
    """One half of a double-barrelled criterion; `kind` is a code of `checklist.answer_kinds`."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="sub_questions")
    key = models.CharField(max_length=5)
    position = models.PositiveSmallIntegerField()
    wording = models.TextField()
    hint = models.TextField(blank=True)
    kind = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criterion", "key"], name="sub_question_key_once")]

    def __str__(self):
        return f"{self.criterion.number}{self.key}"


class Level(models.Model):
    """A label and descriptor for one answer code of one criterion.

    Codes without a row show the default label of the answer kind.
    """

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="levels")
    code = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200, blank=True)
    descriptor = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criterion", "code"], name="level_code_once")]

    def __str__(self):
        return f"{self.criterion.number}: {self.label or self.code}"


class Translation(models.Model):
    """One text of a version in another language.

    `path` names the text: "title", "introduction", "criteria/1/wording", "criteria/2/sub/a/wording",
    "criteria/P1/levels/3/descriptor".
    """

    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    path = models.CharField(max_length=120)
    text = models.TextField()
    is_official = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language", "path"], name="translation_once")]

    def __str__(self):
        return f"{self.language} {self.path}"


class CrossWalk(models.Model):
    """A criterion of one instrument bears on a criterion of another. Our reading, not the sources'."""

    from_instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="bears_on")
    from_key = models.CharField(max_length=20)
    to_instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="borne_by")
    to_key = models.CharField(max_length=20)
    strength = models.CharField(max_length=12, choices=LinkStrength)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_instrument", "from_key", "to_instrument", "to_key"], name="cross_walk_once"
            )
        ]

    def __str__(self):
        return f"{self.from_key} - {self.to_key}"


class CriterionMatch(models.Model):
    """What became of one criterion between an earlier version and this one.

    `proposed` is what the program found by comparing, `verdict` what the administrator decided
    when she published. Results are compared over versions only through these rows. `key` is
    empty for a dropped criterion, `earlier_key` for a new one.
    """

    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="matches")
    earlier_version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="later_matches")
    key = models.CharField(max_length=20, blank=True)
    earlier_key = models.CharField(max_length=20, blank=True)
    proposed = models.CharField(max_length=10, choices=Comparability)
    verdict = models.CharField(max_length=10, choices=Comparability)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], condition=~models.Q(key=""), name="criterion_matched_once"
            ),
            models.UniqueConstraint(
                fields=["version", "earlier_key"],
                condition=~models.Q(earlier_key=""),
                name="earlier_criterion_matched_once",
            ),
            models.CheckConstraint(
                condition=(~models.Q(key="") & ~models.Q(earlier_key=""))
                | models.Q(verdict="new", earlier_key="")
                | models.Q(verdict="dropped", key=""),
                name="criterion_match_has_both_sides",
            ),
        ]

    def __str__(self):
        return f"{self.earlier_key or '-'} > {self.key or '-'}: {self.verdict}"


class Tension(models.Model):
    """Two instruments pull in different directions: shown to the reviewer, never averaged, never a change."""

    slug = models.SlugField(max_length=60, unique=True)
    source = models.TextField(_("source"), blank=True)

    def __str__(self):
        return self.slug


class TensionText(models.Model):
    """The words of a tension in one language."""

    tension = models.ForeignKey(Tension, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tension", "language"], name="tension_text_once")]

    def __str__(self):
        return self.title


class TensionSide(models.Model):
    """One condition of a tension: a criterion was answered with one of `answers`.

    `side` groups the conditions; a tension shows when on every side at least one condition holds.
    """

    tension = models.ForeignKey(Tension, on_delete=models.CASCADE, related_name="sides")
    side = models.PositiveSmallIntegerField()
    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=20)
    # Codes of answers, separated by commas.
    answers = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tension", "side", "instrument", "key"], name="tension_side_once")
        ]

    def __str__(self):
        return f"{self.key}: {self.answers}"
