"""WSGI entry point: gunicorn screening.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from screening.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "screening.settings.base")

application = get_wsgi_application()
# Django would load the pages with the first request only.
get_resolver().url_patterns  # noqa: B018 - reading it is what loads them
settle()
