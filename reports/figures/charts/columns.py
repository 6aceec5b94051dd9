"""The PWS wall chart as columns of a table: one bar a cell, all to one scale."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.figures.charts.axis import axis_top
from reports.figures.charts.svg import FILLS, fill_of, joined, number, rect
from reports.shapes import RegionCell, RegionChart

HEIGHT = 152.0


def _y(chart: RegionChart, value: float) -> float:
    return HEIGHT * (1 - value / axis_top(chart))


def pws_column(chart: RegionChart, cell: RegionCell) -> SafeString:
    """The bar of one place and its piece of the target line; no bar without a figure."""
    parts = []
    if cell.coverage is not None:
        y = _y(chart, float(cell.coverage))
        parts.append(rect(fill_of(cell.status), 24, y, 52, HEIGHT - y))
    target = _y(chart, float(chart.target_percent))
    parts.append(
        format_html(
            '<rect class="f-tick" fill="{}" y="{}" width="100" height="2"/>',
            FILLS["ink"],
            number(max(0.0, target - 1)),
        )
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 152" '
        'preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        joined(parts),
    )


def pws_scale(chart: RegionChart, target_label: str) -> SafeString:
    """The labels left of the first bar."""
    target = min(HEIGHT - 18, max(12.0, _y(chart, float(chart.target_percent)) + 4))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 112 152" aria-hidden="true">'
        '<text x="106" y="{}" text-anchor="end" class="pt" font-size="12">{}</text>'
        '<text x="106" y="149" text-anchor="end" class="pt" font-size="12">0%</text></svg>',
        number(target), target_label,
    )  # fmt: skip
