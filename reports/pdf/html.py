"""From sheet to HTML, in Indonesian whatever the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from reports.pdf.frame import Printing, frame
from reports.pdf.review import pustu_context, review_context
from reports.queries.shapes import DistrictSheet, ReviewSheet

LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class Fit:
    """How a Pustu's report is set so that it fills two pages."""

    density: int = 0  # 0 to 3: ever closer rows
    most_problems: int = 6  # problems listed; the others are counted
    is_split: bool = False  # a short report: problems and signature on the second page


def report_html(
    sheet: ReviewSheet | DistrictSheet, printing: Printing, fit: Fit | None = None
) -> str:
    """The whole report as one HTML document."""
    fit = fit or Fit()
    with translation.override(LANGUAGE):
        template, context = _parts(sheet, printing, fit.most_problems)
        context |= {"density": fit.density, "is_split": fit.is_split}
        return render_to_string(template, context)


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
