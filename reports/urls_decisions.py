"""Decisions on red rows, escalations, suggestions, and what was asked of others."""

from __future__ import annotations

from django.urls import path

from reports.views import escalations, row_decisions, suggestions

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path(f"{_REVIEW}decisions/", row_decisions.review_decisions, name="review-decisions"),
    path("asked/", escalations.asked_list, name="asked-list"),
    path("escalations/<int:pk>/answer/", escalations.escalation_answer, name="escalation-answer"),
    path("suggestions/<int:pk>/accept/", suggestions.suggestion_accept, name="suggestion-accept"),
    path(
        "suggestions/<int:pk>/dismiss/", suggestions.suggestion_dismiss, name="suggestion-dismiss"
    ),
]
