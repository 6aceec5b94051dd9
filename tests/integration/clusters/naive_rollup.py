"""The roll-up once more, in plain Python and as naively as possible."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from clusters.models import Achievement, AchievementTotal, Indicator, SumOverride
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


def _own(snapshots: set[str]) -> dict[Any, Cell]:
    series = defaultdict(list)
    for row in Achievement.objects.exclude(numerator=None).order_by("week"):
        series[row.facility_id, row.indicator_code, row.year].append(row)
    own: dict[Any, Cell] = {}
    for (facility, code, year), rows in series.items():
        before = (0, 0)
        for row in rows:
            figures = (row.numerator or 0, row.denominator or 0)
            change = (
                (figures[0] - before[0], figures[1] - before[1]) if code in snapshots else figures
            )
            before = figures
            own[facility, code, year, row.week] = Cell(figures[0], row.denominator, *change, 1)
    return own


def _sum(parts: list[Cell]) -> Cell:
    total = Cell()
    for part in parts:
        total.numerator += part.numerator
        if part.denominator is not None:
            total.denominator = (total.denominator or 0) + part.denominator
        total.up += part.up
        total.up_denominator += part.up_denominator
        total.reports += part.reports
    return total


def _weekly(snapshots: set[str]) -> dict[Any, Cell]:
    """(facility, indicator, year, week) → its own with its children's, or what replaces it."""
    own = _own(snapshots)
    replaced = {
        (row.facility_id, row.indicator_code, row.year, row.week): row
        for row in SumOverride.objects.exclude(indicator_code__in=snapshots)
    }
    children = defaultdict(list)
    for child, above in Facility.objects.values_list("pk", "parent"):
        children[above].append(child)
    weekly: dict[Any, Cell] = {}

    def add_up(facility: int, *of: Any) -> Cell | None:
        parts = [own.get((facility, *of)), *(add_up(child, *of) for child in children[facility])]
        found = [part for part in parts if part is not None]
        total = _sum(found)
        if (used := replaced.get((facility, *of))) is not None:
            total = Cell(used.numerator, used.denominator, used.numerator,
                         used.denominator or 0, total.reports)  # fmt: skip
        elif not found:
            return None
        weekly[facility, *of] = total
        return total

    for of in {key[1:] for key in [*own, *replaced]}:
        for top in children[None]:
            add_up(top, *of)
    return weekly


def expected_totals() -> Totals:
    """(facility, indicator, year, week) → the seven stored figures."""
    snapshots = set(Indicator.objects.filter(calc_type="snapshot").values_list("code", flat=True))
    weekly = _weekly(snapshots)
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
