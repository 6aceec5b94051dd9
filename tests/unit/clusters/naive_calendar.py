"""The epidemiological calendar a second time: slow and plain on purpose, loops over days."""

from __future__ import annotations

import datetime as dt
from functools import cache

ONE_DAY = dt.timedelta(days=1)


@cache
def year_of_week(sunday: dt.date) -> int:
    """The year that owns at least four of the seven days."""
    years = [(sunday + i * ONE_DAY).year for i in range(7)]
    return max(set(years), key=years.count)


@cache
def week_of(day: dt.date) -> tuple[int, int]:
    """Year and number, by walking back Sunday by Sunday to the year's first week."""
    sunday = day
    while sunday.strftime("%A") != "Sunday":
        sunday -= ONE_DAY
    year, number = year_of_week(sunday), 1
    while year_of_week(sunday - 7 * ONE_DAY) == year:
        sunday -= 7 * ONE_DAY
        number += 1
    return year, number


@cache
def saturdays(year: int) -> list[dt.date]:
    """The last days of a year's weeks, found by looking at every day near it."""
    day, found = dt.date(year - 1, 12, 20), []
    while day < dt.date(year + 1, 1, 12):
        if day.strftime("%A") == "Saturday" and year_of_week(day - 6 * ONE_DAY) == year:
            found.append(day)
        day += ONE_DAY
    return found
