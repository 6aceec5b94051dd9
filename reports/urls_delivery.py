"""The inbox, and what became of a report: its ledger, and a week's reports as one file."""

from __future__ import annotations

from django.urls import path

from reports.views import document_detail, inbox

urlpatterns = [
    path("reports/zip/", document_detail.document_zip, name="document-zip"),
    path("reports/<uuid:public_id>/", document_detail.document_detail, name="document-detail"),
    path("inbox/", inbox.inbox_list, name="inbox-list"),
    path("inbox/read/", inbox.inbox_read, name="inbox-read"),
    path("inbox/<uuid:public_id>/open/", inbox.inbox_open, name="inbox-open"),
]
