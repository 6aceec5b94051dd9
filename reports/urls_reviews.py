"""Reviews, problems, reports and the verification page."""

from __future__ import annotations

from django.urls import path

from reports.views import (
    documents,
    review_counts,
    review_steps,
    reviews,
    verify,
)

_REVIEW = "reviews/<str:week>/<str:code>/"

urlpatterns = [
    path("reviews/", reviews.review_list, name="review-list"),
    path(_REVIEW, reviews.review_detail, name="review-detail"),
    path(f"{_REVIEW}counts/<str:indicator>/", review_counts.review_count, name="review-count"),
    path(f"{_REVIEW}meeting/", review_steps.review_meeting, name="review-meeting"),
    path(f"{_REVIEW}check/", review_steps.review_check, name="review-check"),
    path(f"{_REVIEW}submit/", review_steps.review_submit, name="review-submit"),
    path(f"{_REVIEW}approve/", review_steps.review_approve, name="review-approve"),
    path(f"{_REVIEW}return/", review_steps.review_return, name="review-return"),
    path(f"{_REVIEW}reopen/", review_steps.review_reopen, name="review-reopen"),
    path(f"{_REVIEW}revisions/<int:number>/", reviews.review_revision, name="review-revision"),
    path("reports/", documents.document_list, name="document-list"),
    path("reports/new/", documents.document_request, name="document-request"),
    path("reports/<uuid:public_id>/status/", documents.document_status, name="document-status"),
    path(
        "reports/<uuid:public_id>/download/",
        documents.document_download,
        name="document-download",
    ),
    path("reports/<uuid:public_id>/retry/", documents.document_retry, name="document-retry"),
    path("verify/<str:sha256>/", verify.verify, name="verify"),
]
