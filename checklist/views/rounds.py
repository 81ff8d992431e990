"""Pages of a funding round: list, overview, people. Its set-up is in `setup.py`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.actions.rounds import take_role
from checklist.rules import can_prepare_practice
from checklist.selectors.instruments import pinned_versions, sheet
from checklist.selectors.practice import practice_rows
from checklist.selectors.readiness import findings_of
from checklist.selectors.rounds import overview
from proposals import rules
from proposals.actions.rounds import CannotChangeRoles, grant_role
from proposals.enums import RoundPhase
from proposals.forms.rounds import GrantForm
from proposals.models import FundingRound, RoleGrant
from proposals.selectors import phase_of
from proposals.views.loading import load_round
from screening.roles import ROUND_ROLES, has_system_permission
from screening.row_ids import row_id

from .setup import steps_frame, with_places


@login_required
def round_list(request):
    rounds = (
        FundingRound.objects.visible_to(request.user)
        .annotate(proposal_count=Count("proposals", filter=Q(proposals__is_practice=False), distinct=True))
        .order_by("-created_at", "pk")
    )
    context = {"rounds": rounds, "can_open_round": rules.can_open_round(request.user)}
    return render(request, "checklist/round_list.html", context)


@login_required
def round_detail(request, reference):
    round_ = load_round(request, reference)
    can_change_round = rules.can_change_round(request.user, round_)
    findings = findings_of(round_) if can_change_round else []
    context = {
        "round": round_,
        "phase": RoundPhase(phase_of(round_, timezone.localdate())).label,
        "overview": overview(round_, request.user),
        "can_change_round": can_change_round,
        "missing": with_places(round_, (each for each in findings if each.is_missing)),
        "doubtful_count": sum(not each.is_missing for each in findings),
        "practice": practice_rows(round_, request.user, timezone.localdate())
        if can_prepare_practice(request.user, round_)
        else [],
        "can_import": rules.can_import_proposals(request.user, round_),
        "can_assign": rules.can_assign_reviewers(request.user, round_),
        "can_grant_roles": rules.can_grant_roles(request.user, round_),
        "can_see_proposals": rules.can_see_proposals(request.user, round_),
        "sheets": [sheet(pk, request.user.language) for pk in pinned_versions(round_)],
    }
    return render(request, "checklist/round_detail.html", context)


@login_required
def round_people(request, reference):
    round_ = load_round(request, reference, needs=rules.can_grant_roles)
    form = GrantForm(request.POST if request.method == "POST" and "take" not in request.POST else None)
    if request.method == "POST" and "take" in request.POST:
        grant = get_object_or_404(RoleGrant, pk=row_id(request.POST["take"]), round=round_)
        try:
            take_role(grant=grant, by=request.user)
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
    context = steps_frame(round_, "people") | {
        "form": form,
        "grants": grants,
        "roles": ROUND_ROLES.values(),
        "can_add_people": has_system_permission(request.user, "manage_people"),
        "can_assign": rules.can_assign_reviewers(request.user, round_),
    }
    return render(request, "checklist/round_people.html", context)


def _open_in(round_):
    """Assignments of the round that are still waiting for the reviewer."""
    own = Q(user__assignments__proposal__round=round_, user__assignments__state__in=("assigned", "declared"))
    return own & ~Q(user__assignments__assessment__state="submitted")
