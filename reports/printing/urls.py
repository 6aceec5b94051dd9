"""The library of reports, what became of each, and whether a paper is genuine."""

from __future__ import annotations

from django.urls import path

from reports.printing.views import document_detail, documents, letterhead, verify

_ONE = "reports/<uuid:public_id>/"

urlpatterns = [
    path("reports/", documents.document_list, name="document-list"),
    path("reports/zip/", document_detail.document_zip, name="document-zip"),
    path(_ONE, document_detail.document_detail, name="document-detail"),
    path(f"{_ONE}status/", documents.document_status, name="document-status"),
    path(f"{_ONE}download/", documents.document_download, name="document-download"),
    path(f"{_ONE}retry/", documents.document_retry, name="document-retry"),
    path(f"{_ONE}annex/<str:letter>/", document_detail.document_annex, name="document-annex"),
    path("settings/letterhead/", letterhead.letterhead_list, name="letterhead-list"),
    path("settings/letterhead/<str:code>/", letterhead.letterhead, name="letterhead"),
    path("verify/", verify.verify_start, name="verify-start"),
    path("verify/<str:sha256>/", verify.verify, name="verify"),
]
