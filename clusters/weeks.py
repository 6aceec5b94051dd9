"""The epidemiological week (minggu epidemiologi): Sunday to Saturday, week 1 being the first
with at least four days in the new year (the SKDR calendar; not ISO, which starts on Monday).

The database stores a week's first day; year and number are labels computed from it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from epiweeks import Week as EpiWeek

_LABEL = re.compile(r"([0-9]{4})-W([0-9]{2})")
_ONE_WEEK = dt.timedelta(days=7)
# Far outside them even looking back some weeks leaves the calendar.
YEARS_TAKEN = range(1900, 2200)


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """One week as a value: compared, hashed, written ``2026-W24``.

    Raises ValueError for a number the year does not have.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= weeks_in_year(self.year):
            raise ValueError(f"{self.year} has no week {self.number}")

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The week that contains a day."""
        year, number = _numbers(day)
        return cls(year, number)

    @classmethod
    def parse(cls, label: str) -> Self:
        """``2026-W24`` → Week; ValueError for anything else, also for a year of another age."""
        match = _LABEL.fullmatch(label)
        if match is None:
            raise ValueError(f"not a week like 2026-W24: {label!r}")
        if int(match[1]) not in YEARS_TAKEN:
            raise ValueError(f"not a week of our time: {label!r}")
        return cls(int(match[1]), int(match[2]))

    @property
    def start(self) -> dt.date:
        """The Sunday it starts on."""
        return _first_day(self.year) + (self.number - 1) * _ONE_WEEK

    @property
    def end(self) -> dt.date:
        """The Saturday it ends on."""
        return self.start + dt.timedelta(days=6)

    @property
    def of_year(self) -> int:
        """How many weeks its year has: 52 or 53."""
        return weeks_in_year(self.year)

    def __add__(self, weeks: int) -> Week:
        return _shifted(self, weeks)

    def __sub__(self, weeks: int) -> Week:
        return self + -weeks

    def until(self, last: Week) -> Iterator[Week]:
        """This week and those after it, up to and including ``last``."""
        week = self
        while week <= last:
            yield week
            week += 1

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


@lru_cache(maxsize=4096)  # every row read from the database asks for its week
def _numbers(day: dt.date) -> tuple[int, int]:
    week = EpiWeek.fromdate(day, system="cdc")
    return week.year, week.week


@lru_cache(maxsize=4096)  # a page asks for the same few dozen weeks thousands of times
def _shifted(week: Week, weeks: int) -> Week:
    return Week.of(week.start + weeks * _ONE_WEEK)


@lru_cache(maxsize=256)
def _first_day(year: int) -> dt.date:
    return EpiWeek(year, 1, system="cdc").startdate()


@lru_cache(maxsize=256)
def weeks_in_year(year: int) -> int:
    """52 or 53."""
    return (_first_day(year + 1) - _first_day(year)).days // 7


def month_break(start: dt.date, end: dt.date) -> dt.date | None:
    """The last day of the month ``start`` lies in, where ``end`` lies in the next one."""
    return None if start.month == end.month else end.replace(day=1) - dt.timedelta(days=1)
