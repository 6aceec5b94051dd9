"""Which empty rows of a form may be answered with one «nihil»."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.models.catalogue import CalcType
from reports.shapes import Line

# An event may not have happened, and a share of the cases found has none when none was found.
# For a service given or a state, 0 is a result that somebody must look up.
EVENTS = {CalcType.COUNT, CalcType.RATIO_OF_FOUND}


def is_event(line: Line) -> bool:
    """By the catalogue: counted events, shares of cases found, and every urgent event."""
    return line.indicator.is_alert or line.indicator.calc_type in EVENTS


def empty_events(lines: Iterable[Line]) -> list[Line]:
    """Event indicators this week's report must carry and of which nothing at all is known: not
    reported in this period, and nothing typed in the facility's own row."""
    return [
        line
        for line in lines
        if is_event(line)
        and line.is_due
        and not line.is_filled
        and line.own_count is None
        and line.own_denominator is None
    ]
