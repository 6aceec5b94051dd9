"""Addresses of the app: the district, its facilities, and their reviews."""

from __future__ import annotations

from reports.urls_checks import urlpatterns as checks
from reports.urls_decisions import urlpatterns as decisions
from reports.urls_delivery import urlpatterns as delivery
from reports.urls_facilities import urlpatterns as facilities
from reports.urls_pages import urlpatterns as pages
from reports.urls_problems import urlpatterns as problems
from reports.urls_reviews import urlpatterns as reviews
from reports.urls_share import urlpatterns as share
from reports.urls_sheets import urlpatterns as sheets
from reports.urls_signing import urlpatterns as signing

app_name = "reports"
urlpatterns = [
    *pages,
    *facilities,
    *reviews,
    *problems,
    *checks,
    *decisions,
    *delivery,
    *share,
    *sheets,
    *signing,
]
