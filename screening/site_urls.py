"""Addresses of the foundation: people and own settings."""

from django.urls import path

from . import views

app_name = "screening"

urlpatterns = [
    path("people/", views.user_list, name="user-list"),
    path("people/new/", views.user_add, name="user-add"),
    path("people/<int:pk>/", views.user_edit, name="user-edit"),
    path("settings/", views.own_settings, name="settings"),
    path("settings/shortcuts/", views.shortcuts_switch, name="shortcuts-switch"),
    path("views/keep/", views.view_keep, name="view-keep"),
    path("views/<int:pk>/remove/", views.view_remove, name="view-remove"),
    path("components/", views.components, name="components"),
]
