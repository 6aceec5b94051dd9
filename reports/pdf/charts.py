"""Charts of the report: the page's own SVG functions, with the numbers beside them."""

from __future__ import annotations

from typing import Any

from reports.pdf import words
from reports.queries.shapes import Line, RegionCell, RegionChart, RolloutBar


def region_charts(charts: tuple[RegionChart, ...]) -> list[dict[str, Any]]:
    return [region_chart(chart) for chart in charts]


def region_chart(chart: RegionChart) -> dict[str, Any]:
    return {
        "name": chart.indicator.name_id,
        "target": words.percent(chart.target_percent),
        "svg": "",
        "cells": [_cell(cell) for cell in chart.cells],
        "whole": _cell(chart.whole),
    }


def _cell(cell: RegionCell) -> dict[str, Any]:
    return {
        "name": cell.facility.short_name,
        "rank": words.number(cell.rank),
        "cumulative": words.number(cell.cumulative),
        "coverage": words.percent(cell.coverage),
        "gap": words.signed(cell.gap),
        "trend": words.trend(cell.trend),
        "status": words.STATUS_NAMES.get(cell.status or "", words.NOTHING),
        "glyph": words.GLYPHS.get(cell.status or "", ""),
        "status_class": cell.status or "none",
    }


def bullet(line: Line) -> str:
    return ""


def rollout_bar(bar: RolloutBar) -> str:
    return ""
