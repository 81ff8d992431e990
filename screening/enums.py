"""Fixed vocabularies of the foundation. Importable everywhere without cycles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundRole(models.TextChoices):
    """A part somebody holds in one funding round."""

    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    CHAIR = "chair", _("Chair")
    REVIEWER = "reviewer", _("Reviewer")
    OBSERVER = "observer", _("Observer")


class SystemRole(models.TextChoices):
    """A part somebody holds in the whole installation."""

    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    INSTRUMENT_EDITOR = "instrument_editor", _("Instrument editor")


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Working")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Theme(models.TextChoices):
    SYSTEM = "system", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
