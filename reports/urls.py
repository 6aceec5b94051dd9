"""Addresses of the app: pages about facilities, and pages about their reviews."""

from __future__ import annotations

from reports.urls_pages import urlpatterns as pages
from reports.urls_reviews import urlpatterns as reviews

app_name = "reports"
urlpatterns = [*pages, *reviews]
