"""WSGI entry point: gunicorn screening.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

from screening.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "screening.settings.base")

application = get_wsgi_application()
settle()
