from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path

from ilp.api.views import (
    achievements,
    counts,
    documents,
    places,
    reviews,
    schema,
    timeliness,
)

app_name = "api"
urlpatterns = [
    path("v1/districts/", places.DistrictList.as_view(), name="district-list"),
    path("v1/districts/<str:code>/", places.DistrictDetail.as_view(), name="district-detail"),
    path("v1/facilities/", places.FacilityList.as_view(), name="facility-list"),
    path("v1/facilities/<str:code>/", places.FacilityDetail.as_view(), name="facility-detail"),
    path("v1/indicators/", achievements.IndicatorList.as_view(), name="indicator-list"),
    path("v1/achievements/", achievements.AchievementList.as_view(), name="achievement-list"),
    path(
        "v1/achievements/totals/",
        achievements.AchievementTotalList.as_view(),
        name="achievement-totals",
    ),
    path("v1/reviews/", reviews.ReviewList.as_view(), name="review-list"),
    path("v1/reviews/<str:week>/<str:code>/", reviews.ReviewDetail.as_view(), name="review-detail"),
    path(
        "v1/reviews/<str:week>/<str:code>/counts/<str:indicator>/",
        counts.ReviewCount.as_view(),
        name="review-count",
    ),
    path("v1/timeliness/", timeliness.TimelinessList.as_view(), name="timeliness"),
    path("v1/reports/", documents.ReportList.as_view(), name="report-list"),
    path("v1/reports/<uuid:public_id>/", documents.ReportDetail.as_view(), name="report-detail"),
    path("v1/reports/<uuid:public_id>/pdf/", documents.ReportPdf.as_view(), name="report-pdf"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    # A browser without a session is sent to the login page instead of a bare 401.
    path("docs/", login_required(schema.Docs.as_view()), name="docs"),
]
