"""Figures that deserve a second look, nihil, and replaced sums."""

from __future__ import annotations

from django.urls import path

from reports.views import review_checks, review_sums

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(
        f"{_REVIEW}counts/<str:indicator>/confirm/",
        review_checks.review_confirm,
        name="review-confirm",
    ),
    path(f"{_REVIEW}nihil/", review_checks.review_nihil, name="review-nihil"),
    path(f"{_REVIEW}sums/<str:indicator>/", review_sums.review_sum, name="review-sum"),
]
