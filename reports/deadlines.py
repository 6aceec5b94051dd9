"""When a week's review is due (weekly review guide, section E)."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

from facilities.models.facility import FacilityKind

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import District


@lru_cache(maxsize=32)
def _national_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("ID", years=year))


def next_working_day(day: dt.date) -> dt.date:
    """The day itself, or the first after it that is no weekend and no national holiday."""
    while day.weekday() >= 5 or day in _national_holidays(day.year):
        day += dt.timedelta(days=1)
    return day


def deadline(district: District, week: Week, kind: str) -> dt.datetime:
    """When a facility of this kind must have sent the week, in the district's zone.

    Counted from the Sunday after the week: a Pustu until the data close (Monday 12.00 by
    default), a Puskesmas until Tuesday 16.00. A holiday moves it to the next working day.
    """
    is_pustu = kind == FacilityKind.PUSTU
    weekday = district.data_closes_weekday if is_pustu else district.sent_by_weekday
    time = district.data_closes_at if is_pustu else district.sent_by_at
    monday = week.end + dt.timedelta(days=2)
    day = next_working_day(monday + dt.timedelta(days=weekday))
    return dt.datetime.combine(day, time, district.zone)


def days_late(due_at: dt.datetime, sent_at: dt.datetime | None, now: dt.datetime) -> int:
    """Started calendar days past the deadline: 0 in time, 1 from the first minute after it."""
    at = sent_at or now
    if at <= due_at:
        return 0
    return max(1, (at.astimezone(due_at.tzinfo).date() - due_at.date()).days)
