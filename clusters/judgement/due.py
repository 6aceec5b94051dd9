"""Which period a status belongs to on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clusters.judgement import periods, profiles
from clusters.judgement.periods import CLOSING_DAY, Kind, Period

_REPORTED: dict[str, Kind] = {"quarterly": "quarter", "semester": "semester", "yearly": "year"}


@dataclass(frozen=True, slots=True)
class Due:
    """``period`` is judged, ``before`` is what it is compared with. Not ``is_closed``: nothing
    of it is judged yet. ``running``: the campaign under way, whose counts have no status."""

    period: Period
    before: Period
    is_closed: bool = True
    running: Period | None = None


def due(profile: str, on: dt.date, closing_day: int = CLOSING_DAY, frequency: str = "") -> Due:
    """The period judged on the day ``on``, in the district's time. What is reported less often
    than its profile closes is judged as often as it is reported."""
    kind = profiles.kind_of(profile)
    if kind == "month":
        kind = _REPORTED.get(frequency, kind)
    if kind != "campaign":
        period = periods.last_closed(kind, on, closing_day)
        return Due(period, period.before)
    running = periods.open_campaign(profile, on, closing_day)
    if profile in profiles.RATES:  # its result stays until the next campaign has closed
        period = periods.last_campaign(profile, on, closing_day)
        return Due(period, periods.campaign_before(profile, period), running=running)
    # A sum starts anew with the year, once January has closed.
    january = Period("month", on.year, 1)
    year = on.year if periods.is_closed(january, on, closing_day) else on.year - 1
    period = Period("campaign", year, *periods.CAMPAIGNS[profile][0])
    return Due(period, period.before, periods.is_closed(period, on, closing_day), running)
