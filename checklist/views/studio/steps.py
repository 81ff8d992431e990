"""The steps in which a draft was made."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from checklist import paths
from checklist.rules import can_edit_instruments
from checklist.selectors.draft_content import flat
from checklist.selectors.draft_steps import both_sides

from .loading import load_draft
from .pages import frame, numbers_of, step_words

PER_PAGE = 50


@login_required
@require_safe
def draft_history(request, slug, number):
    """Who changed what, when, before and after; also for those who may only look."""
    version = load_draft(request, slug, number, edit=False)
    numbers = numbers_of(version)
    steps = version.edits.select_related("by", "undone_by").order_by("-number")
    page = Paginator(steps, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, version, "draft-history"),
        "may_edit": can_edit_instruments(request.user),
        "page": page,
        "entries": [
            {
                "step": step,
                "words": capfirst(step_words(step, numbers)),
                "by": step.by or _("somebody"),
                "changes": list(_changes(step, numbers)),
            }
            for step in page
        ],
    }
    return render(request, "checklist/studio/history.html", context)


def _changes(step, numbers):
    """(place, before, after) in words, a whole item taken apart into its texts."""
    before, after = (
        {key: text for path, value in side.items() for key, text in flat(path, value).items()}
        for side in both_sides(step)
    )
    for path in dict.fromkeys([*before, *after]):
        if before.get(path) != after.get(path):
            yield capfirst(paths.label(path, numbers)), _said(before.get(path)), _said(after.get(path))


def _said(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else value
