"""From sheet to HTML, in Indonesian whatever the reader's language."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from reports.pdf.frame import Printing, frame
from reports.pdf.review import pustu_context, review_context
from reports.queries.shapes import DistrictSheet, ReviewSheet

LANGUAGE = "id"


def report_html(
    sheet: ReviewSheet | DistrictSheet,
    printing: Printing,
    *,
    density: int = 0,
    most_problems: int = 6,
) -> str:
    """The whole report as one HTML document; ``density`` 0 to 3 sets a Pustu's rows closer."""
    with translation.override(LANGUAGE):
        template, context = _parts(sheet, printing, most_problems)
        return render_to_string(template, context | {"density": density})


def _parts(
    sheet: ReviewSheet | DistrictSheet, printing: Printing, most_problems: int
) -> tuple[str, dict[str, Any]]:
    if isinstance(sheet, DistrictSheet):
        from reports.pdf.district import district_context

        context = frame(sheet, printing, unit=sheet.district.name) | district_context(sheet)
        return "pdf/district.html", context
    context = frame(sheet, printing, unit=sheet.facility.name)
    if sheet.facility.kind == "pustu":
        return "pdf/pustu.html", context | pustu_context(sheet, most_problems)
    return "pdf/review.html", context | review_context(sheet)
