"""How the pages of the studio are entered, and the frame that all pages of one draft share."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from checklist import rules
from checklist.enums import VersionState
from checklist.models import InstrumentVersion


def load_draft(request, slug, number, *, edit=True):
    """The draft with its instrument. 404 for whoever may not know of drafts, 403 for whoever may only look.

    A version that is no longer a draft is not found here; `edit=False` admits those who look.
    """
    version = load_version(request, slug, number)
    if version.state != VersionState.DRAFT:
        raise Http404
    if edit and not rules.can_edit_instruments(request.user):
        raise PermissionDenied
    return version


def load_version(request, slug, number):
    """A version in any state that this person may see, with its instrument; else a 404."""
    version = (
        InstrumentVersion.objects.select_related("instrument", "based_on")
        .filter(instrument__slug=slug, number=number)
        .first()
    )
    if version is None or not rules.can_see_version(request.user, version):
        raise Http404
    return version


def draft_tabs(version, current):
    """The pages of one draft, for the `tabs` component. `current` is the name of the one shown."""
    pages = (
        ("draft-edit", _("Questions")),
        ("draft-languages", _("Languages")),
        ("version-try", _("Try")),
        ("version-check", _("Check")),
        ("version-compare", _("Compare")),
        ("version-publish", _("Publish")),
        ("draft-history", _("History")),
    )
    args = [version.instrument.slug, version.number]
    return [
        {"label": label, "url": reverse(f"checklist:{name}", args=args), "current": name == current, "count": None}
        for name, label in pages
    ]
