"""Distribution of indicators over the four PWS statuses: above the target | below it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.figures.charts.svg import joined, line, number, rect
from reports.shapes import Tally

WIDTH, HEIGHT, GAP = 232.0, 22.0, 1.5
NARROWEST_LABEL = 16.0


def status_bar(tally: Tally, *, title: str) -> SafeString:
    """Baik, Kurang | Cukup, Jelek, with the target tick between the pairs."""
    counts = {
        "baik": tally.baik, "kurang": tally.kurang, "cukup": tally.cukup, "jelek": tally.jelek,
    }  # fmt: skip
    total = sum(counts.values())
    parts = [rect("track", 0, 0, WIDTH, HEIGHT)] if not total else []
    x = 0.0
    tick = None
    for name, count in counts.items():
        if name == "cukup":
            tick = x
        if not count:
            continue
        width = WIDTH * count / total
        parts.append(rect(name, x, 0, max(1.0, width - GAP), HEIGHT))
        if width >= NARROWEST_LABEL:
            parts.append(
                format_html(
                    '<text class="f-on" x="{}" y="15.5" text-anchor="middle" font-size="12" '
                    'font-weight="600" fill="#ffffff">{}</text>',
                    number(x + (width - GAP) / 2),
                    count,
                )
            )
        x += width
    if total and tick is not None:
        at = min(WIDTH - 1.25, max(1.25, tick - GAP / 2))
        parts.append(line(at, -3, at, HEIGHT + 3, 2.5))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="segbar" width="232" height="28" '
        'viewBox="0 -3 232 28" role="img" aria-label="{}">{}</svg>',
        title, joined(parts),
    )  # fmt: skip
