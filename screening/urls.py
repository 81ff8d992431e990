"""The whole site: which app answers which address."""

from django.urls import include, path

from . import health

urlpatterns = [
    path("", include("checklist.urls")),
    path("", include("proposals.urls")),
    path("", include("screening.site_urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
