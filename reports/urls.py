"""Addresses of the app, room by room; one namespace."""

from __future__ import annotations

from reports.deadlines.urls import urlpatterns as deadlines
from reports.deliveries.urls import urlpatterns as deliveries
from reports.events.urls import urlpatterns as events
from reports.places.urls import urlpatterns as places
from reports.printing.urls import urlpatterns as printing
from reports.problems.urls import urlpatterns as problems
from reports.review.urls import urlpatterns as review
from reports.settings.urls import urlpatterns as settings
from reports.share.urls import urlpatterns as share
from reports.sheets.urls import urlpatterns as sheets

app_name = "reports"
urlpatterns = [
    *places,
    *review,
    *problems,
    *events,
    *printing,
    *deliveries,
    *deadlines,
    *settings,
    *share,
    *sheets,
]
