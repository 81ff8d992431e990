"""How sign-in by allauth behaves here."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from . import audit
from .models import User
from .statements import KeptModels

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody can sign up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep on record at whose account somebody failed; of an unknown address nothing is kept."""
        user = User.objects.filter(email__iexact=credentials.get("email") or "").first()
        if user is None:
            logger.info("Somebody failed to sign in with an address that nobody has")
            return
        audit.record("sign_in_failed", user, by=None)


class Backend(AuthenticationBackend):
    """Loads whoever is signed in together with what every page shows of her, in one query."""

    def get_user(self, user_id: Any) -> User | None:
        found = _PERSON(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


# Apps say in SCREENING_SHOWN_OF_USER what else is loaded, because the foundation knows no domain.
_PERSON = KeptModels(
    lambda pk: User.objects.filter(pk=pk).annotate(**import_string(settings.SCREENING_SHOWN_OF_USER)(pk))
)


def note_sign_in(*, user: User, **_details: Any) -> None:
    """Called by allauth after password and second step."""
    audit.record("signed_in", user, by=user)


def note_second_step_failed(*, user: User, **_details: Any) -> None:
    """Called by allauth where the password was right and the code of the second step was not."""
    audit.record("second_step_failed", user, by=None)


def note_sign_out(*, user: User | None, **_details: Any) -> None:
    """Called by Django; nobody signs out twice."""
    if user is not None:
        audit.record("signed_out", user, by=user)
