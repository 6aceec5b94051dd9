"""Asking for PDF documents, building them, and mending what a fault left behind.

The row is the request and the truth; a message to a worker is only a nudge. See
docs/adr/0002-outbox.md.
"""

from reports.printing.documents.build import build_document
from reports.printing.documents.request import (
    NotReadyError,
    read_document,
    request_annex,
    request_document,
    retry_document,
)

__all__ = [
    "NotReadyError",
    "build_document",
    "read_document",
    "request_annex",
    "request_document",
    "retry_document",
]
