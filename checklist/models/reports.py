"""Reports: PDFs as they were made and issued, batches of them, and what letters look like."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklist.enums import BatchState, ItemState, ReportKind
from checklist.issued_queryset import IssuedReportQuerySet
from proposals.models import storage_name

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six digits, for example #1f4e79."))


class IssuedReport(models.Model):
    """One PDF as it was made. `content_key` is the hash of its data, templates and fonts.

    The same state gives the same key, so a finished PDF is served, not made again. One that left
    the house has a `number`; from then on it never changes, and a later issue names it in `supersedes`.
    """

    kind = models.CharField(max_length=30)
    assessment = models.ForeignKey("checklist.Assessment", null=True, on_delete=models.CASCADE, related_name="reports")
    proposal = models.ForeignKey("proposals.Proposal", null=True, on_delete=models.CASCADE, related_name="reports")
    round = models.ForeignKey("proposals.FundingRound", null=True, on_delete=models.CASCADE, related_name="reports")
    content_key = models.CharField(max_length=64, unique=True)
    file = models.FileField(upload_to=storage_name, max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    # Kind, subject and what makes a series of issues of its own, see `reporting.making.subject_key`.
    subject_key = models.CharField(max_length=120, blank=True, db_index=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # "GMS-2026/P-0007/2": round, subject, issue. Empty while it has not left the house.
    number = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    objects = IssuedReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["assessment", "kind", "-id"], name="report_assessment"),
            models.Index(fields=["proposal", "kind", "-id"], name="report_proposal"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="report_number_once"),
            models.CheckConstraint(
                condition=models.Q(number="", issued_at__isnull=True)
                | (~models.Q(number="") & models.Q(issued_at__isnull=False)),
                name="report_issued_has_number_and_date",
            ),
        ]

    def __str__(self):
        return self.number or f"{self.kind} {self.content_key[:12]}"

    @property
    def kind_word(self):
        return ReportKind(self.kind).label

    @property
    def about(self):
        """The proposal or the round that it is on."""
        return self.assessment.proposal if self.assessment else self.proposal or self.round

    @property
    def names(self):
        """ "named" or "letters"; "" where reviewers stand in it by neither."""
        return {"named": "named", "letters": "letters"}.get(self._line(3), "")

    @property
    def paper(self):
        """ "letter" or "a4"; "" where it is not on record, as of what was issued before it was named."""
        return {"letter": "letter", "a4": "a4"}.get(self._line(4), "")

    def _line(self, place):
        """One part of the line of issues, see `reporting.making.subject_key`."""
        return (*self.subject_key.split(":"), "", "", "", "", "")[place]


class ReportBatch(models.Model):
    """Many reports of one kind that somebody asked for together."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="batches")
    kind = models.CharField(max_length=30, choices=ReportKind)
    language = models.CharField(max_length=10, default="en")
    # Paper size, names shown, and whatever else the kind asks.
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.RUNNING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.get_kind_display()}: {self.asked_at:%Y-%m-%d}"


class BatchItem(models.Model):
    """One report of a batch. `attempts` counts the times a worker took it on."""

    batch = models.ForeignKey(ReportBatch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    assessment = models.ForeignKey("checklist.Assessment", null=True, on_delete=models.CASCADE, related_name="+")
    proposal = models.ForeignKey("proposals.Proposal", null=True, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    report = models.ForeignKey(IssuedReport, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="batch_item_once")]
        indexes = [models.Index(fields=["batch", "state", "position"], name="batch_item_state")]

    def __str__(self):
        return f"{self.position}: {self.state}"


class Letterhead(models.Model):
    """How reports and letters of one round look; the row without a round is the default of the house."""

    round = models.OneToOneField(
        "proposals.FundingRound", null=True, blank=True, on_delete=models.CASCADE, related_name="letterhead"
    )
    name = models.CharField(_("name of the donor"), max_length=200, blank=True)
    logo = models.FileField(_("logo"), upload_to=storage_name, max_length=120, blank=True)
    logo_media_type = models.CharField(max_length=40, blank=True)
    logo_description = models.CharField(_("what the logo shows"), max_length=200, blank=True)
    colour = models.CharField(_("colour of headings and lines"), max_length=7, blank=True, validators=[COLOUR])
    address = models.TextField(_("address lines"), blank=True)
    footer = models.CharField(_("line at the foot"), max_length=300, blank=True)
    paper = models.CharField(_("paper"), max_length=6, choices=[("a4", _("A4")), ("letter", _("Letter"))], default="a4")

    def __str__(self):
        return self.name


class LetterText(models.Model):
    """The wording of one kind of letter in one round and language, with places to fill in."""

    round = models.ForeignKey("proposals.FundingRound", on_delete=models.CASCADE, related_name="letter_texts")
    # "questions", or "decision" with the outcome: "decision/fund".
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "kind", "language"], name="letter_text_once")]

    def __str__(self):
        return f"{self.kind} {self.language}"


class FeedbackText(models.Model):
    """What an applicant is told of the findings, as the officer worded it: one line per point.

    Without it, feedback holds the titles of criteria and the findings alone: reviewers' words never leave
    the house unless the officer wrote them here.
    """

    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.CASCADE, related_name="feedback_texts")
    language = models.CharField(max_length=10, default="en")
    strengths = models.TextField(_("what was found strong"), blank=True)
    weaknesses = models.TextField(_("what was found weak"), blank=True)
    advice = models.TextField(_("what we advise"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "language"], name="feedback_text_once")]

    def __str__(self):
        return f"{self.proposal}: {self.language}"


class Redaction(models.Model):
    """Words that do not leave the house, in reports on one proposal or on a whole round.

    They were found by the check or chosen by hand.
    """

    proposal = models.ForeignKey("proposals.Proposal", null=True, on_delete=models.CASCADE, related_name="redactions")
    # Set where the words stand in a report on the round, and `proposal` is not.
    round = models.ForeignKey("proposals.FundingRound", null=True, on_delete=models.CASCADE, related_name="redactions")
    text = models.CharField(_("words to leave out"), max_length=300)
    # What kind of finding it was, one of `sensitive.KINDS`.
    kind = models.CharField(max_length=20)
    # False: somebody looked at it and lets it stand.
    is_hidden = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "text"], name="redaction_once"),
            models.UniqueConstraint(fields=["round", "text"], name="redaction_once_in_round"),
            models.CheckConstraint(
                condition=models.Q(proposal__isnull=False, round__isnull=True)
                | models.Q(proposal__isnull=True, round__isnull=False),
                name="redaction_of_proposal_or_round",
            ),
        ]

    def __str__(self):
        return self.kind


class ColumnChoice(models.Model):
    """Columns of an export that somebody wanted to keep under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="column_choices")
    name = models.CharField(_("name"), max_length=80)
    shape = models.CharField(max_length=10)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "shape", "name"], name="column_choice_once")]

    def __str__(self):
        return self.name
