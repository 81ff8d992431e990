"""Changes to people. Each is one transaction with its audit event."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from . import audit
from .models import SavedView, User
from .roles import has_system_permission

AUDITED = (
    "email",
    "name",
    "organisation_name",
    "language",
    "is_active",
    "is_administrator",
    "is_auditor",
    "is_instrument_editor",
)


# More names than this nobody finds again.
MOST_VIEWS = 30


class CannotCreateUser(Exception):
    """The person cannot be added; the message says why."""


class CannotChangeUser(Exception):
    """The person cannot be changed; the message says why."""


class CannotKeepView(Exception):
    """The view of a list cannot be kept or removed; the message says why."""


@transaction.atomic
def create_user(
    *,
    email,
    name,
    password=None,
    organisation_name="",
    language="en",
    is_administrator=False,
    is_auditor=False,
    is_instrument_editor=False,
    by=None,
):
    """Add a person who can sign in and return her.

    Without a password she sets one through the "forgotten password" e-mail. Raises CannotCreateUser when the address
    is taken or the password too weak, and for whoever is no administrator; `by` is nobody on the command line.
    """
    _check_manager(by, CannotCreateUser)
    email = email.strip()
    if User.objects.filter(email__iexact=email).exists():
        raise CannotCreateUser(_("Somebody with this e-mail address is here already."))
    user = User(
        email=email,
        name=name.strip(),
        organisation_name=organisation_name.strip(),
        language=language,
        is_administrator=is_administrator,
        is_auditor=is_auditor,
        is_instrument_editor=is_instrument_editor,
    )
    _give_password(user, password)
    user.save()
    audit.record("user_created", user, by=by, after=_state(user))
    return user


def _give_password(user, password):
    if not password:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CannotCreateUser(" ".join(error.messages)) from error
    user.set_password(password)


@transaction.atomic
def change_user(*, user, by, **changes):
    """Change what is known of a person; only fields in AUDITED. The last administrator stays one.

    With a new e-mail address the old one neither signs in nor gets a new password any more. Raises CannotChangeUser,
    for whoever is no administrator too. `by` is nobody on the command line.
    """
    _check_manager(by, CannotChangeUser)
    # All administrators at once, so that two who take each other's right wait for one another.
    rows = User.objects.select_for_update().filter(Q(is_administrator=True, is_active=True) | Q(pk=user.pk))
    held = {each.pk: each for each in rows.order_by("pk")}
    before = _state(held.pop(user.pk))
    for field, value in changes.items():
        if field not in AUDITED:
            raise CannotChangeUser(_("%(field)s cannot be changed here.") % {"field": field})
        setattr(user, field, value)
    if not (user.is_administrator and user.is_active) and before["is_administrator"] and not held:
        raise CannotChangeUser(_("This is the last administrator. Make somebody else administrator first."))
    if User.objects.filter(email__iexact=user.email).exclude(pk=user.pk).exists():
        raise CannotChangeUser(_("Somebody with this e-mail address is here already."))
    user.save()
    if user.email != before["email"]:
        EmailAddress.objects.filter(user=user).delete()
    audit.record("user_changed", user, by=by, before=before, after=_state(user))
    return user


def _check_manager(by, refusal):
    if by is not None and not has_system_permission(by, "manage_people"):
        raise refusal(_("Only an administrator adds and changes people."))


@transaction.atomic
def change_own_settings(*, user, by, language, theme, has_shortcuts):
    """Set language, colours and shortcuts for oneself."""
    before = {"language": user.language, "theme": user.theme, "has_shortcuts": user.has_shortcuts}
    user.language, user.theme, user.has_shortcuts = language, theme, has_shortcuts
    user.save(update_fields=["language", "theme", "has_shortcuts"])
    after = {"language": language, "theme": theme, "has_shortcuts": has_shortcuts}
    audit.record("user_settings_changed", user, by=by, before=before, after=after)
    return user


@transaction.atomic
def record_list_export(*, subject, name, file_format, row_count, query, by, round_id=None):
    """Keep on record that somebody took a list out of the system: which, how many rows, by which filter.

    `subject` is what the list is about: a round, or the person herself for a list over everything.
    """
    after = {"file": f"{name}.{file_format}", "rows": row_count, "filter": query}
    return audit.record("list_exported", subject, by=by, round_id=round_id, after=after, label=name)


@transaction.atomic
def keep_view(*, page, name, query, by):
    """Keep filter, search and order of a list under a name, for oneself; the same name replaces the view before.

    Raises CannotKeepView without a name, and beyond MOST_VIEWS views of one list.
    """
    name = name.strip()
    if not name:
        raise CannotKeepView(_("Give the view a name."))
    views = SavedView.objects.filter(user=by, page=page)
    if not views.filter(name=name).exists() and views.count() >= MOST_VIEWS:
        raise CannotKeepView(_("There are %(n)s views of this list. Remove one first.") % {"n": MOST_VIEWS})
    view, _created = SavedView.objects.update_or_create(user=by, page=page, name=name, defaults={"query": query})
    audit.record("view_kept", view, by=by, private_to=by, after={"page": page, "query": query})
    return view


@transaction.atomic
def remove_view(*, view, by):
    """Forget a view of one's own. Raises CannotKeepView for another person's."""
    if view.user_id != by.pk:
        raise CannotKeepView(_("This view belongs to somebody else."))
    audit.record("view_removed", view, by=by, private_to=by, before={"page": view.page, "query": view.query})
    view.delete()


def _state(user):
    return {field: getattr(user, field) for field in AUDITED}
