"""The district page."""

from __future__ import annotations

from django.urls import path

from reports.views import pages

urlpatterns = [path("district/", pages.district, name="district")]
