"""People, one's own settings, and the gallery of components."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import gallery
from .actions import CannotChangeUser, CannotCreateUser, change_own_settings, change_user, create_user
from .enums import SystemRole
from .models import User
from .roles import SYSTEM_ROLES, has_system_permission
from .user_forms import NewUserForm, SettingsForm, UserForm


def _require(user, *permissions):
    if not any(has_system_permission(user, permission) for permission in permissions):
        raise PermissionDenied


@login_required
def user_list(request):
    _require(request.user, "manage_people", "see_people")
    people = User.objects.annotate(round_count=Count("grants__round", distinct=True)).order_by("name", "pk")
    wanted = request.GET.get("q", "").strip()
    if wanted:
        people = people.filter(name__icontains=wanted) | people.filter(email__icontains=wanted)
    context = {
        "people": people,
        "wanted": wanted,
        "can_manage": has_system_permission(request.user, "manage_people"),
        "system_roles": SYSTEM_ROLES.values(),
    }
    return render(request, "screening/user_list.html", context)


@login_required
def user_add(request):
    _require(request.user, "manage_people")
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_user(**form.cleaned_data, by=request.user)
        except CannotCreateUser as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s can sign in now. Give a role in a round next.") % {"name": user})
            return redirect("screening:user-list")
    return render(request, "screening/user_form.html", {"form": form})


@login_required
def user_edit(request, pk):
    _require(request.user, "manage_people")
    person = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            change_user(user=person, by=request.user, **form.cleaned_data)
        except CannotChangeUser as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": person})
            return redirect("screening:user-list")
    return render(request, "screening/user_form.html", {"form": form, "person": User.objects.get(pk=pk)})


@login_required
def own_settings(request):
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        change_own_settings(user=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("screening:settings")
    return render(request, "screening/settings.html", {"form": form})


@login_required
@require_POST
def shortcuts_switch(request):
    """Switch the keyboard shortcuts of the assessment form on or off; answers nothing."""
    user = request.user
    change_own_settings(
        user=user, by=user, language=user.language, theme=user.theme, has_shortcuts=request.POST.get("on") == "1"
    )
    return redirect("screening:settings")


@login_required
def components(request):
    """Every component in every state, for those who look after the look."""
    if SystemRole.ADMINISTRATOR not in request.user.system_roles:
        raise PermissionDenied
    return render(request, "screening/components.html", gallery.samples())
