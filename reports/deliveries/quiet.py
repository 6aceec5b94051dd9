"""Quiet hours: nobody's telephone rings at night because of a report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facilities.models import District


def earliest(district: District, now: dt.datetime) -> dt.datetime | None:
    """When a message may leave: None now, else the end of the quiet hours in the district's
    zone. Equal limits mean that there are none."""
    here = now.astimezone(district.zone)
    start, end = district.quiet_from, district.quiet_until
    if start == end or not _is_within(here.time(), start, end):
        return None
    morning = dt.datetime.combine(here.date(), end, district.zone)
    return morning if morning > here else morning + dt.timedelta(days=1)


def _is_within(time: dt.time, start: dt.time, end: dt.time) -> bool:
    if start < end:
        return start <= time < end
    return time >= start or time < end  # over midnight
