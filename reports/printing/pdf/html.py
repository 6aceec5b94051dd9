"""From sheet to HTML, in Indonesian whatever the reader's language."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from reports.models.document import ANNEXES
from reports.printing.pdf.annexes import annex_context
from reports.printing.pdf.fitting import ALL, Fit
from reports.printing.pdf.frame import Printing, frame
from reports.printing.pdf.meeting import meeting_context
from reports.printing.pdf.pustu import pustu_context
from reports.shapes import DistrictSheet, ReviewSheet

LANGUAGE = "id"
ANNEX_LETTERS = {str(kind): letter for letter, kind in ANNEXES.items()}


def report_html(
    sheet: ReviewSheet | DistrictSheet, printing: Printing, fit: Fit | None = None
) -> str:
    """The whole report, or annex, as one HTML document."""
    with translation.override(LANGUAGE):
        template, context = _parts(sheet, printing, fit)
        fit = fit or Fit()
        context |= {"density": fit.density, "is_split": fit.is_split}
        return _with_signs(render_to_string(template, context))


def _with_signs(html: str) -> str:
    """«≤» and «≥», however a name in the catalogue or a text writes them."""
    return html.replace("&lt;=", "≤").replace("&gt;=", "≥")


def _parts(
    sheet: ReviewSheet | DistrictSheet, printing: Printing, fit: Fit | None
) -> tuple[str, dict[str, Any]]:
    if isinstance(sheet, DistrictSheet):
        from reports.printing.pdf.district import district_context

        context = frame(sheet, printing, unit=sheet.district.name) | district_context(sheet)
        return "reports/printing/pdf/district.html", context
    context = frame(sheet, printing, unit=sheet.facility.name)
    if sheet.facility.kind == "pustu":
        return "reports/printing/pdf/pustu.html", context | pustu_context(sheet, fit or Fit())
    fit = fit or Fit(most_problems=ALL)
    if letter := ANNEX_LETTERS.get(printing.kind, ""):
        context |= annex_context(sheet, letter, fit) | {"letter": letter}
        return f"reports/printing/pdf/annex_{letter.lower()}.html", context
    return "reports/printing/pdf/meeting.html", context | meeting_context(sheet, fit)
