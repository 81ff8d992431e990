"""Received files and their pages."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proposals.enums import DocumentKind, ReadingState
from proposals.querysets import DocumentQuerySet

from .proposals import Proposal


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

    @property
    def is_spreadsheet(self):
        return self.media_type.endswith("spreadsheetml.sheet")

    @property
    def length_in_words(self):
        """ "12 pages", "3 sheets", "5 parts"; "" while nobody has counted."""
        if self.page_count is None:
            return ""
        if self.is_pdf:
            words = ngettext("%(n)s page", "%(n)s pages", self.page_count)
        elif self.is_spreadsheet:
            words = ngettext("%(n)s sheet", "%(n)s sheets", self.page_count)
        else:
            words = ngettext("%(n)s part", "%(n)s parts", self.page_count)
        return words % {"n": self.page_count}


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
