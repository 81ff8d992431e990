"""The pages that belong to one version, as tabs; for a draft they are those on which it is made."""

from django.urls import reverse
from django.utils.translation import gettext as _

from checklist import rules
from checklist.enums import VersionState

from .loading import draft_tabs


def version_tabs(user, version, current):
    """The pages of one version that this person may see, for the `tabs` component."""
    if version.state == VersionState.DRAFT:
        return draft_tabs(version, current)
    args = [version.instrument.slug, version.number]
    pages = [
        (_("Read"), "version-detail", args),
        (_("Try"), "version-try", args),
        (_("Compare"), "version-compare", args),
        (_("Results over time"), "results-over-time", args[:1]),
    ]
    if rules.can_see_drafts(user):
        pages.insert(2, (_("Check"), "version-check", args))
    return [
        {"label": label, "url": reverse(f"checklist:{name}", args=values), "current": name == current, "count": None}
        for label, name, values in pages
    ]
