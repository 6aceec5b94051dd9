"""The status glyph: a line (the target) with an arrow above or below it, up or down."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

ARROWS = {
    "baik": "M10 .8 15 7H5z",
    "kurang": "M10 7.6 5 1.4h10z",
    "cukup": "M10 12.4 15 18.6H5z",
    "jelek": "M10 19.2 5 13h10z",
}


def status_glyph(status: str | None, colour: str = "currentColor") -> SafeString:
    """18 px, in the colour of the text around it; a dashed ring where nothing is judged."""
    if status not in ARROWS:
        return format_html(
            '<svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" '
            'cy="10" r="6" fill="none" stroke="{}" stroke-width="1.6" stroke-dasharray="2.5 2"/>'
            "</svg>",
            colour,
        )
    return format_html(
        '<svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true"><rect x="2" y="9" '
        'width="16" height="2" rx="1" fill="{}"/><path d="{}" fill="{}"/></svg>',
        colour, ARROWS[status], colour,
    )  # fmt: skip
