"""Versions in use: retiring, removing, moving a running round on, results of several versions side by side."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from checklist import rules
from checklist.actions.moving import CannotMove, move_to_newer
from checklist.actions.publishing import CannotRemoveDraft, CannotRetireVersion, remove_draft, retire_version
from checklist.enums import VersionState
from checklist.models import Instrument
from checklist.selectors.moving import move_plan, newer_versions, rule_label
from checklist.selectors.over_time import results_over_time
from proposals import rules as round_rules
from proposals.models import FundingRound
from proposals.views.loading import load_round

from .frame import version_tabs
from .loading import load_version
from .over_time_words import over_time_table


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_retire(request, slug, number):
    """Which rounds have the version, and that they keep it; posting retires it."""
    version = _load_to_edit(request, slug, number)
    if request.method == "POST":
        try:
            retire_version(version=version, by=request.user)
        except CannotRetireVersion as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Retired: %(version)s. No new round can take it.") % {"version": version})
        return redirect(version)
    # The rounds themselves are for those who may see them.
    visible = FundingRound.objects.visible_to(request.user).filter(instruments__version=version).order_by("reference")
    context = {
        "version": version,
        "is_published": version.state == VersionState.PUBLISHED,
        "rounds": visible,
        "round_count": version.round_pins.count(),
        "assessment_count": version.assessments.count(),
    }
    return render(request, "checklist/studio/retire.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_remove(request, slug, number):
    """What goes with a draft; posting removes it. What was published is never removed, and the page says so."""
    version = _load_to_edit(request, slug, number)
    if request.method == "POST":
        try:
            remove_draft(version=version, by=request.user)
        except CannotRemoveDraft as refusal:
            messages.error(request, str(refusal))
            return redirect("checklist:version-remove", slug, number)
        messages.success(request, _("The draft is removed."))
        return redirect("checklist:instrument-list")
    context = {
        "version": version,
        "is_draft": version.state == VersionState.DRAFT,
        "criteria_count": version.criteria.count(),
        "edit_count": version.edits.count(),
    }
    return render(request, "checklist/studio/remove.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def round_newer(request, reference):
    """Newer versions for a running round: who has begun, who has not; posting moves those who have not."""
    round_ = _load_round(request, reference)
    offers = newer_versions(round_)
    asked = request.POST.get("to") or request.GET.get("to", "")
    offer = next((each for each in offers if asked == f"{each.pinned.pk}-{each.newer.pk}"), None)
    if asked and offer is None:
        raise Http404
    offer = offer or (offers[0] if len(offers) == 1 else None)
    if request.method == "POST" and offer:
        try:
            moved = move_to_newer(round_=round_, pinned=offer.pinned, newer=offer.newer, by=request.user)
        except CannotMove as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext(
                "The round uses %(version)s now. %(n)s assessment was moved.",
                "The round uses %(version)s now. %(n)s assessments were moved.",
                moved,
            )
            messages.success(request, said % {"version": offer.newer, "n": moved})
        return redirect("checklist:round-newer", reference)
    plan = move_plan(round_, offer.pinned, offer.newer, request.user) if offer else None
    context = {
        "round": round_,
        "offers": offers,
        "offer": offer,
        "plan": plan,
        "rules_kept": [(rule.criterion, rule_label(rule), key) for rule, key in plan.rules_kept] if plan else [],
        "rules_lost": [(rule.criterion, rule_label(rule)) for rule in plan.rules_lost] if plan else [],
        "can_see_round": round_rules.can_see_round(request.user, round_),
        "can_change_round": round_rules.can_change_round(request.user, round_),
    }
    return render(request, "checklist/studio/newer.html", context)


@login_required
@require_safe
def instrument_results(request, slug):
    """Results of every version and round side by side, where the tables of comparability allow it."""
    instrument = get_object_or_404(Instrument, slug=slug)
    versions = [version for version in instrument.versions.order_by("-number") if version.state != VersionState.DRAFT]
    if not versions:
        raise Http404
    version = versions[0]
    version.instrument = instrument
    table = over_time_table(results_over_time(instrument, request.user))
    context = {
        "instrument": instrument,
        "version": version,
        "tabs": version_tabs(request.user, version, "results-over-time"),
        "table": table,
    }
    return render(request, "checklist/studio/results_over_time.html", context)


def _load_to_edit(request, slug, number):
    version = load_version(request, slug, number)
    if not rules.can_edit_instruments(request.user):
        raise PermissionDenied
    return version


def _load_round(request, reference):
    """For whoever may change the round; for instrument editors too, who see figures and no names."""
    if not rules.can_edit_instruments(request.user):
        return load_round(request, reference, needs=round_rules.can_change_round)
    round_ = get_object_or_404(FundingRound, reference=reference)
    if round_rules.can_see_round(request.user, round_):
        request.round = round_
    return round_
