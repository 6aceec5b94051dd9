"""Addresses of the app: the district, its facilities, and their reviews."""

from __future__ import annotations

from reports.urls_delivery import urlpatterns as delivery
from reports.urls_facilities import urlpatterns as facilities
from reports.urls_pages import urlpatterns as pages
from reports.urls_reviews import urlpatterns as reviews
from reports.urls_share import urlpatterns as share

app_name = "reports"
urlpatterns = [*pages, *facilities, *reviews, *delivery, *share]
