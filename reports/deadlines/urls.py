"""Deadlines and holidays of the district."""

from __future__ import annotations

from django.urls import path

from reports.deadlines import views

urlpatterns = [
    path("settings/deadlines/", views.settings_deadlines, name="settings-deadlines"),
    path("settings/deadlines/days/", views.settings_day_add, name="settings-day-add"),
    path(
        "settings/deadlines/days/<int:pk>/remove/",
        views.settings_day_remove,
        name="settings-day-remove",
    ),
]
