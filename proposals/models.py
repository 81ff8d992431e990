"""What was received: rounds, organisations, proposals, their places, tags and documents."""

import secrets

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.enums import RoundRole

from .enums import (
    AccessLevel,
    DocumentKind,
    FormLength,
    ImportState,
    ParticipationRole,
    ProposalStatus,
    ReadingState,
    RoundPhase,
    RoundStage,
    TagVocabulary,
    VictimContact,
)
from .querysets import DocumentQuerySet, FundingRoundQuerySet, ProposalQuerySet

# Stands in addresses, so no spaces or dots.
ROUND_REFERENCE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("Use letters, digits and dashes, without spaces."))


class FundingRound(models.Model):
    """One call with its dates, budget and way of judging."""

    reference = models.CharField(_("short reference"), max_length=40, unique=True, validators=[ROUND_REFERENCE])
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what the round is for"), blank=True)
    donor_name = models.CharField(_("donor"), max_length=200, blank=True)
    phase = models.CharField(_("phase"), max_length=10, choices=RoundPhase, default=RoundPhase.INTAKE)
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


class Organisation(models.Model):
    """A legal body. Its part in a proposal is said there, not here."""

    name = models.CharField(_("name"), max_length=300)
    # Folded by `validators.fold_name`, so that "Blue Boat Ltd." and "blue boat ltd" meet.
    name_key = models.CharField(max_length=300, unique=True, editable=False)
    identifier = models.CharField(_("registered identifier"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        indexes = [models.Index(fields=["identifier"], name="organisation_identifier")]

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


def storage_name(instance, filename):
    """A random name that says nothing of the file and cannot be guessed."""
    return f"documents/{secrets.token_hex(2)}/{secrets.token_hex(20)}"


class Document(models.Model):
    """One received file. Removing it hides it; the record of what was judged stays."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.NARRATIVE)
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    reading = models.CharField(max_length=10, choices=ReadingState, default=ReadingState.WAITING)
    reading_error = models.CharField(max_length=300, blank=True)
    page_count = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "sha256"],
                condition=models.Q(removed_at__isnull=True),
                name="document_once_per_proposal",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_pdf(self):
        return self.media_type == "application/pdf"


class DocumentPage(models.Model):
    """The text and the picture of one page of a document, made by the worker.

    A DOCX or XLSX has no pages: its text stands in one row per heading or sheet, without a picture.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    picture = models.FileField(upload_to=storage_name, max_length=120, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="page_once")]

    def __str__(self):
        return f"{self.number}"


class ImportFile(models.Model):
    """One uploaded spreadsheet on its way to becoming proposals.

    It is kept between upload, matching, preview and import, so that nothing has to be
    uploaded twice and leaving the page loses nothing.
    """

    round = models.ForeignKey(FundingRound, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=120)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    sheet = models.CharField(max_length=100, blank=True)
    # our field -> title of their column
    mapping = models.JSONField(default=dict)
    update_existing = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return self.name


class ColumnMapping(models.Model):
    """A matching of column titles to our fields that somebody wanted to keep."""

    name = models.CharField(_("name"), max_length=100)
    mapping = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="column_mapping_name_once",
                violation_error_message=_("There is already a kept matching with this name."),
            )
        ]

    def __str__(self):
        return self.name
