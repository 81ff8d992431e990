"""Saving a draft: field by field from a script, or a whole page by a button."""

from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from checklist import paths
from checklist.actions import studio
from checklist.forms.studio import UnreadableDraftForm, given_page
from checklist.selectors.studio_keys import is_out_of_order
from checklist.views.assessment_loading import wants_json
from screening.row_ids import row_id

from .loading import load_draft
from .pages import numbers_of, page_url, preview_html, saved_html, step_words, undo_html


def signed_in(view):
    """Like login_required; a script is told where to sign in, so that it can keep what was typed."""

    @wraps(view)
    def entered(request, slug, number):
        if request.user.is_authenticated:
            return view(request, slug, number)
        if wants_json(request):
            return JsonResponse({"login_url": resolve_url("account_login")}, status=401)
        return redirect_to_login(urlsplit(request.headers.get("Referer", "")).path or resolve_url("/"))

    return entered


@require_POST
@signed_in
def draft_save(request, slug, number):
    """What a page of the draft sends: its fields, and the button that was pressed."""
    try:
        version = load_draft(request, slug, number)
    except Http404:
        return _gone(request)
    at = request.POST.get("at", "")
    try:
        given = given_page(request.POST)
        outcome = studio.save_page(
            version=version,
            changes=given.changes,
            by=request.user,
            word=given.word,
            path=given.path,
            order=given.order,
        )
    except UnreadableDraftForm:
        return _refused(request, version, at, _("This could not be read. Load the page again."))
    except studio.DraftConflict as conflict:
        return _order_conflict(request, version, at, conflict)
    except (studio.CannotChangeDraft, studio.CannotUndo) as error:
        return _refused(request, version, at, str(error))
    if outcome.conflicts or outcome.refused:
        return _not_saved(request, version, at, outcome)
    if wants_json(request):
        return JsonResponse(_saved_data(request, version, given, outcome))
    return redirect(_next_address(request, version, at, given, outcome))


def _saved_data(request, version, given, outcome):
    preview = request.POST.get("preview", "")
    return {
        "values": {changed.path: changed.text for changed in outcome.changed},
        "saved": saved_html(),
        "undo": undo_html(version, request.user),
        "also": [path for changed in outcome.changed for path in changed.also],
        "preview": preview_html(version, preview) if preview else "",
        "is_out_of_order": is_out_of_order(numbers_of(version)),
    }


def _gone(request):
    """Published or removed while somebody was writing; a script keeps what she typed and stops sending it."""
    if not wants_json(request):
        raise Http404
    message = _("This is no draft any more: it was published or removed. What you typed last is not in it.")
    return JsonResponse({"message": message}, status=403)


def _refused(request, version, at, message):
    if wants_json(request):
        return JsonResponse({"message": message}, status=400)
    messages.error(request, message)
    return redirect(page_url(version, at))


def _order_conflict(request, version, at, conflict):
    """Somebody moved things meanwhile: hers stands, and the page shows it."""
    message = _("%(change)s The order now is the other one; move again if it should be different.") % {
        "change": conflict
    }
    if wants_json(request):
        return JsonResponse({"message": message, "order": conflict.theirs.split(", ")}, status=409)
    return _refused(request, version, at, message)


def _not_saved(request, version, at, outcome):
    """409 with both texts where somebody was quicker, 400 where something does not fit."""
    status = 409 if outcome.conflicts else 400
    if wants_json(request):
        if outcome.conflicts:
            conflict = outcome.conflicts[0]
            data = {"message": str(conflict), "mine": conflict.mine, "theirs": conflict.theirs}
        else:
            data = {"message": outcome.refused[0][2]}
        return JsonResponse(data, status=status)
    numbers = numbers_of(version)
    context = {
        "version": version,
        "at": at,
        "back": page_url(version, at),
        "conflicts": [(each, capfirst(paths.label(each.path, numbers))) for each in outcome.conflicts],
        "refused": [(capfirst(paths.label(path, numbers)), text, message) for path, text, message in outcome.refused],
    }
    return render(request, "checklist/studio/not_saved.html", context, status=status)


def _next_address(request, version, at, given, outcome):
    """Where the person goes on: at what she added or put back, else where she was."""
    if given.word == "save":
        messages.success(request, _("Everything on this page is saved."))
        return page_url(version, at)
    if given.word == "undo":
        numbers = numbers_of(version)
        step = version.edits.get(number=row_id(given.path)) if row_id(given.path) is not None else None
        if step:
            messages.success(request, _("Undone: %(what)s") % {"what": step_words(step, numbers)})
    place = paths.parse(outcome.path)
    exists = not place.criterion or version.criteria.filter(key=place.criterion).exists()
    if given.word == "remove" or not exists:
        return page_url(version, at if exists else "")
    if given.word in ("up", "down") and not place.sub:
        return f"{page_url(version)}#{paths.anchor(outcome.path)}"
    return paths.edit_url(version, outcome.path)
