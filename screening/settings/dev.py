"""For working on the code: DEBUG on, static files straight from the checkout."""

from screening.settings.base import *  # noqa: F403 (settings override settings)

DEBUG = True
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
