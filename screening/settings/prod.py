"""For a server that others reach: HTTPS, compressed static files, named hosts."""

import os

from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("SCREENING_HTTPS", "1")

from screening.settings.base import *  # noqa: F403 (reads the line above)

if not os.environ.get("SCREENING_ALLOWED_HOSTS"):
    msg = (
        "Set SCREENING_ALLOWED_HOSTS to the host names this site answers to, "
        "for example SCREENING_ALLOWED_HOSTS=screening.example.org"
    )
    raise ImproperlyConfigured(msg)

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
}
