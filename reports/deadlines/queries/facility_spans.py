"""When facilities were open, for many weeks at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from facilities.models import Facility, FacilityStatus

type Span = tuple[dt.date, dt.date | None]


def open_spans(facilities: Sequence[Facility]) -> dict[int, list[Span]]:
    """(first day, first day no longer) of every time each facility was open. One query."""
    spans: dict[int, list[Span]] = {}
    rows = FacilityStatus.objects.filter(
        facility__in=[row.pk for row in facilities], operating="open"
    )
    for row in rows:
        spans.setdefault(row.facility_id, []).append((row.start_on, row.end_on))
    return spans


def is_expected(spans: Iterable[Span], first: dt.date, last: dt.date) -> bool:
    """Open on at least one of the days of a period, both ends included."""
    return any(start <= last and (end is None or end > first) for start, end in spans)
