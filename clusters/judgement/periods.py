"""Months, quarters, half-years, years, campaigns and blocks of four weeks: which weeks they hold,
when they are over, and from which morning on their figures stand.

A week belongs to the month that holds at least four of its days: that of its Wednesday.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from clusters.weeks import Week

Kind = Literal["month", "quarter", "semester", "year", "campaign", "weeks"]

LENGTH: dict[Kind, int] = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
GRACE_DAYS = 7
CLOSING_DAY = 5
BLOCK = 4  # weeks that a weekly rate is taken over
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``number``: which month, quarter … of the year; of a campaign the month it starts in; of a
    block of weeks the number of its last week. ``last_month``: of a campaign, the catch-up's."""

    kind: Kind
    year: int
    number: int
    last_month: int = 0

    def __str__(self) -> str:
        mark = {"month": "", "quarter": "Q", "semester": "S", "weeks": "W", "campaign": "C"}
        if self.kind == "year":
            return str(self.year)
        width = 2 if self.kind in ("month", "weeks", "campaign") else 1
        return f"{self.year}-{mark[self.kind]}{self.number:0{width}d}"

    @classmethod
    def parse(cls, label: str) -> Period:
        """The inverse of str; a campaign's catch-up month is not in its label."""
        year, _dash, rest = label.partition("-")
        kinds: dict[str, Kind] = {"Q": "quarter", "S": "semester", "W": "weeks", "C": "campaign"}
        if not rest:
            return cls("year", int(year), 1)
        kind = kinds.get(rest[0], "month")
        return cls(kind, int(year), int(rest.lstrip("QSWC")))

    @property
    def months(self) -> range:
        """The calendar months it covers."""
        if self.kind == "campaign":
            return range(self.number, (self.last_month or self.number) + 1)
        length = LENGTH[self.kind]
        return range((self.number - 1) * length + 1, self.number * length + 1)

    @property
    def first_day(self) -> dt.date:
        if self.kind == "weeks":
            return (Week(self.year, self.number) - (BLOCK - 1)).start
        return dt.date(self.year, self.months[0], 1)

    @property
    def last_day(self) -> dt.date:
        if self.kind == "weeks":
            return Week(self.year, self.number).end
        month = self.months[-1]
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def first_week(self) -> Week:
        return _first_week_from(self.first_day)

    @property
    def last_week(self) -> Week:
        return _first_week_from(self.last_day + _DAY) - 1

    def weeks(self) -> Iterator[Week]:
        """The weeks that belong to it."""
        return self.first_week.until(self.last_week)

    @property
    def before(self) -> Period:
        """The one before, also over New Year; of a campaign the same one a year ago (see
        ``campaign_before`` for campaigns that are compared with each other)."""
        if self.kind == "weeks":
            week = Week(self.year, self.number) - BLOCK
            return Period("weeks", week.year, week.number)
        if self.kind == "campaign":
            return Period("campaign", self.year - 1, self.number, self.last_month)
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, 12 // LENGTH[self.kind])

    def up_to(self) -> tuple[Period, ...]:
        """The periods of its year so far, this one last."""
        return tuple(Period(self.kind, self.year, number) for number in range(1, self.number + 1))


@lru_cache(maxsize=4096)
def _first_week_from(day: dt.date) -> Week:
    """The first week whose Wednesday is not before a day."""
    week = Week.of(day)
    return week if week.start + 3 * _DAY >= day else week + 1


def month_of(week: Week) -> Period:
    """The month a week belongs to."""
    middle = week.start + 3 * _DAY
    return Period("month", middle.year, middle.month)


def stands_from(period: Period, closing_day: int = CLOSING_DAY) -> dt.date:
    """The first morning on which the period is closed.

    A month closes at the end of the closing day of the next one; quarters and longer ones after
    seven days of grace; a campaign with months of catch-up on its last day, another one like a
    month. A block of weeks when its last week is over.
    """
    following = period.last_day + _DAY
    if period.kind == "weeks":
        return following
    if period.kind == "campaign" and len(period.months) > 1:
        return following
    if period.kind in ("month", "campaign"):
        return following + closing_day * _DAY
    return following + GRACE_DAYS * _DAY


def is_closed(period: Period, on: dt.date, closing_day: int = CLOSING_DAY) -> bool:
    return on >= stands_from(period, closing_day)


@lru_cache(maxsize=4096)
def last_closed(kind: Kind, on: dt.date, closing_day: int = CLOSING_DAY) -> Period:
    """The last closed month, quarter, half-year, year or block of weeks on a day."""
    if kind == "weeks":
        week = Week.of(on) - 1
        return Period("weeks", week.year, week.number)
    length = LENGTH[kind]
    period = Period(kind, on.year, (on.month - 1) // length + 1)
    while not is_closed(period, on, closing_day):
        period = period.before
    return period


def last_over(kind: Kind, on: dt.date) -> Period:
    """The last one that is over, closed or not: what a plan asks for."""
    return Period(kind, on.year, (on.month - 1) // LENGTH[kind] + 1).before


# (first month, last month with its catch-up) of the campaigns of a profile.
CAMPAIGNS: dict[str, tuple[tuple[int, int], ...]] = {
    "FEB_AUG": ((2, 2), (8, 8)),
    "BIAS_AUG": ((8, 9),),
    "BIAS_NOV": ((11, 12),),
    "BIAS": ((8, 9), (11, 12)),
}


@lru_cache(maxsize=4096)
def last_campaign(profile: str, on: dt.date, closing_day: int = CLOSING_DAY) -> Period:
    """The campaign that closed last."""
    candidates = [
        Period("campaign", year, first, last)
        for year in (on.year, on.year - 1)
        for first, last in CAMPAIGNS[profile]
    ]
    closed = [one for one in candidates if is_closed(one, on, closing_day)]
    return max(closed, key=lambda one: one.last_day)


def campaign_before(profile: str, period: Period) -> Period:
    """What a campaign is compared with: vitamin A with the half-year before, school
    immunisation with the same one a year ago (other vaccines, other grades)."""
    if profile != "FEB_AUG":
        return period.before
    if period.number == CAMPAIGNS[profile][0][0]:
        return Period("campaign", period.year - 1, *CAMPAIGNS[profile][1])
    return Period("campaign", period.year, *CAMPAIGNS[profile][0])


def open_campaign(profile: str, on: dt.date, closing_day: int = CLOSING_DAY) -> Period | None:
    """The campaign that has begun and is not yet closed, if there is one."""
    for first, last in CAMPAIGNS[profile]:
        one = Period("campaign", on.year, first, last)
        if one.first_day <= on < stands_from(one, closing_day):
            return one
    return None
