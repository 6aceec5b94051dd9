"""A sheet becomes a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from reports.pdf.engine import engine_versions, html_to_pdf
from reports.pdf.frame import Printing
from reports.pdf.html import report_html
from reports.queries.shapes import DistrictSheet, ReviewSheet

PUSTU_PAGES = 2
# Ever closer rows, then fewer problems: (density, problems listed).
PUSTU_FITS = ((0, 6), (1, 5), (2, 4), (3, 3), (3, 1))


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    content: bytes
    pages: int
    engine: str  # versions of what drew it, for the stored record


def render(
    sheet: ReviewSheet | DistrictSheet,
    *,
    kind: str,
    revision: int,
    is_draft: bool,
    snapshot_sha256: str,
    verify_url: str,
) -> RenderedPdf:
    """The report of a sheet: same arguments, same bytes. Raises PdfError."""
    printing = Printing(kind, revision, is_draft, snapshot_sha256, verify_url)
    if isinstance(sheet, ReviewSheet) and sheet.facility.kind == "pustu":
        content, pages = _two_pages(sheet, printing)
    else:
        content, pages = html_to_pdf(report_html(sheet, printing))
    return RenderedPdf(content, pages, engine_versions())


def _two_pages(sheet: ReviewSheet, printing: Printing) -> tuple[bytes, int]:
    """A Pustu's report fits one sheet of paper, both sides."""
    content, pages = b"", 0
    for density, most_problems in PUSTU_FITS:
        html = report_html(sheet, printing, density=density, most_problems=most_problems)
        content, pages = html_to_pdf(html)
        if pages <= PUSTU_PAGES:
            break
    return content, pages
