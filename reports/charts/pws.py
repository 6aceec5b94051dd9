"""The PWS wall chart: places side by side, best first, the whole last, one target line."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.charts.svg import FILLS, joined, line, number, rect
from reports.queries.shapes import RegionCell, RegionChart

WIDTH, PLOT, LABELS, LEFT, TOP = 420.0, 150.0, 70.0, 48.0, 12.0
LONGEST_NAME = 16  # letters under a bar; the table beside the chart has them all


def pws_chart(
    chart: RegionChart, *, ident: str, title: str, description: str, target_label: str
) -> SafeString:
    """One bar for each place, coloured by status. A place without a figure has no bar, only its
    name. ``ident`` is unique on the page; title and description are read out."""
    cells = (*chart.cells, chart.whole)
    top = _top(chart)
    step = (WIDTH - LEFT) / len(cells)
    bottom = TOP + PLOT
    target_y = bottom - PLOT * float(chart.target_percent) / top
    parts = [rect("track", WIDTH - step, TOP, step, PLOT)]  # behind the whole
    parts += [_bar(cell, index, step, top) for index, cell in enumerate(cells)]
    parts.append(line(LEFT, bottom, WIDTH, bottom, 1))
    parts.append(line(LEFT - 6, target_y, WIDTH, target_y, 2))
    parts += [_name(cell, index, step) for index, cell in enumerate(cells)]
    parts.append(_text(LEFT - 8, target_y + 3.5, target_label, anchor="end"))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="pws" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        number(WIDTH), number(bottom + LABELS), ident, ident, ident, title, ident, description,
        joined(parts),
    )  # fmt: skip


def _top(chart: RegionChart) -> float:
    """The value at the upper edge, in percent: bars start at zero, all fit, the target too."""
    known = [float(cell.coverage) for cell in chart.cells if cell.coverage is not None]
    if chart.whole.coverage is not None:
        known.append(float(chart.whole.coverage))
    return max([*known, float(chart.target_percent), 1.0]) * 1.08


def _bar(cell: RegionCell, index: int, step: float, top: float) -> SafeString:
    if cell.coverage is None:
        return SafeString("")
    height = PLOT * float(cell.coverage) / top
    x = LEFT + index * step + step * 0.2
    return rect(cell.status or "none", x, TOP + PLOT - height, step * 0.6, height)


def _name(cell: RegionCell, index: int, step: float) -> SafeString:
    name = cell.facility.short_name
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    x, y = LEFT + (index + 0.5) * step + 3, TOP + PLOT + 11
    turn = f"rotate(-42 {number(x)} {number(y)})"
    return _text(x, y, name, anchor="end", transform=turn)


def _text(x: float, y: float, text: str, *, anchor: str, transform: str = "") -> SafeString:
    turned = format_html(' transform="{}"', transform) if transform else SafeString("")
    return format_html(
        '<text class="pt" x="{}" y="{}" text-anchor="{}" font-size="11" fill="{}"{}>{}</text>',
        number(x), number(y), anchor, FILLS["ink"], turned, text,
    )  # fmt: skip
