"""People, one's own settings and kept views of lists, and the gallery of components."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import gallery
from .actions import (
    CannotChangeUser,
    CannotCreateUser,
    CannotKeepView,
    change_own_settings,
    change_user,
    create_user,
    keep_view,
    remove_view,
)
from .enums import SystemRole
from .models import SavedView, User
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
@require_POST
def view_keep(request):
    """Keep the list that is shown under a name, and go back to it."""
    query = request.POST.get("query", "")[:1000]
    try:
        view = keep_view(
            page=request.POST.get("page", "")[:120],
            name=request.POST.get("name", "")[:80],
            query=query,
            by=request.user,
        )
    except CannotKeepView as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(_back(request, query))


@login_required
@require_POST
def view_remove(request, pk):
    """Forget a kept view of one's own, and go back to the list."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    remove_view(view=view, by=request.user)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect(_back(request, request.POST.get("query", "")))


def _back(request, query):
    """The page the form stood on, with what was shown there; home where that is no address of this site."""
    path = request.POST.get("back", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return f"{path}?{query}" if is_ours and query else path if is_ours else "/"


@login_required
def components(request):
    """Every component in every state, for those who look after the look."""
    if SystemRole.ADMINISTRATOR not in request.user.system_roles:
        raise PermissionDenied
    return render(request, "screening/components.html", gallery.samples())
