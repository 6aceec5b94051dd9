"""The weekly review: its form, decisions, minutes, sending, and its signed revisions."""

from __future__ import annotations

from django.urls import path

from reports.review.views import (
    checks,
    counts,
    documents,
    minutes,
    reviews,
    revision_changes,
    row_decisions,
    sending,
    steps,
    sums,
)

_ONE = "reviews/<str:week>/<str:code>/"
_REVISION = f"{_ONE}revisions/<int:number>/"
_COUNT = f"{_ONE}counts/<str:indicator>/"
_MINUTES = f"{_ONE}minutes/"

urlpatterns = [
    path("reviews/", reviews.review_list, name="review-list"),
    path(_ONE, reviews.review_detail, name="review-detail"),
    path(_COUNT, counts.review_count, name="review-count"),
    path(f"{_COUNT}confirm/", checks.review_confirm, name="review-confirm"),
    path(f"{_ONE}nihil/", checks.review_nihil, name="review-nihil"),
    path(f"{_ONE}sums/<str:indicator>/", sums.review_sum, name="review-sum"),
    path(f"{_ONE}decisions/", row_decisions.review_decisions, name="review-decisions"),
    path(f"{_ONE}meeting/", steps.review_meeting, name="review-meeting"),
    path(f"{_MINUTES}people/", minutes.person_add, name="minutes-person-add"),
    path(f"{_MINUTES}people/<int:pk>/remove/", minutes.person_remove, name="minutes-person-remove"),
    path(f"{_MINUTES}decisions/", minutes.decision_add, name="minutes-decision-add"),
    path(
        f"{_MINUTES}decisions/<int:number>/",
        minutes.decision_change,
        name="minutes-decision-change",
    ),
    path(f"{_ONE}check/", sending.review_check, name="review-check"),
    path(f"{_ONE}submit/", sending.review_submit, name="review-submit"),
    path(f"{_ONE}approve/", steps.review_approve, name="review-approve"),
    path(f"{_ONE}return/", steps.review_return, name="review-return"),
    path(f"{_ONE}reopen/", steps.review_reopen, name="review-reopen"),
    path(_REVISION, reviews.review_revision, name="review-revision"),
    path(f"{_REVISION}changes/", revision_changes.review_changes, name="review-changes"),
    path("reports/new/", documents.document_request, name="document-request"),
]
