"""The tree of facilities and the page of each."""

from __future__ import annotations

from django.urls import path

from reports.views import facilities

urlpatterns = [
    path("facilities/", facilities.facility_list, name="facility-list"),
    path("facilities/<str:code>/", facilities.facility_detail, name="facility-detail"),
]
