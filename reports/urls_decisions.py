"""Decisions on red rows, escalations, suggestions, and what was asked of others."""

from __future__ import annotations

from django.urls import path

from reports.views import row_decisions

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(f"{_REVIEW}decisions/", row_decisions.review_decisions, name="review-decisions"),
]
