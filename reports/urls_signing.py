"""Revisions side by side, minutes, deadlines, and whether a paper is genuine."""

from __future__ import annotations

from django.urls import path

from reports.views import revision_changes

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(
        f"{_REVIEW}revisions/<int:number>/changes/",
        revision_changes.review_changes,
        name="review-changes",
    ),
]
