"""Deaths and other events: the list, the record, its audit."""

from __future__ import annotations

from django.urls import path

from reports.events.views import pages, recording

_ONE = "events/<uuid:public_id>/"

urlpatterns = [
    path("events/", pages.event_list, name="event-list"),
    path("events/new/", recording.event_record, name="event-record"),
    path(_ONE, pages.event_detail, name="event-detail"),
    path(f"{_ONE}edit/", recording.event_edit, name="event-edit"),
    path(f"{_ONE}audit/", pages.event_audit, name="event-audit"),
    path(f"{_ONE}withdraw/", pages.event_withdraw, name="event-withdraw"),
]
