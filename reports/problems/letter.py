"""A letter to somebody outside health as PDF, in Indonesian whatever the reader's language."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.printing.pdf import words
from reports.printing.pdf.engine import html_to_pdf
from reports.printing.pdf.frame import letterhead
from reports.printing.press import PRESS
from reports.problems.queries.letters import Letter

LANGUAGE = "id"
_DOTS = "." * 30


def letter_pdf(letter: Letter) -> bytes:
    """The bytes of the PDF, drawn outside this process. Raises PdfError."""
    content, _pages = PRESS.draw(html_to_pdf, letter_html(letter))
    return content


def letter_html(letter: Letter) -> str:
    with translation.override(LANGUAGE):
        return render_to_string("reports/problems/letter.html", _context(letter))


def _context(letter: Letter) -> dict[str, Any]:
    seat = letter.letterhead.seat
    day = words.date(letter.day) if letter.day else _DOTS
    place = ", ".join(filter(None, [letter.facility, letter.village]))
    count = letter.people_count
    facts = [
        (_("Problem"), letter.problem),
        (_("Place"), place),
        (_("Indicator"), letter.indicator),
        (_("Number of people"), "" if count is None else words.number(count)),
        (_("Root cause"), letter.cause),
    ]
    copies = [_("Head of the district health office")] if letter.is_puskesmas else []
    return {
        "letter": letter,
        "lang": LANGUAGE,
        "letterhead": letterhead(letter.letterhead),
        "number": letter.number or _DOTS,
        "place_date": f"{seat}, {day}" if seat else day,
        "week": {
            "week": letter.week.number,
            "year": str(letter.week.year),  # a year has no thousands separator
            "dates": words.week_dates(letter.week),
        },
        "facts": [(label, value) for label, value in facts if value],
        "due": words.full_date(letter.due_on),
        "contact": ", ".join(filter(None, [letter.letterhead.phone, letter.letterhead.email])),
        "copies": [*copies, _("Archive")],
        "demo": _("Sample data, not real figures") if letter.is_demo else "",
    }
