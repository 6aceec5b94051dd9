"""The sheet of a Posyandu: one page each, whatever the names are, nothing below 9 pt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.printing.pdf.errors import PdfError
from reports.sheets.pdf.review import draw, page_context
from reports.sheets.queries import AskedRow, PosyanduSheet

# From roomy to narrow: the first at which every Posyandu has exactly one page is printed.
FITS = ("roomy", "close", "narrow", "tight")


def posyandu_html(sheets: Sequence[PosyanduSheet], fit: str = FITS[0]) -> str:
    """All sheets as one document, in Indonesian. At least one sheet."""
    with translation.override("id"):
        title = _("POSYANDU SHEET")
        context = page_context(sheets[0], title) | {
            # One document of many places: the page names its own.
            "foot": f"{sheets[0].letterhead.unit} - "
            + _("Week %(week)d") % {"week": sheets[0].week.number},
            "pages": [
                page_context(sheet, title) | {"asked": _side_by_side(sheet)} for sheet in sheets
            ],
            "visits": [
                _("Homes visited"), _("No access to services"), _("Not taking medicine"),
                _("Danger signs"), _("TB symptoms"),
            ],
            "fit": fit,
        }  # fmt: skip
        return render_to_string("reports/sheets/blank_posyandu.html", context)


def posyandu_pdf(sheets: Sequence[PosyanduSheet]) -> bytes:
    """One page for each sheet. Raises PdfError, also when a name is too long for any page."""
    pages = 0
    for fit in FITS[_first_fit(sheets) :]:
        content, pages = draw(posyandu_html(sheets, fit))
        if pages == len(sheets):
            return content
    raise PdfError(f"{pages} pages for {len(sheets)} Posyandu")


def _first_fit(sheets: Sequence[PosyanduSheet]) -> int:
    """Where to begin: the page with the longest names is tried alone, because drawing all of
    them in vain takes as long as printing them."""
    if len(sheets) == 1:
        return 0
    worst = max(sheets, key=lambda sheet: len(sheet.facility.name + sheet.village))
    for place, fit in enumerate(FITS[:-1]):
        if draw(posyandu_html([worst], fit))[1] == 1:
            return place
    return len(FITS) - 1


def _side_by_side(sheet: PosyanduSheet) -> list[tuple[AskedRow, AskedRow | None]]:
    """The indicators in two columns, read downwards."""
    half = (len(sheet.asked) + 1) // 2
    return list(zip_longest(sheet.asked[:half], sheet.asked[half:]))
