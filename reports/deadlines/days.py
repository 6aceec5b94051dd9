"""When a week's work is due, and how late it came (weekly review guide, section E).

Four moments of every week, in the district's own time: the data close, the meeting has been
held, the review is sent, Dinkes has answered. One function gives them all.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

from clusters.weeks import Week
from facilities.models.facility import FacilityKind

if TYPE_CHECKING:
    from facilities.models import District


class Milestone(StrEnum):
    """What is due in a week, in this order; each is a pair of fields of the district."""

    DATA_CLOSED = "data_closes"
    MEETING_HELD = "meeting_by"
    SENT = "sent_by"
    ANSWERED = "answered_by"


@lru_cache(maxsize=32)
def national_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("ID", years=year))


def is_working_day(day: dt.date, district: District | None = None) -> bool:
    """Neither weekend nor national holiday; what the district says about the day comes first
    (a local day off, a joint leave day, or a holiday that is worked all the same)."""
    local = district.local_days.get(day) if district is not None else None
    if local is not None:
        return local
    return day.weekday() < 5 and day not in national_holidays(day.year)


def next_working_day(day: dt.date, district: District | None = None) -> dt.date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day, district):
        day += dt.timedelta(days=1)
    return day


def due_at(district: District, week: Week, milestone: Milestone) -> dt.datetime:
    """The moment a milestone of the week is due, in the district's zone.

    Weekdays count from the Monday after the week (0). A day off moves it to the next working
    day; where that would bring it before the milestone ahead of it, both are due together.
    """
    monday = week.end + dt.timedelta(days=2)
    result: dt.datetime | None = None
    for one in Milestone:
        weekday = getattr(district, f"{one.value}_weekday")
        day = next_working_day(monday + dt.timedelta(days=weekday), district)
        moment = dt.datetime.combine(day, getattr(district, f"{one.value}_at"), district.zone)
        result = moment if result is None else max(result, moment)
        if one is milestone:
            return result
    raise ValueError(milestone)


def deadline(district: District, week: Week, kind: str) -> dt.datetime:
    """When a facility of this kind must have sent the week: a Pustu until the data close
    (Monday 12.00 by default), a Puskesmas until Tuesday 16.00."""
    is_pustu = kind == FacilityKind.PUSTU
    return due_at(district, week, Milestone.DATA_CLOSED if is_pustu else Milestone.SENT)


def last_weeks(district: District, now: dt.datetime) -> tuple[Week, Week]:
    """The last finished week where the district is, and the one before it: with days off the
    data of a week close only after the next one has ended."""
    last = Week.of(now.astimezone(district.zone).date()) - 1
    return last, last - 1


def last_closed_week(district: District, now: dt.datetime) -> Week:
    """The newest week whose figures are complete: its data have closed."""
    week, _before = last_weeks(district, now)
    while due_at(district, week, Milestone.DATA_CLOSED) > now:
        week -= 1
    return week


def days_late(due_at: dt.datetime, sent_at: dt.datetime | None, now: dt.datetime) -> int:
    """Started calendar days past the deadline: 0 in time, 1 from the first minute after it."""
    at = sent_at or now
    if at <= due_at:
        return 0
    return max(1, (at.astimezone(due_at.tzinfo).date() - due_at.date()).days)


def meeting_days_late(due_at: dt.datetime, meeting_on: dt.date | None, now: dt.datetime) -> int:
    """The same for a meeting, of which only the day is known: on the day itself is in time."""
    if meeting_on is None:
        return days_late(due_at, None, now)
    return max(0, (meeting_on - due_at.date()).days)
