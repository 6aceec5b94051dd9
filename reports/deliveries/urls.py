"""The inbox."""

from __future__ import annotations

from django.urls import path

from reports.deliveries import views

urlpatterns = [
    path("inbox/", views.inbox_list, name="inbox-list"),
    path("inbox/read/", views.inbox_read, name="inbox-read"),
    path("inbox/<uuid:public_id>/open/", views.inbox_open, name="inbox-open"),
]
