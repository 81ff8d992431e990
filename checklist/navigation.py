"""The entries of the frame's navigation: only what this person may see."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from checklist.report_rules import can_change_house_letterhead
from checklist.rules import (
    can_follow_panel,
    can_keep_organisations,
    can_prepare_practice,
    can_see_agreement,
    can_see_decisions,
    can_see_questions_in_round,
    can_see_ranking,
    can_send_messages,
)
from proposals import rules
from proposals.selectors import rounds_seen_by
from screening.roles import has_system_permission

from .enums import VersionState
from .models import InstrumentVersion

MOST_DRAFTS = 5


def navigation(request):
    """Rounds to switch between, the current one, and the groups of links for it.

    `nav` is a list of (heading, [entry]); an entry is a dict with label, url, icon, current. `list` is the entry
    that leads to the proposals of the round, all or her own; None where there is none.
    """
    user = request.user
    rounds = rounds_seen_by(user)
    current = getattr(request, "round", None) or (rounds[0] if len(rounds) == 1 else None)
    groups = [(_("For me"), [_entry(request, _("Home"), "checklist:home", "home")])]
    if current:
        groups.append((current.reference, list(_round_entries(request, user, current))))
    if has_system_permission(user, "edit_instruments"):
        groups.append((_("Drafts of instruments"), list(_draft_entries(request))))
    groups.append((_("Everywhere"), list(_system_entries(request, user))))
    return {
        "rounds": rounds,
        "current_round": current,
        "list": _way_to_proposals(current, groups),
        "nav": [(title, items) for title, items in groups if items],
        # Counted when she was loaded; somebody who signs in on this very page was not.
        "unread": getattr(user, "unread_notices", 0),
    }


def _way_to_proposals(current, groups):
    """The entry of the list by which this person reaches the proposals of the round, or None."""
    if current is None:
        return None
    lists = [_url(name, current.reference) for name in ("checklist:proposal-list", "checklist:my-reviews")]
    return next((entry for _title, items in groups for entry in items if entry["url"] in lists), None)


def _round_entries(request, user, round_):
    ref = round_.reference
    yield _entry(request, _("Overview"), "checklist:round-detail", "calendar", ref)
    if rules.can_see_proposals(user, round_):
        yield _entry(request, _("Proposals"), "checklist:proposal-list", "inbox", ref)
    if rules.can_import_proposals(user, round_):
        yield _entry(request, _("Import"), "proposals:import-list", "upload", ref)
    if rules.can_see_proposals(user, round_):
        yield _entry(request, _("Eligibility"), "checklist:eligibility-list", "check", ref)
    if rules.can_see_assignments(user, round_):
        yield _entry(request, _("Review"), "checklist:assignment-list", "review", ref)
    elif "reviewer" in rules.roles_in(user, round_):
        yield _entry(request, _("My reviews"), "checklist:my-reviews", "review", ref)
    if can_prepare_practice(user, round_):
        yield _entry(request, _("Practice"), "checklist:round-practice", "edit", ref)
    yield from _panel_entries(request, user, round_)
    if rules.can_export(user, round_):
        yield _entry(request, _("Reports"), "checklist:round-reports", "report", ref)
    if can_send_messages(user, round_):
        yield _message_entry(request, ref)
    if rules.can_change_round(user, round_):
        yield _setup_entry(request, ref)
    if rules.can_grant_roles(user, round_):
        yield _entry(request, _("People in this round"), "checklist:round-people", "user", ref)


def _panel_entries(request, user, round_):
    """From what reviewers say to what the funder decides."""
    ref = round_.reference
    if can_follow_panel(user, round_):
        yield _entry(request, _("Panel"), "checklist:round-panel", "panel", ref)
    if can_see_questions_in_round(user, round_):
        yield _entry(request, _("Questions"), "checklist:question-list", "question", ref)
    if can_see_agreement(user, round_):
        yield _entry(request, _("Agreement"), "checklist:round-agreement", "agreement", ref)
    if can_see_ranking(user, round_):
        yield _entry(request, _("Ranking"), "checklist:round-ranking", "ranking", ref)
    if can_see_decisions(user, round_):
        yield _decision_entry(request, ref)


def _draft_entries(request):
    """What is being written, the newest first, so that an editor is one step away from her work."""
    drafts = InstrumentVersion.objects.filter(state=VersionState.DRAFT).select_related("instrument")
    for draft in drafts.order_by("-created_at", "-pk")[:MOST_DRAFTS]:
        args = draft.instrument.slug, draft.number
        entry = _entry(request, draft.short_title or draft.title, "checklist:draft-edit", "edit", *args)
        yield {**entry, "current": request.path.startswith(entry["url"])}


def _setup_entry(request, ref):
    entry = _entry(request, _("Set-up"), "checklist:round-setup", "setup", ref)
    # The address leads on to one of the steps below it.
    return {**entry, "current": request.path.startswith(entry["url"])}


def _decision_entry(request, ref):
    entry = _entry(request, _("Decisions"), "checklist:decision-list", "decision", ref)
    # Applying, many at once and the reserve list stand below it.
    return {**entry, "current": request.path.startswith(entry["url"])}


def _message_entry(request, ref):
    entry = _entry(request, _("Messages"), "checklist:message-list", "mail", ref)
    return {**entry, "current": request.path.startswith(entry["url"])}


def _system_entries(request, user):
    yield _entry(request, _("All rounds"), "checklist:round-list", "calendar")
    yield _entry(request, _("Instruments"), "checklist:instrument-list", "document")
    if rules.can_see_people(user):
        yield _entry(request, _("People"), "screening:user-list", "user")
    if can_keep_organisations(user):
        yield _entry(request, _("Organisations"), "checklist:organisation-list", "document")
    if has_system_permission(user, "see_history"):
        yield _entry(request, _("Audit trail"), "checklist:audit-list", "history")
    if can_change_house_letterhead(user):
        yield _entry(request, _("Letterhead"), "checklist:house-letterhead", "document")
    yield _entry(request, _("Verify a report"), "checklist:verify", "check")


def _entry(request, label, name, icon, *args):
    url = _url(name, *args)
    return {"label": label, "url": url, "icon": icon, "current": request.path == url}


@lru_cache(maxsize=2048)
def _url(name, *args):
    return reverse(name, args=args)
