"""Background work on what was received. Safe to run twice."""

import logging
import tempfile
from itertools import islice

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from screening.jobs import MAX_ATTEMPTS, JobRefused

from . import document_reading
from .actions import documents as actions
from .actions import rounds
from .document_checks import KINDS
from .enums import ReadingState
from .models import Document

# Pages written to the database at once: few enough to show progress and to keep memory flat.
PAGES_AT_ONCE = 10
BROKEN_OFF = _("Preparing the pages was broken off several times.")
WENT_WRONG = _("Something went wrong while the pages were prepared. It is in the log.")

logger = logging.getLogger(__name__)


def follow_dates():
    """Note which phases have opened and closed; the worker asks again and again."""
    rounds.follow_dates(today=timezone.localdate())


def handle_read_document(job):
    """Make text and page pictures of one document.

    Whatever happens, the document ends as ready or failed: nobody waits for ever.
    """
    document = Document.objects.select_related("proposal").filter(pk=job.subject_id).first()
    if document is None:
        raise JobRefused(_("The document is gone."))
    if document.reading == ReadingState.READY:
        return
    if job.attempts + 1 >= MAX_ATTEMPTS:
        # If the worker dies this time too, nobody comes back to say so.
        actions.fail_reading(document=document, reason=BROKEN_OFF)
    try:
        _read(document)
    except document_reading.UnreadableFile as problem:
        logger.info("Document %s: %s %s", document.pk, problem.code, problem.detail)
        actions.fail_reading(document=document, reason=str(problem))
        raise JobRefused(str(problem)) from problem
    except Exception:
        actions.fail_reading(document=document, reason=WENT_WRONG)
        raise


def _read(document):
    actions.begin_reading(document=document)
    kind, count = KINDS[document.media_type], 0
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="pages-") as directory:
        pages = document_reading.read(document.file.path, kind, directory)
        while batch := list(islice(pages, PAGES_AT_ONCE)):
            actions.add_pages(document=document, pages=batch)
            count += len(batch)
    actions.finish_reading(document=document, page_count=count)
