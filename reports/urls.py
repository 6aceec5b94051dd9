"""Addresses of the app: pages about facilities, and pages about their reviews."""

from __future__ import annotations

from reports.urls_facilities import urlpatterns as facilities
from reports.urls_reviews import urlpatterns as reviews

app_name = "reports"
urlpatterns = [*facilities, *reviews]
