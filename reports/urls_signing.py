"""Revisions side by side, minutes, deadlines, and whether a paper is genuine."""

from __future__ import annotations

from django.urls import path

from reports.views import review_minutes, revision_changes, settings_deadlines, verify

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(
        f"{_REVIEW}revisions/<int:number>/changes/",
        revision_changes.review_changes,
        name="review-changes",
    ),
    path(f"{_REVIEW}minutes/people/", review_minutes.person_add, name="minutes-person-add"),
    path(
        f"{_REVIEW}minutes/people/<int:pk>/remove/",
        review_minutes.person_remove,
        name="minutes-person-remove",
    ),
    path(f"{_REVIEW}minutes/decisions/", review_minutes.decision_add, name="minutes-decision-add"),
    path(
        f"{_REVIEW}minutes/decisions/<int:number>/",
        review_minutes.decision_change,
        name="minutes-decision-change",
    ),
    path("settings/deadlines/", settings_deadlines.settings_deadlines, name="settings-deadlines"),
    path("settings/deadlines/days/", settings_deadlines.settings_day_add, name="settings-day-add"),
    path(
        "settings/deadlines/days/<int:pk>/remove/",
        settings_deadlines.settings_day_remove,
        name="settings-day-remove",
    ),
    path("verify/", verify.verify_start, name="verify-start"),
]
