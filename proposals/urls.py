"""Addresses of what was received: register, import, documents."""

from django.urls import path

from checklist.views.pending import pending

app_name = "proposals"

urlpatterns = [
    # views/proposals.py
    path("rounds/<slug:reference>/proposals/new/", pending, name="proposal-add"),
    path("proposals/<int:pk>/edit/", pending, name="proposal-edit"),
    # views/imports.py
    path("rounds/<slug:reference>/imports/", pending, name="import-list"),
    path("rounds/<slug:reference>/imports/new/", pending, name="import-add"),
    path("imports/<int:pk>/columns/", pending, name="import-columns"),
    path("imports/<int:pk>/preview/", pending, name="import-preview"),
    path("imports/<int:pk>/discard/", pending, name="import-discard"),
    # views/documents.py
    path("proposals/<int:pk>/documents/new/", pending, name="document-add"),
    path("documents/<int:pk>/", pending, name="document-view"),
    path("documents/<int:pk>/file/", pending, name="document-file"),
    path("documents/<int:pk>/pages/<int:number>/", pending, name="document-page"),
    path("documents/<int:pk>/remove/", pending, name="document-remove"),
]
