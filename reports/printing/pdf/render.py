"""A sheet becomes a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reports.models.document import DocumentKind
from reports.printing.pdf.emblem import looked_up
from reports.printing.pdf.engine import engine_versions, html_to_pdf
from reports.printing.pdf.fitting import Fit, meeting_fit
from reports.printing.pdf.frame import Printing
from reports.printing.pdf.html import ANNEX_LETTERS, report_html
from reports.shapes import DistrictSheet, ReviewSheet

PUSTU_PAGES = 2
# Table rows up to which the wider layouts fit (a remark counts one and a half, a problem four);
# measured on sample and demo reports.
ROOMY, MIDDLING = 46, 60
# What a page holds, of a row's letters and what stands around them.
LETTERS_OF_A_PAGE, LETTERS_OF_A_ROW = 5000, 80
FITS = (
    Fit(0, 6), Fit(1, 6), Fit(2, 5), Fit(3, 5),
    Fit(3, 4, 2), Fit(3, 2, 2), Fit(3, 0, 2), Fit(3, 0, 1),
)  # fmt: skip


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
    emblems: Mapping[str, str] | None = None,
) -> RenderedPdf:
    """The report of a sheet: same arguments, same bytes. Raises PdfError. ``emblems``: those of its
    letterhead, looked up already (``emblems_of``)."""
    printing = Printing(kind, revision, is_draft, snapshot_sha256, verify_url)
    with looked_up(emblems or {}):
        if isinstance(sheet, DistrictSheet):
            content, pages = html_to_pdf(report_html(sheet, printing))
        elif sheet.facility.kind == "pustu":
            content, pages = _two_pages(sheet, printing)
        else:
            content, pages = _puskesmas(sheet, printing)
    return RenderedPdf(content, pages, engine_versions())


def _puskesmas(sheet: ReviewSheet, printing: Printing) -> tuple[bytes, int]:
    """The meeting's two pages, or an annex."""
    letter = ANNEX_LETTERS.get(printing.kind, "")
    if letter in {"A", "B"}:
        return html_to_pdf(report_html(sheet, printing))
    meeting = replace(printing, kind=str(DocumentKind.PUSKESMAS_WEEKLY))

    def make(fit: Fit) -> tuple[tuple[bytes, int], int]:
        made = html_to_pdf(report_html(sheet, meeting, fit))
        return made, made[1]

    problems = sheet.carried_problems + sheet.new_problems
    fit, paper = meeting_fit(len(problems), make, skips=_hopeless(sheet))
    return html_to_pdf(report_html(sheet, printing, fit)) if letter else paper


def _hopeless(sheet: ReviewSheet) -> int:
    """How many of the widest settings to pass over: each tried in vain costs a second."""
    letters = len(sheet.conclusion)
    for problem in sheet.carried_problems + sheet.new_problems:
        letters += LETTERS_OF_A_ROW + len(problem.title) + len(problem.cause)
        letters += sum(len(row.action) + len(row.evidence) for row in problem.follow_ups)
    return 3 if letters > 3 * LETTERS_OF_A_PAGE else 0


def _two_pages(sheet: ReviewSheet, printing: Printing) -> tuple[bytes, int]:
    """A Pustu's report fills one sheet of paper, both sides."""
    content, pages = b"", 0
    for fit in FITS[first_fit(sheet) :]:
        content, pages = html_to_pdf(report_html(sheet, printing, fit))
        if pages < PUSTU_PAGES:
            return html_to_pdf(report_html(sheet, printing, replace(fit, is_split=True)))
        if pages == PUSTU_PAGES:
            break
    return content, pages


def first_fit(sheet: ReviewSheet) -> int:
    """Where to begin: a layout tried in vain costs as much as the one that is printed."""
    problems = sum(not row.is_closed for row in sheet.carried_problems + sheet.new_problems)
    remarks = sum(bool(line.note or set(line.figures.checks) - {"not_due"}) for line in sheet.lines)
    listed = min(problems, FITS[0].most_problems)
    weight = len(sheet.lines) + 1.5 * remarks + 4 * listed
    return 0 if weight <= ROOMY else 1 if weight <= MIDDLING else 2
