"""The district, its tree of facilities, and the page of each."""

from __future__ import annotations

from django.urls import path

from reports.places.views import district, facilities, indicators, network

urlpatterns = [
    path("district/", district.district, name="district"),
    path("facilities/", facilities.facility_list, name="facility-list"),
    path("facilities/<str:code>/", facilities.facility_detail, name="facility-detail"),
    path("network/", network.network, name="network"),
    path("network/<str:code>/", network.network_facility, name="network-facility"),
    path("network/<str:code>/<str:event>/", network.network_event, name="network-event"),
    path("indicators/<str:code>/", indicators.indicator_detail, name="indicator"),
]
