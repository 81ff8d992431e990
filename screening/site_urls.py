"""Addresses of the foundation: people and own settings."""

from django.urls import path

from checklist.views.pending import pending

app_name = "screening"

urlpatterns = [
    path("people/", pending, name="user-list"),
    path("people/new/", pending, name="user-add"),
    path("people/<int:pk>/", pending, name="user-edit"),
    path("settings/", pending, name="settings"),
    path("components/", pending, name="components"),
]
