"""Charts of the report: the page's own SVG functions, with the numbers beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.charts.bars import bullet_bar
from reports.charts.pws import pws_chart
from reports.pdf import words
from reports.queries.shapes import Line, RegionCell, RegionChart, RolloutBar


def region_charts(charts: tuple[RegionChart, ...], *, whole: str) -> list[dict[str, Any]]:
    return [region_chart(chart, number, whole=whole) for number, chart in enumerate(charts, 1)]


def region_chart(chart: RegionChart, number: int = 1, *, whole: str) -> dict[str, Any]:
    """A chart and its table; ``whole`` names the bar that sums up the others."""
    target = words.percent(chart.target_percent)
    facility = replace(chart.whole.facility, short_name=whole)
    chart = replace(chart, whole=replace(chart.whole, facility=facility))
    return {
        "name": chart.indicator.name_id,
        "target": target,
        "svg": pws_chart(
            chart,
            ident=f"pws-{number}",
            title=_("PWS chart: %(indicator)s") % {"indicator": chart.indicator.name_id},
            description=_("The same figures stand in the table beside it."),
            target_label=target,
        ),
        "cells": [_cell(cell) for cell in chart.cells],
        "whole": _cell(chart.whole),
    }


def _cell(cell: RegionCell) -> dict[str, Any]:
    status = cell.status or ""
    return {
        "name": cell.facility.short_name,
        "rank": words.number(cell.rank),
        "cumulative": words.number(cell.cumulative),
        "coverage": words.percent(cell.coverage),
        "gap": words.signed(cell.gap),
        "trend": words.trend(cell.trend),
        "status": words.STATUS_NAMES.get(status, words.NOTHING),
        "glyph": words.GLYPHS.get(status, ""),
        "status_class": status or "none",
    }


def bullet(line: Line) -> SafeString:
    """Coverage against the target to date; its numbers stand right below, so it has no title."""
    figures = line.figures
    if figures.coverage is None:
        return SafeString("")
    target = None if figures.target_to_date is None else figures.target_percent
    return bullet_bar(figures.coverage, target, fill=figures.status or "none")


def rollout_bar(bar: RolloutBar) -> SafeString:
    """Facilities practising ILP of all, with a tick at this year's plan."""
    return bullet_bar(bar.implemented, bar.planned, whole=bar.total)
