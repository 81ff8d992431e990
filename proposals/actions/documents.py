"""Changes to documents: receive, remove, read, download."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import audit, jobs

from .. import rules
from ..enums import DocumentKind, ReadingState
from ..models import Document, DocumentPage


class CannotChangeDocuments(Exception):
    """This person may not add or remove documents of the proposal."""


class AlreadyReceived(Exception):
    """The proposal already has a document with exactly this content."""


class ReasonMissing(Exception):
    """A document is removed only with a reason."""


@dataclass(frozen=True)
class Received:
    """What became of several files: the documents added, and (name, reason) for the others."""

    added: tuple[Document, ...]
    refused: tuple[tuple[str, str], ...]


def add_document(*, proposal, upload, kind, by):
    """Keep one file of `document_checks.check_file` and ask for its pages to be made; the Document."""
    if not rules.can_add_document(by, proposal):
        raise CannotChangeDocuments(_("You may not add documents to this proposal."))
    twin = proposal.documents.kept().filter(sha256=upload.sha256).first()
    if twin:
        raise AlreadyReceived(_("This file is already here, as “%(name)s”.") % {"name": twin.name})
    document = Document(
        proposal=proposal,
        kind=DocumentKind(kind),
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        page_count=upload.page_count,
        added_by=by,
    )
    upload.file.seek(0)
    document.file.save("document", upload.file, save=False)
    with _file_only_if_kept(document.file), transaction.atomic():
        try:
            with transaction.atomic():
                document.save()
        except IntegrityError as problem:
            raise AlreadyReceived(_("This file is already here.")) from problem
        facts = {"name": document.name, "kind": document.kind, "size": document.size, "sha256": document.sha256}
        _record("document_added", document, by, after=facts)
        _ask_for_pages(document, by)
    return document


def add_documents(*, proposal, uploads, kind, by):
    """Keep several files, each on its own: one that is already here does not stop the others."""
    added, refused = [], []
    for upload in uploads:
        try:
            added.append(add_document(proposal=proposal, upload=upload, kind=kind, by=by))
        except AlreadyReceived as problem:
            refused.append((upload.name, str(problem)))
    return Received(tuple(added), tuple(refused))


@transaction.atomic
def remove_document(*, document, reason, by):
    """Hide a document from everybody. The file stays, because judgements may rest on it."""
    if not rules.can_add_document(by, document.proposal):
        raise CannotChangeDocuments(_("You may not remove documents of this proposal."))
    if not reason.strip():
        raise ReasonMissing(_("Say why the document is removed."))
    now = timezone.now()
    changed = Document.objects.kept().filter(pk=document.pk).update(removed_at=now, removed_by=by)
    document.removed_at, document.removed_by = now, by
    if changed:
        _record("document_removed", document, by, before={"name": document.name}, note=reason.strip())
    return document


def record_download(*, document, by):
    """Put into the audit trail that this person took the original file."""
    return _record("document_downloaded", document, by)


# -- Reading: called by the job -------------------------------------------------------------


@transaction.atomic
def ask_for_reading(*, document, by):
    """Try once more to make the pages of a document that could not be read."""
    if not rules.can_add_document(by, document.proposal):
        raise CannotChangeDocuments(_("You may not change documents of this proposal."))
    Document.objects.filter(pk=document.pk, reading=ReadingState.FAILED).update(
        reading=ReadingState.WAITING, reading_error=""
    )
    document.reading, document.reading_error = ReadingState.WAITING, ""
    _ask_for_pages(document, by)
    return document


def begin_reading(*, document):
    """Remove what an earlier attempt left behind, pictures included."""
    for page in document.pages.exclude(picture="").only("picture"):
        page.picture.delete(save=False)
    document.pages.all().delete()


def add_pages(*, document, pages):
    """Keep some pages that were read (`document_reading.ReadPage`)."""
    rows = []
    for page in pages:
        row = DocumentPage(
            document=document,
            number=page.number,
            title=page.title,
            text=page.text,
            width=page.width,
            height=page.height,
        )
        if page.picture:
            with page.picture.open("rb") as picture:
                row.picture.save("", File(picture), save=False)
            page.picture.unlink()
        rows.append(row)
    return DocumentPage.objects.bulk_create(rows)


@transaction.atomic
def finish_reading(*, document, page_count):
    document.reading, document.reading_error = ReadingState.READY, ""
    document.page_count = page_count
    document.save(update_fields=["reading", "reading_error", "page_count"])
    _record("document_read", document, None, after={"pages": page_count})


def fail_reading(*, document, reason):
    """The document stays and can be downloaded; `reason` is an English sentence marked for translation."""
    document.reading, document.reading_error = ReadingState.FAILED, reason[:300]
    document.save(update_fields=["reading", "reading_error"])


def _ask_for_pages(document, by):
    key = f"proposals.read_document:{document.pk}"
    jobs.enqueue(kind="proposals.read_document", subject=document, key=key, by=by)


@contextmanager
def _file_only_if_kept(file):
    """No file stays behind in the store when the row does not come to be."""
    try:
        yield
    except BaseException:
        file.delete(save=False)
        raise


def _record(event, document, by, **what):
    proposal = document.proposal
    return audit.record(event, document, by=by, thread=proposal.thread, round_id=proposal.round_id, **what)
