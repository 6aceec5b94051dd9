"""Charts of the report: bars of our own SVG parts in the rows of a table. Names and numbers are
text of the row, in the paper's font; a pattern and the word of the status tell bars apart in grey.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clusters.targets import rank
from reports.figures.charts.axis import axis_top
from reports.figures.charts.svg import fill_of, joined, line, number, rect
from reports.figures.status_words import status_word
from reports.printing.pdf import words
from reports.shapes import Line, RegionCell, RegionChart, RolloutBar

WIDTH, HEIGHT, TOP, THICK = 200.0, 12.0, 2.5, 7.0
# Distance of the white strokes across a bar: none, wide, narrow; «jelek» is hollow.
STROKES = {"baik": 0.0, "kurang": 10.0, "cukup": 4.0}


def region_charts(
    charts: tuple[RegionChart, ...], *, whole: str, missing: Collection[int] = ()
) -> list[dict[str, Any]]:
    return [region_chart(chart, whole=whole, missing=missing) for chart in charts]


def region_chart(
    chart: RegionChart, *, whole: str, missing: Collection[int] = ()
) -> dict[str, Any]:
    """A chart as rows; ``whole`` names the row that sums up the others. A place in ``missing``
    (ids of those without a report) has no bar, no rank and no status."""
    target = words.percent(chart.target_percent)
    ranked = _ranked(chart, missing)
    facility = replace(chart.whole.facility, short_name=whole)
    summed = replace(chart.whole, facility=facility)
    top = axis_top(replace(chart, cells=ranked, whole=summed))
    return {
        "name": chart.indicator.name_id,
        "target": target,
        "cells": [_cell(cell, chart.target_percent, top, missing) for cell in ranked],
        "whole": _cell(summed, chart.target_percent, top, ()),
    }


def _ranked(chart: RegionChart, missing: Collection[int]) -> tuple[RegionCell, ...]:
    """Best first; places without a report last, and the others ranked among themselves."""
    if not any(cell.facility.id in missing for cell in chart.cells):
        return chart.cells
    known = [cell for cell in chart.cells if cell.facility.id not in missing]
    ranks = rank([cell.coverage for cell in known], chart.indicator.direction)
    others = [_without(cell) for cell in chart.cells if cell.facility.id in missing]
    again = [replace(cell, rank=place) for cell, place in zip(known, ranks, strict=True)]
    return (*again, *others)


def _without(cell: RegionCell) -> RegionCell:
    return replace(
        cell, coverage=None, cumulative=None, gap=None, trend=None, status=None, colour="grey",
        rank=None,
    )  # fmt: skip


def _cell(
    cell: RegionCell, target: Decimal, top: float, missing: Collection[int]
) -> dict[str, Any]:
    status = cell.status or ""
    is_missing = cell.facility.id in missing
    return {
        "name": cell.facility.short_name,
        "rank": words.number(cell.rank),
        "bar": bar(cell.coverage, target, top, status=status),
        "cumulative": words.number(cell.cumulative),
        "coverage": words.percent(cell.coverage),
        "gap": words.signed(cell.gap),
        "status": _("not reported") if is_missing else status_word(status) or words.NOTHING,
        "glyph": words.GLYPHS.get(status, ""),
        "status_class": status if status in words.GLYPHS else "none",
    }


def bar(
    value: Decimal | float | None, target: Decimal | float | None, top: float, *, status: str = ""
) -> SafeString:
    """A bar up to ``value`` with a tick at ``target``, on a scale from 0 to ``top``; nothing
    without a value."""
    if value is None:
        return SafeString("")
    length = max(0.0, min(WIDTH, WIDTH * float(value) / top)) if top else 0.0
    parts = [rect("track", 0, 1, WIDTH, HEIGHT - 2), *_filled(status, length)]
    if target is not None and top:
        at = min(WIDTH - 1, max(1.0, WIDTH * float(target) / top))
        parts.append(line(at, 0, at, HEIGHT))
    said = _("%(coverage)s, target %(target)s") % {
        "coverage": _said(value), "target": _said(target),
    }  # fmt: skip
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="bar" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none" role="img"><title>{}</title>{}</svg>',
        number(WIDTH), number(HEIGHT), said, joined(parts),
    )  # fmt: skip


def _said(value: Decimal | float | None) -> str:
    """A percentage, or a number of facilities."""
    if isinstance(value, Decimal):
        return words.percent(value)
    return words.number(None if value is None else int(value))


def _filled(status: str, length: float) -> list[SafeString]:
    name = fill_of(status)
    if status == "jelek":  # hollow: white inside a frame
        return [
            rect(name, 0, TOP, length, THICK),
            format_html(
                '<rect x="1" y="{}" width="{}" height="{}" fill="#ffffff"/>',
                number(TOP + 1.6), number(max(0.0, length - 2)), number(THICK - 3.2),
            ),
        ]  # fmt: skip
    step, parts = STROKES.get(status, 0.0), [rect(name, 0, TOP, length, THICK)]
    at = step
    while step and at < length:
        parts.append(
            format_html(
                '<path d="M{0} {1}L{0} {2}" stroke="#ffffff" stroke-width="1.4" fill="none"/>',
                number(at), number(TOP), number(TOP + THICK),
            )
        )  # fmt: skip
        at += step
    return parts


def bullet(line: Line) -> SafeString:
    """Coverage against the target to date."""
    figures = line.figures
    if figures.coverage is None:
        return SafeString("")
    target = None if figures.target_to_date is None else figures.target_percent
    return bar(min(figures.coverage, Decimal(100)), target, 100, status=figures.status or "")


def rollout_bar(plan: RolloutBar) -> SafeString:
    """Facilities practising ILP of all, with a tick at this year's plan."""
    return bar(plan.implemented, plan.planned, plan.total)
