"""What the worker noted of a report when it gathered it, so that its page need not gather it again.

The report on a round takes seconds to gather. Its page shows a title, whether the PDF of the state as it is
was made, and what cannot be printed. A state is named by the newest events of the audit trail: whatever
changes a report is on record in the same transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max, Q

from checklist.enums import ReportKind
from screening import glyphs
from screening.models import AuditEvent
from screening.pdf import engine_fingerprint

# Reports whose pages must not gather them.
LARGE = (ReportKind.ROUND,)
# Events after which the report on a round says the same: nothing of drafts stands in it.
QUIET = (
    *("signed_in", "signed_out", "sign_in_failed", "second_step_failed", "notice_settings_changed"),
    *("document_downloaded", "list_exported", "scores_exported", "instrument_exported", "dossier_exported"),
    *("view_kept", "view_removed", "columns_kept", "columns_removed"),
    *("response_saved", "evidence_added", "evidence_removed", "conclusion_saved", "reference_saved"),
    *("report_requested", "report_made", "report_downloaded", "report_issued"),
    *("batch_requested", "batch_cancelled", "batch_retried"),
    *("offline_form_made", "offline_form_read", "offline_form_refused", "offline_form_discarded"),
)
# What reports are made by, beside the engine: (folder, ending of the files).
PROGRAM = (("checklist", "py"), ("proposals", "py"), ("screening", "py"), ("templates", "html"), ("locale", "mo"))
KEPT_FOR = 30 * 24 * 3600


@dataclass(frozen=True)
class Known:
    """Of one report in one state, as one person sees it."""

    reference: str
    title: str
    content_key: str
    missing_glyphs: tuple[glyphs.MissingGlyph, ...]


def state_name(maker, subject, options, user):
    """A name for the report on a round in the state as it is now; ask before it is gathered.

    What happens in another round changes nothing in it.
    """
    loud = AuditEvent.objects.exclude(event__in=QUIET).filter(Q(round_id=subject.pk) | Q(round_id__isnull=True))
    # How many, too: a transaction can end after a later one.
    events = sorted(loud.aggregate(count=Count("pk"), newest=Max("pk")).items())
    whole = (str(maker.kind), subject.pk, options.key, user.pk, engine_fingerprint(), program_digest(), events)
    return f"report-known:{hashlib.sha256(repr(whole).encode()).hexdigest()}"


@lru_cache(maxsize=1)
def program_digest():
    """A hash of the program itself: after an upgrade the same data can make another report."""
    digest = hashlib.sha256()
    for folder, ending in PROGRAM:
        for path in sorted((settings.BASE_DIR / folder).rglob(f"*.{ending}")):
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    return digest.hexdigest()


def note(name, report, document):
    """Keep what was gathered under the name of its state, and return it."""
    found = known_of(report, document)
    cache.set(name, found, KEPT_FOR)
    return found


def known_of(report, document):
    """The same of a report that was just gathered."""
    missing = tuple(glyphs.missing_glyphs(document.html))
    return Known(report.reference, report.title, document.content_key, missing)


def known(maker, subject, options, user):
    """The Known of the state as it is, or None where nobody gathered it yet."""
    return cache.get(state_name(maker, subject, options, user))
