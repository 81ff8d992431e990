from collections.abc import Sequence

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = _("Screening")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from screening import checks  # noqa: F401 (registers the system checks)

        listen_to_sign_in()
        pre_migrate.connect(take_guards_off, sender=self)
        post_migrate.connect(put_guards_in_place, sender=self)


def listen_to_sign_in() -> None:
    """Signing in and out is done by libraries; the audit trail hears of it from them."""
    from allauth.account.signals import user_logged_in, user_logged_out
    from allauth.mfa.signals import authentication_failed

    from screening import adapter

    user_logged_in.connect(adapter.note_sign_in, dispatch_uid="note_sign_in")
    user_logged_out.connect(adapter.note_sign_out, dispatch_uid="note_sign_out")
    authentication_failed.connect(adapter.note_second_step_failed, dispatch_uid="note_second_step_failed")


def take_guards_off(*, using: str, plan: Sequence[object], **kwargs: object) -> None:
    """Let migrations make tables anew on SQLite, which renames no table that a trigger elsewhere reads."""
    from screening import guards

    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        guards.take_off(connection=connection)


def put_guards_in_place(*, using: str, **kwargs: object) -> None:
    """Install every guard again, because migrations on SQLite can lose them."""
    from screening import guards

    guards.ensure(connection=connections[using])
