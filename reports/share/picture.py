"""One screen of a week as a picture: what stands on it. reports.share.drawing makes the bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.figures.charts.bars import bullet_bar
from reports.figures.charts.glyphs import status_glyph
from reports.figures.charts.svg import joined, line, number, rect
from reports.figures.status_words import status_word
from reports.printing.pdf import words
from reports.shapes import DistrictSheet, Line, ReviewSheet
from reports.share import drawing
from reports.share.facts import Facts, Gap, facts_of
from reports.share.plain import plain

_MOST_NAMES = 6
_MOST_EVENTS = 2
_BAR = 968  # pixels between the margins
_STATUSES = ("baik", "kurang", "cukup", "jelek")
_INKS = {"baik": "#0d5c4a", "kurang": "#744400", "cukup": "#1b4d8c", "jelek": "#87182a"}


@dataclass(frozen=True, slots=True)
class Picture:
    html: str
    start: int  # the first layout worth trying
    alt: str

    @property
    def key(self) -> str:
        """SHA-256 of everything it is drawn from: the ETag, and the name on disk."""
        return drawing.key(self.html)

    def png(self) -> bytes:
        """The bytes, from disk where they were drawn before. Raises PdfError."""
        return drawing.png(self.html, self.start)


def picture(sheet: ReviewSheet | DistrictSheet, *, is_draft: bool) -> Picture:
    """The picture of a sheet; nothing is drawn before its bytes are asked for."""
    with translation.override("id"):
        facts = facts_of(sheet, is_draft=is_draft)
        html = render_to_string(drawing.TEMPLATE, _context(facts))
        start, alt = _first_fit(facts), alt_text(facts)
    return Picture(html, start, alt)


def _first_fit(facts: Facts) -> int:
    """Where to begin: a layout tried in vain costs as much as the one that is shown.

    Heights in pixels, measured on drawn pictures and a little too low: then a try too many at
    worst, never a row too few.
    """
    fixed = (
        588
        + 60 * (facts.events is not None)
        + 33 * min(_MOST_EVENTS, len(facts.events or ()))
        + 44 * (facts.is_draft or facts.is_demo)
        + 51 * bool(facts.missing)
    )
    for place, (most_gaps, most_late) in enumerate(drawing.FITS):
        gaps = facts.gaps[:most_gaps]
        height = sum(76 + 28 * bool(gap.place) + 30 * (len(gap.name) > 40) for gap in gaps)
        height += 78 * min(most_late, len(facts.late)) or 34
        if fixed + height <= drawing.SIZE[1]:
            return place
    return len(drawing.FITS) - 1


def alt_text(facts: Facts) -> str:
    """What the picture says, for those who cannot see it; the text beside it says the rest."""
    parts = [f"{facts.heading} {facts.place}, {facts.week}"]
    if facts.unit:
        parts.append(
            _("%(filed)d of %(expected)d %(unit)s have reported.")
            % {"filed": facts.filed, "expected": facts.expected, "unit": facts.unit}
        )
    parts += facts.events or ()
    parts += [f"{gap.name}: {gap.people}" for gap in facts.gaps]
    return ". ".join(part.rstrip(".") for part in parts) + "."


def _context(facts: Facts) -> dict[str, Any]:
    tally = facts.tally
    return {
        "facts": facts,
        "place": plain(facts.place, 56),
        "events": [plain(said, 88) for said in (facts.events or ())[:_MOST_EVENTS]],
        "more_events": max(0, len(facts.events or ()) - _MOST_EVENTS),
        "missing": [plain(name, 40) for name in facts.missing[:_MOST_NAMES]],
        "more_missing": max(0, len(facts.missing) - _MOST_NAMES),
        "bar": _status_bar(facts),
        "statuses": [(_glyph(name), status_word(name), getattr(tally, name)) for name in _STATUSES],
        "gaps": [_gap(gap) for gap in facts.gaps],
        "late": [
            {"what": plain(row.what, 58), "place": plain(row.place, 40), "row": row}
            for row in facts.late[:3]
        ],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    status_class, _arrow, status = words.status(gap.line)
    return {
        "name": plain(gap.name, 58),
        "place": plain(gap.place, 44),
        "gap": gap,
        "bar": _bar(gap.line),
        "status_class": status_class,
        "glyph": _glyph(gap.line.figures.status) if gap.line.figures.status else "",
        "status": status,
    }


def _glyph(status: str) -> SafeString:
    return status_glyph(status, _INKS[status])


def _status_bar(facts: Facts) -> SafeString:
    """Baik, Kurang | Cukup, Jelek in pixels, with the target tick between the pairs."""
    counts = [(name, getattr(facts.tally, name)) for name in _STATUSES]
    total = sum(count for _name, count in counts)
    parts = [] if total else [rect("track", 0, 4, _BAR, 56)]
    x, tick = 0.0, 0.0
    for name, count in counts:
        if name == "cukup":
            tick = x
        width = _BAR * count / total if total else 0
        if count:
            parts.append(rect(name, x, 4, max(2.0, width - 4), 56))
        if width > 44:
            parts.append(
                format_html(
                    '<text x="{}" y="43" text-anchor="middle" font-family="Source Sans 3" '
                    'font-size="32" font-weight="700" fill="#ffffff">{}</text>',
                    number(x + width / 2 - 2),
                    count,
                )
            )
        x += width
    if total:
        at = min(_BAR - 3, max(3.0, tick - 2))
        parts.append(line(at, 0, at, 64, 6))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="statuses" width="{}" height="64" '
        'viewBox="0 0 {} 64">{}</svg>',
        _BAR, _BAR, joined(parts),
    )  # fmt: skip


def _bar(row: Line) -> str:
    figures = row.figures
    if figures.coverage is None:
        return ""
    target = None if figures.target_to_date is None else figures.target_percent
    return bullet_bar(figures.coverage, target, fill=figures.status or "none")
