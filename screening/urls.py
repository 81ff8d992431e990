"""The whole site: which app answers which address."""

from django.urls import include, path
from django.views.generic import RedirectView

from . import health

urlpatterns = [
    path("", include("checklist.urls")),
    path("", include("proposals.urls")),
    path("", include("screening.site_urls")),
    # An administrator changes addresses, on record: the page of allauth would do it without.
    path("accounts/email/", RedirectView.as_view(pattern_name="screening:settings")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
