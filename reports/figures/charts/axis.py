"""The scale of a PWS wall chart, however it is drawn."""

from __future__ import annotations

from reports.shapes import RegionChart

_HEADROOM = 1.08


def axis_top(chart: RegionChart) -> float:
    """The value at the upper edge, in percent: bars start at zero, all fit, the target too."""
    known = [float(c.coverage) for c in (*chart.cells, chart.whole) if c.coverage is not None]
    return max([*known, float(chart.target_percent), 1.0]) * _HEADROOM
