"""The frozen sheet behind a document."""

from __future__ import annotations

from reports.models.document import DocumentKind, ReportDocument
from reports.shapes import DistrictSheet, ReviewSheet
from reports.shapes.stored import decode_district, decode_review


def document_sheet(document: ReportDocument) -> ReviewSheet | DistrictSheet:
    """Raises SignedByNewerVersion, and msgspec's errors when the stored text is damaged."""
    content = document.snapshot.content
    if document.kind == DocumentKind.DISTRICT_WEEKLY:
        return decode_district(content)
    return decode_review(content)
