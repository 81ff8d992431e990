"""Organisations, and what one applicant submitted: proposals with their places and tags."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.enums import AccessLevel, ParticipationRole, ProposalStatus, TagVocabulary, VictimContact
from proposals.querysets import ProposalQuerySet

from .rounds import FundingRound


class Organisation(models.Model):
    """A legal body. Its part in a proposal is said there, not here."""

    name = models.CharField(_("name"), max_length=300)
    # Folded by `validators.fold_name`, so that "Blue Boat Ltd." and "blue boat ltd" meet.
    name_key = models.CharField(max_length=300, unique=True, editable=False)
    identifier = models.CharField(_("registered identifier"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)
    # "blueboat.example", without "@"; compared with reviewers' addresses.
    email_domain = models.CharField(_("e-mail domain"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("organisation")
        indexes = [models.Index(fields=["identifier"], name="organisation_identifier")]

    def __str__(self):
        return self.name


class OrganisationAlias(models.Model):
    """Another name under which the same organisation is known: an acronym, a former or a local name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("other name"), max_length=300)
    # Folded by `validators.fold_name`.
    name_key = models.CharField(max_length=300, unique=True, editable=False)

    def __str__(self):
        return self.name


class Proposal(models.Model):
    """What one applicant submitted to one round."""

    round = models.ForeignKey(FundingRound, on_delete=models.PROTECT, related_name="proposals")
    reference = models.CharField(_("reference"), max_length=60)
    external_id = models.CharField(_("identifier in the applicant's system"), max_length=120, blank=True)
    # Fingerprint by which an import recognises a row that is already here.
    import_key = models.CharField(max_length=64, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=500)
    summary = models.TextField(_("summary"), blank=True)
    applicant = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("applicant"),
    )
    status = models.CharField(_("state"), max_length=24, choices=ProposalStatus, default=ProposalStatus.RECEIVED)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount asked for"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    victim_contact = models.CharField(
        _("direct contact with victims"), max_length=10, choices=VictimContact, default=VictimContact.UNKNOWN
    )
    language = models.CharField(_("language of the proposal"), max_length=10, blank=True)
    # Columns of the imported file that have no place of their own, as (title, value) text.
    notes = models.TextField(_("other facts"), blank=True)
    # For training reviewers: never ranked, never counted in agreement, never decided on.
    is_practice = models.BooleanField(_("practice proposal"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Folded text of title, reference, applicant and partners, for the search box.
    search_text = models.TextField(blank=True, editable=False)
    # Counted up at every change; a form that was opened on an older number is told so.
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "reference"],
                name="proposal_reference_once_per_round",
                violation_error_message=_("This round already has a proposal with this reference."),
            ),
            models.UniqueConstraint(
                fields=["round", "import_key"], condition=~models.Q(import_key=""), name="proposal_imported_once"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="proposal_ends_after_it_starts",
                violation_error_message=_("The project ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="proposal_amount_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "reference"], name="proposal_by_reference"),
            models.Index(fields=["round", "status", "reference"], name="proposal_by_status"),
            models.Index(fields=["round", "title"], name="proposal_by_title"),
            models.Index(fields=["round", "amount"], name="proposal_by_amount"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("checklist:proposal-detail", args=[self.pk])

    @property
    def thread(self):
        """The key of this proposal's history in the audit trail."""
        return f"proposal:{self.pk}"


class ProposalAccess(models.Model):
    """What one person may see of one proposal, beyond or against her role in the round.

    `named`: title, applicant and partners, so that she can say whether she has a conflict
    of interest. `full`: everything. `closed`: nothing at all, whatever role she holds.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="accesses")
    level = models.CharField(max_length=6, choices=AccessLevel)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "user"], name="access_once")]
        indexes = [models.Index(fields=["user", "level", "proposal"], name="access_user_level")]

    def __str__(self):
        return f"{self.user}: {self.level}"


class Participation(models.Model):
    """An organisation besides the applicant takes part in a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=10, choices=ParticipationRole, default=ParticipationRole.PARTNER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "organisation", "role"], name="participation_once")]

    def __str__(self):
        return str(self.organisation)


class Place(models.Model):
    """A country, or an area in it, where a proposal works.

    `country` is an ISO 3166-1 code, or "" where the text names none ("Regional"); then
    `area` keeps the words as they were given.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="places")
    country = models.CharField(_("country"), max_length=2, blank=True)
    area = models.CharField(_("area"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "country", "area"], name="place_once"),
            models.CheckConstraint(condition=~models.Q(country="", area=""), name="place_says_something"),
        ]
        indexes = [models.Index(fields=["country", "proposal"], name="place_country")]

    def __str__(self):
        return self.area or self.country


class ProposalTag(models.Model):
    """One word from a fixed vocabulary said of a proposal (see `enums.TAG_CHOICES`)."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="tags")
    vocabulary = models.CharField(max_length=20, choices=TagVocabulary)
    code = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "vocabulary", "code"], name="tag_once")]
        indexes = [models.Index(fields=["vocabulary", "code", "proposal"], name="tag_code")]

    def __str__(self):
        return self.code
