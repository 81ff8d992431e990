"""The places in the documents that an answer points to, as rows of the assessment form."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .criterion_html import frame_of


def evidence_html(form_view, place, said):
    """The rows of evidence, and an empty one to fill in."""
    names = {each.pk: each.name for each in form_view.draft.documents}
    kept = {each.document_pk: each.document_name for each in place.stored.evidence if each.document_pk}
    frame = frame_of("checklist/_evidence_row.html")
    rows = []
    for index, pointer in enumerate((*said.evidence, None)):
        document_pk = pointer.document_pk if pointer else None
        # A document that was removed since stays where it was pointed to.
        offered = (
            names if document_pk in names or not document_pk else {**names, document_pk: kept.get(document_pk, "")}
        )
        rows.append(
            frame.fill(
                {
                    "name": f"c{place.criterion.pk}",
                    "documents": _options(get_language(), tuple(offered.items()), document_pk),
                    "page": pointer.page if pointer else "",
                    "quote": pointer.quote if pointer else "",
                    "number": f"{place.criterion.pk}:{index}",
                    "url": form_view.save_url(place),
                }
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 - from a template


@lru_cache(maxsize=1024)
def _options(_language, names, chosen):
    none = format_html('<option value="">{}</option>', _("The application as a whole"))
    rows = ((pk, SafeString(" selected" if pk == chosen else ""), name) for pk, name in names)
    return none + format_html_join("", '<option value="{}"{}>{}</option>', rows)
