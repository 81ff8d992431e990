"""Pages of a funding round: list, overview, set-up, instruments, people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from checklist.actions.rounds import CannotPin, open_round, pin_instruments, set_critical_rules
from checklist.forms.rounds import CriticalForm, InstrumentsForm
from checklist.selectors.instruments import critical_modes, pinned_versions, sheet
from checklist.selectors.moving import newer_versions
from checklist.selectors.rounds import overview
from proposals import rules
from proposals.actions.rounds import CannotChangeRoles, change_round, grant_role, remove_role
from proposals.forms.rounds import GrantForm, RoundForm
from proposals.models import FundingRound, RoleGrant
from proposals.views.loading import load_round
from screening.enums import RoundRole
from screening.roles import ROUND_ROLES, has_system_permission


@login_required
def round_list(request):
    rounds = (
        FundingRound.objects.visible_to(request.user)
        .annotate(proposal_count=Count("proposals", distinct=True))
        .order_by("-created_at", "pk")
    )
    context = {"rounds": rounds, "can_open_round": rules.can_open_round(request.user)}
    return render(request, "checklist/round_list.html", context)


@login_required
def round_add(request):
    if not rules.can_open_round(request.user):
        raise PermissionDenied
    is_officer = request.user.grants.filter(role=RoundRole.PROGRAMME_OFFICER).exists()
    form = RoundForm(request.POST or None, asks_for_officer=not is_officer)
    if request.method == "POST" and form.is_valid():
        officer = form.cleaned_data.get("officer") or request.user
        round_ = open_round(round_=form.save(commit=False), officer=officer, by=request.user)
        messages.success(request, _("The round is open. Next: check its instruments and name its reviewers."))
        return redirect(round_)
    return render(request, "checklist/round_form.html", {"form": form})


@login_required
def round_detail(request, reference):
    round_ = load_round(request, reference)
    context = {
        "round": round_,
        "overview": overview(round_, request.user),
        "can_change_round": rules.can_change_round(request.user, round_),
        "can_import": rules.can_import_proposals(request.user, round_),
        "can_assign": rules.can_assign_reviewers(request.user, round_),
        "can_grant_roles": rules.can_grant_roles(request.user, round_),
        "can_see_proposals": rules.can_see_proposals(request.user, round_),
        "sheets": [sheet(pk, request.user.language) for pk in pinned_versions(round_)],
    }
    return render(request, "checklist/round_detail.html", context)


@login_required
def round_edit(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    form = RoundForm(request.POST or None, instance=round_)
    if request.method == "POST" and form.is_valid():
        change_round(round_=form.save(commit=False), by=request.user)
        messages.success(request, _("The round is saved."))
        return redirect("checklist:round-detail", round_.reference)
    # After a failed validation the instance holds what was typed; the page's frame needs the stored one.
    request.round = FundingRound.objects.get(pk=round_.pk)
    return render(request, "checklist/round_form.html", {"form": form, "round": request.round})


@login_required
def round_instruments(request, reference):
    round_ = load_round(request, reference, needs=rules.can_change_round)
    sheets = [sheet(pk, request.user.language) for pk in pinned_versions(round_)]
    is_critical = request.POST.get("part") == "critical"
    posted = request.POST if request.method == "POST" else None
    instruments_form = InstrumentsForm(None if is_critical else posted, round_=round_)
    critical_form = CriticalForm(posted if is_critical else None, sheets=sheets, modes=critical_modes(round_))
    form = critical_form if is_critical else instruments_form
    if posted and form.is_valid():
        try:
            if is_critical:
                set_critical_rules(round_=round_, rules=form.rules(), by=request.user)
            else:
                pin_instruments(round_=round_, versions=form.versions(), by=request.user)
        except CannotPin as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Assessments that have begun stay as they are."))
            return redirect("checklist:round-instruments", round_.reference)
    context = {
        "round": round_,
        "instruments_form": instruments_form,
        "critical_form": critical_form,
        "sheets": sheets,
        "newer": newer_versions(round_),
    }
    return render(request, "checklist/round_instruments.html", context)


@login_required
def round_people(request, reference):
    round_ = load_round(request, reference, needs=rules.can_grant_roles)
    form = GrantForm(request.POST if request.method == "POST" and "take" not in request.POST else None)
    if request.method == "POST" and "take" in request.POST:
        grant = get_object_or_404(RoleGrant, pk=request.POST["take"], round=round_)
        try:
            remove_role(grant=grant, by=request.user)
        except CannotChangeRoles as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s no longer holds this role.") % {"name": grant.user})
        return redirect("checklist:round-people", round_.reference)
    if form.is_bound and form.is_valid():
        grant = grant_role(
            round_=round_, user=form.cleaned_data["user"], role=form.cleaned_data["role"], by=request.user
        )
        messages.success(
            request, _("%(name)s is now %(role)s.") % {"name": grant.user, "role": ROUND_ROLES[grant.role].label}
        )
        return redirect("checklist:round-people", round_.reference)
    grants = (
        round_.grants.select_related("user")
        .annotate(open_count=Count("user__assignments", filter=_open_in(round_)))
        .order_by("role", "user__name", "pk")
    )
    context = {
        "round": round_,
        "form": form,
        "grants": grants,
        "roles": ROUND_ROLES.values(),
        "can_add_people": has_system_permission(request.user, "manage_people"),
    }
    return render(request, "checklist/round_people.html", context)


def _open_in(round_):
    """Assignments of the round that are still waiting for the reviewer."""
    own = Q(user__assignments__proposal__round=round_, user__assignments__state__in=("assigned", "declared"))
    return own & ~Q(user__assignments__assessment__state="submitted")
