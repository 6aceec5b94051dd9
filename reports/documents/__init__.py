"""Asking for PDF documents, building them, and mending what a fault left behind.

The row is the request and the truth; a message to a worker is only a nudge. See
docs/adr/0002-outbox.md.
"""

from reports.documents.build import build_document
from reports.documents.request import NotReadyError, read_document, request_document, retry_document
from reports.documents.week import (
    open_facilities,
    request_district_document,
    request_facility_document,
    request_review_documents,
    request_week_documents,
)

__all__ = [
    "NotReadyError",
    "build_document",
    "open_facilities",
    "read_document",
    "request_district_document",
    "request_document",
    "request_facility_document",
    "request_review_documents",
    "request_week_documents",
    "retry_document",
]
