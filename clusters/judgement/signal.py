"""The week's own signal: people ahead of or behind the week's share, beside the status of the last
closed month and never a second colour (guide, section 3a)."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from clusters.judgement.rounding import Share, half_up, split
from clusters.judgement.totals import tolerance
from clusters.weeks import Week

Name = Literal["on_track", "behind", "far_behind"]


@dataclass(frozen=True, slots=True)
class Weekly:
    """``reported``: the numbers of the weeks a unit has reported, ``expected``: those it had to."""

    code: str
    population: int
    reported: frozenset[int]
    expected: frozenset[int]


@dataclass(frozen=True, slots=True)
class Signal:
    name: Name
    target: int  # people to the end of the week, of what was reported
    done: int
    tolerance: int

    @property
    def gap(self) -> int:
        return self.done - self.target


def share_to(week: Week, shares: Sequence[Fraction]) -> Fraction:
    """Part of the year due by the week's Saturday; 1 in the last week of the year."""
    if week.number == week.of_year:
        return Fraction(1)
    day = week.end
    if day.year != week.year:
        return Fraction(0) if day.year < week.year else Fraction(1)
    days = calendar.monthrange(day.year, day.month)[1]
    before = shares[day.month - 2] if day.month > 1 else Fraction(0)
    return before + (shares[day.month - 1] - before) * Fraction(day.day, days)


def missing_share(week: Week, shares: Sequence[Fraction], unit: Weekly) -> Fraction:
    """The part of a unit's year that was due in weeks it did not report."""
    gaps = {number for number in unit.expected if number <= week.number} - unit.reported
    whole = Fraction(0)
    for number in gaps:
        at = Week(week.year, number)
        whole += share_to(at, shares)
        if number > 1:
            whole -= share_to(Week(week.year, number - 1), shares)
    return whole


def signal(
    *,
    week: Week,
    shares: Sequence[Fraction],
    annual_target: Fraction,
    people: int,
    done: int,
    units: Sequence[Weekly],
    due: Fraction | None = None,
) -> Signal:
    """``people`` N, the year's target in people; ``annual_target`` T in percent; ``done`` K;
    ``due``: what of N is due by the end of the week, where that is not its share of N."""
    exact = people * share_to(week, shares) if due is None else due
    missing = [missing_share(week, shares, unit) for unit in units]
    if any(missing):
        of_unit = [
            Share(unit.population * annual_target / 100, unit.population, unit.code)
            for unit in units
        ]
        whole = min(people, half_up(sum((one.exact for one in of_unit), Fraction(0))))
        for number, gap in zip(split(whole, of_unit), missing, strict=True):
            exact -= number * gap
    target = max(0, half_up(exact))
    allowed = max(tolerance(target), ceil(Fraction(people, week.of_year)))
    name: Name = "on_track"
    if done < target - allowed:
        name = "far_behind" if done * 10 < target * 9 else "behind"
    return Signal(name, target, done, allowed)
