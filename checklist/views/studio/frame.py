"""The pages that belong to one version, as tabs; for a draft they are those on which it is made."""

from django.urls import reverse
from django.utils.translation import gettext as _

from checklist import rules
from checklist.enums import VersionState

from .loading import draft_tabs


def version_tabs(user, version, current):
    """The pages of one version that this person may see, for the `tabs` component."""
    is_draft = version.state == VersionState.DRAFT
    if is_draft and rules.can_edit_instruments(user):
        return draft_tabs(version, current)
    args = [version.instrument.slug, version.number]
    pages = [(_("Read"), "version-detail", args), (_("Try"), "version-try", args)]
    if rules.can_see_drafts(user):
        pages.append((_("Check"), "version-check", args))
    pages.append((_("Compare"), "version-compare", args))
    if is_draft:
        pages.append((_("History"), "draft-history", args))
    else:
        pages.append((_("Results over time"), "results-over-time", args[:1]))
    return [
        {"label": label, "url": reverse(f"checklist:{name}", args=values), "current": name == current, "count": None}
        for label, name, values in pages
    ]
