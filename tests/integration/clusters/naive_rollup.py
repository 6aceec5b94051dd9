"""The roll-up once more, in plain Python and as naively as possible."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any

from clusters.models import Achievement, AchievementTotal, Indicator, SumOverride
from clusters.weeks import Week
from facilities.models import Facility, Placement

FIELDS = (
    "numerator", "denominator", "numerator_change", "denominator_change", "running_numerator",
    "running_denominator", "reports", "weeks_reported", "own_weeks", "moved_numerator",
    "moved_denominator",
)  # fmt: skip
Totals = dict[Any, tuple[Any, ...]]


class _Definitions:
    """Which type an indicator has in a week, and since when."""

    def __init__(self) -> None:
        self.versions = defaultdict(list)
        for one in Indicator.objects.order_by("valid_from"):
            self.versions[one.code].append(one)
        self.type = cache(self._type)
        self.first_week = cache(self._first_week)

    def _type(self, code: str, week: Week) -> str:
        versions = self.versions[code]
        begun = [one for one in versions if one.valid_from <= week.end]
        in_force = [one for one in begun if not one.valid_until or one.valid_until > week.end]
        for choice in (in_force[-1:], begun[-1:], versions[:1]):
            if choice:
                return choice[0].calc_type
        return "cumulative"

    def _first_week(self, code: str, week: Week) -> Week:
        """The first week of the year since which the type has been that of this week."""
        first = week
        while first.number > 1 and self.type(code, first - 1) == self.type(code, week):
            first -= 1
        return first


class _Tree:
    def __init__(self) -> None:
        self.placed = list(Placement.objects.all())
        self.all = list(Facility.objects.values_list("pk", flat=True))
        self.children = cache(self._children)
        self.below = cache(self._below)

    def _children(self, facility: int, day: dt.date) -> list[int]:
        return [
            one.facility_id
            for one in self.placed
            if one.parent_id == facility
            and one.start_on <= day
            and (one.end_on is None or day < one.end_on)
        ]

    def _below(self, facility: int, day: dt.date) -> list[int]:
        """With the facility itself."""
        found = [facility]
        for child in self.children(facility, day):
            found += self.below(child, day)
        return found


def _moved(week: Week, count: int | None, first: int | None) -> int:
    if count is None or first is None or week.start.month == week.end.month:
        return 0
    wednesday = week.start + dt.timedelta(days=3)
    return first if wednesday.month == week.end.month else count - first


def _add(values: list[Any]) -> Any:
    found = [value for value in values if value is not None]
    return sum(found) if found else None


def expected_totals() -> Totals:
    """(facility, indicator, year, week) → the stored figures."""
    definitions, tree = _Definitions(), _Tree()
    own = {
        (row.indicator_code, row.week, row.facility_id): row
        for row in Achievement.objects.exclude(numerator=None)
    }
    replaced = {
        (row.indicator_code, row.week, row.facility_id): row for row in SumOverride.objects.all()
    }
    series = {(code, week.year) for code, week, _facility in [*own, *replaced]}
    result: Totals = {}
    for code, year in series:
        of_code = {key[1:]: row for key, row in own.items() if key[0] == code}
        used = {key[1:]: row for key, row in replaced.items() if key[0] == code}
        for facility in tree.all:
            result |= _year(facility, code, year, definitions, tree, of_code, used)
    return result


def _year(facility, code, year, definitions, tree, own, replaced) -> Totals:
    result: Totals = {}
    reported = own_weeks = 0
    before = (0, 0)
    for week in Week(year, 1).until(Week(year, Week(year, 1).of_year)):
        if definitions.first_week(code, week) == week:
            before = (0, 0)
        reporters = [one for one in tree.below(facility, week.end) if (week, one) in own]
        figures: tuple[Any, ...]
        if definitions.type(code, week) == "snapshot":
            rows = [own[week, one] for one in reporters]
            figures = (_add([r.numerator for r in rows]), _add([r.denominator for r in rows]), 0, 0)
            running = _states(facility, week, definitions.first_week(code, week), tree, own)
        else:
            figures = _counts(facility, week, tree, own, replaced)
            running = (before[0] + (figures[0] or 0), before[1] + (figures[1] or 0))
        bit = 1 << (week.number - 1)
        reported |= bit if reporters else 0
        own_weeks |= bit if facility in reporters else 0
        if figures[0] is None and running == before:
            continue
        changes = (running[0] - before[0], running[1] - before[1])
        result[facility, code, year, week] = (
            *figures[:2], *changes, *running, len(reporters), reported, own_weeks, *figures[2:],
        )  # fmt: skip
        before = running
    return result


def _counts(facility, week, tree, own, replaced) -> tuple[Any, ...]:
    """(count, denominator, their parts of the other month): own and children's, or replaced."""
    if (used := replaced.get((week, facility))) is not None:
        return used.numerator, used.denominator, 0, 0
    parts = [
        _counts(child, week, tree, own, replaced) for child in tree.children(facility, week.end)
    ]
    if (row := own.get((week, facility))) is not None:
        moved = (
            _moved(week, row.numerator, row.first_month_numerator),
            _moved(week, row.denominator, row.first_month_denominator),
        )
        parts.append((row.numerator, row.denominator, *moved))
    return (
        _add([part[0] for part in parts]),
        _add([part[1] for part in parts]),
        sum(part[2] for part in parts),
        sum(part[3] for part in parts),
    )


def _states(facility, week, since, tree, own) -> tuple[int, int]:
    """The latest of each that hangs below in this week."""
    total = [0, 0]
    for one in tree.below(facility, week.end):
        rows = [own[at, one] for at in since.until(week) if (at, one) in own]
        if rows:
            total[0] += rows[-1].numerator or 0
            total[1] += rows[-1].denominator or 0
    return total[0], total[1]


def stored_totals() -> Totals:
    return {
        (row.facility_id, row.indicator_code, row.year, row.week): tuple(
            getattr(row, name) for name in FIELDS
        )
        for row in AchievementTotal.objects.all()
    }
