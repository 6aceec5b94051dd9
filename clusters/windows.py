"""Which weeks make up a period, and the two halves of a trend.

Weekly indicators compare the last four weeks with the four before. Monthly ones are reported
once a calendar month, and months have four or five Saturdays: a fixed window of four weeks
would now hold two reports, now none. They are compared by calendar months instead (the domain
guide calls the monthly value the official one), quarterly ones by quarters. A week belongs to
the month of its Saturday. See docs/adr/0005-periods.md.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from clusters.weeks import Week

TREND_WEEKS = 4
MONTHS = {"monthly": 1, "quarterly": 3}

Weeks = tuple[Week, ...]


def is_last_of_month(week: Week) -> bool:
    """Whether the week holds the last Saturday of a month."""
    return (week.end + dt.timedelta(days=7)).month != week.end.month


@lru_cache(maxsize=4096)
def period_to_date(week: Week, frequency: str) -> Weeks:
    """The weeks of the reporting period that ``week`` lies in, up to it."""
    if frequency == "weekly":
        return (week,)
    first = _first_month(week, MONTHS[frequency])
    weeks = [week]
    while _month(weeks[-1] - 1) >= first:
        weeks.append(weeks[-1] - 1)
    return tuple(reversed(weeks))


@lru_cache(maxsize=4096)
def value_period(week: Week, frequency: str) -> Weeks:
    """The period a rate is taken over: this week, or the last complete month or quarter."""
    if frequency == "weekly":
        return (week,)
    current = period_to_date(week, frequency)
    if is_last_of_month(week) and week.end.month % MONTHS[frequency] == 0:
        return current
    return period_to_date(current[0] - 1, frequency)


@lru_cache(maxsize=4096)
def trend_halves(week: Week, frequency: str) -> tuple[Weeks, Weeks]:
    """(recent, previous): four weeks and the four before, or two complete periods."""
    if frequency == "weekly":
        last = tuple(week - back for back in range(2 * TREND_WEEKS - 1, -1, -1))
        return last[TREND_WEEKS:], last[:TREND_WEEKS]
    recent = value_period(week, frequency)
    return recent, period_to_date(recent[0] - 1, frequency)


def _month(week: Week) -> int:
    """Months since year 0, so that they can be compared over the turn of a year."""
    return week.end.year * 12 + week.end.month - 1


def _first_month(week: Week, months: int) -> int:
    return _month(week) // months * months
