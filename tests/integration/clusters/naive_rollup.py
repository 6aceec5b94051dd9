"""The roll-up once more, in plain Python and as naively as possible."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from clusters.models import Achievement, AchievementTotal, Indicator
from facilities.models import Facility

FIELDS = (
    "numerator", "denominator", "numerator_change", "denominator_change", "running_numerator",
    "running_denominator", "reports",
)  # fmt: skip


@dataclass
class Cell:
    numerator: int = 0
    denominator: int | None = None
    up: int = 0
    up_denominator: int = 0
    reports: int = 0


Totals = dict[Any, tuple[Any, ...]]


def expected_totals() -> Totals:
    """(facility, indicator, year, week) → the seven stored figures."""
    snapshots = set(Indicator.objects.filter(calc_type="snapshot").values_list("code", flat=True))
    parent = dict(Facility.objects.values_list("pk", "parent"))
    series = defaultdict(list)
    for row in Achievement.objects.exclude(numerator=None).order_by("week"):
        series[row.facility_id, row.indicator_code, row.year].append(row)

    weekly: dict[Any, Cell] = defaultdict(Cell)
    for (facility, code, year), rows in series.items():
        before = (0, 0)
        for row in rows:
            figures = (row.numerator or 0, row.denominator or 0)
            change = (
                (figures[0] - before[0], figures[1] - before[1]) if code in snapshots else figures
            )
            before = figures
            above = facility
            while above is not None:
                cell = weekly[above, code, year, row.week]
                cell.numerator += row.numerator or 0
                if row.denominator is not None:
                    cell.denominator = (cell.denominator or 0) + row.denominator
                cell.up += change[0]
                cell.up_denominator += change[1]
                cell.reports += 1
                above = parent[above]

    running: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    result: Totals = {}
    for key in sorted(weekly):
        cell = weekly[key]
        total = running[key[:3]]
        total[0] += cell.up
        total[1] += cell.up_denominator
        result[key] = (
            cell.numerator,
            cell.denominator,
            cell.up,
            cell.up_denominator,
            *total,
            cell.reports,
        )
    return result


def stored_totals() -> Totals:
    return {
        (row.facility_id, row.indicator_code, row.year, row.week): tuple(
            getattr(row, name) for name in FIELDS
        )
        for row in AchievementTotal.objects.all()
    }
