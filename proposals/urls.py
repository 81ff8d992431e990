"""Addresses of what was received: register, import, documents."""

from django.urls import path

from .views import documents, imports, proposals

app_name = "proposals"

urlpatterns = [
    # views/proposals.py
    path("rounds/<slug:reference>/proposals/new/", proposals.proposal_add, name="proposal-add"),
    path("proposals/<int:pk>/edit/", proposals.proposal_edit, name="proposal-edit"),
    # spreadsheets, in views/imports.py
    path("rounds/<slug:reference>/imports/", imports.import_list, name="import-list"),
    path("rounds/<slug:reference>/imports/new/", imports.import_add, name="import-add"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/preview/", imports.import_preview, name="import-preview"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import-discard"),
    # views/documents.py
    path("proposals/<int:pk>/documents/new/", documents.document_add, name="document-add"),
    path("documents/<int:pk>/", documents.document_view, name="document-view"),
    path("documents/<int:pk>/file/", documents.document_file, name="document-file"),
    path("documents/<int:pk>/pages/<int:number>/", documents.document_page, name="document-page"),
    path("documents/<int:pk>/state/", documents.document_state, name="document-state"),
    path("documents/<int:pk>/read-again/", documents.document_read_again, name="document-read-again"),
    path("documents/<int:pk>/remove/", documents.document_remove, name="document-remove"),
]
