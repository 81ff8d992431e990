from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecklistConfig(AppConfig):
    name = "checklist"
    verbose_name = _("Checklist")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from screening import guards

        from .guards import GUARDS
        from .keepers import KEEPERS

        guards.register(GUARDS)
        guards.register(KEEPERS)
