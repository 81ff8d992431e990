"""What a reviewer brings and her ties: her own page, and the officer's page of a reviewer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from checklist.actions.reviewers import CannotChangeProfile, Tie, declare_tie, remove_tie, set_skills
from checklist.forms.reviewers import SkillsForm, TieForm
from checklist.selectors.reviewers import organisations_offered, skills_of, ties_of
from proposals import rules as proposal_rules
from proposals.views.loading import load_round
from screening.models import User


@login_required
def own_profile(request):
    """What I know well, and my ties."""
    return _profile(request, request.user, "checklist:own-profile", [], {"is_own": True})


@login_required
def reviewer_profile(request, reference, pk):
    """The same for a person with a role in the round, kept by its officer."""
    round_ = load_round(request, reference, needs=proposal_rules.can_assign_reviewers)
    person = get_object_or_404(User.objects.filter(grants__round=round_).distinct(), pk=pk)
    place = [round_.reference, person.pk]
    return _profile(request, person, "checklist:reviewer-profile", place, {"is_own": False, "round": round_})


def _profile(request, person, name, place, more):
    step = request.POST.get("step", "")
    is_own = more["is_own"]
    if "take" in request.POST:
        tie = get_object_or_404(person.ties.select_related("organisation", "user"), pk=request.POST["take"])
        remove_tie(tie=tie, by=request.user)
        messages.success(request, _("The tie is taken back. What was found because of it stays until it is decided."))
        return redirect(name, *place)
    skills = SkillsForm(
        request.POST if step == "skills" else None, skills=skills_of([person])[person.pk], is_own=is_own
    )
    tie = TieForm(request.POST if step == "tie" else None)
    if step == "skills" and skills.is_valid() and _saved_skills(request, person, skills):
        return redirect(name, *place)
    if step == "tie" and tie.is_valid() and _saved_tie(request, person, tie):
        return redirect(name, *place)
    context = {
        **more,
        "person": person,
        "skills_form": skills,
        "tie_form": tie,
        "ties": ties_of(person),
        "offered": organisations_offered(request.user),
    }
    return render(request, "checklist/reviewer_profile.html", context)


def _saved_skills(request, person, form):
    try:
        set_skills(user=person, skills=form.skills(), by=request.user)
    except CannotChangeProfile as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    messages.success(request, _("Saved. Proposals that fit are offered first."))
    return True


def _saved_tie(request, person, form):
    try:
        declare_tie(user=person, tie=Tie(**form.cleaned_data), by=request.user)
    except CannotChangeProfile as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    messages.success(request, _("The tie is on record and is compared with every proposal."))
    return True
