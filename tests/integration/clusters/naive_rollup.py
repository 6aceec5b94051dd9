"""The roll-up once more, in plain Python and as naively as possible."""

from __future__ import annotations

from collections import defaultdict

from clusters.models import Achievement, AchievementTotal, Indicator
from facilities.models import Facility

FIELDS = (
    "numerator", "denominator", "numerator_change", "denominator_change", "running_numerator",
    "running_denominator", "reports",
)  # fmt: skip


def expected_totals() -> dict:
    """(facility, indicator, year, week) → the seven stored figures."""
    snapshots = set(Indicator.objects.filter(calc_type="snapshot").values_list("code", flat=True))
    parent = dict(Facility.objects.values_list("pk", "parent"))
    series = defaultdict(list)
    for row in Achievement.objects.exclude(numerator=None).order_by("week"):
        series[row.facility_id, row.indicator_code, row.year].append(row)

    weekly = defaultdict(lambda: [0, None, 0, 0, 0])
    for (facility, code, year), rows in series.items():
        before = (0, 0)
        for row in rows:
            figures = (row.numerator, row.denominator or 0)
            change = (
                (figures[0] - before[0], figures[1] - before[1]) if code in snapshots else figures
            )
            before = figures
            above = facility
            while above is not None:
                cell = weekly[above, code, year, row.week]
                cell[0] += row.numerator
                if row.denominator is not None:
                    cell[1] = (cell[1] or 0) + row.denominator
                cell[2] += change[0]
                cell[3] += change[1]
                cell[4] += 1
                above = parent[above]

    running = defaultdict(lambda: [0, 0])
    result = {}
    for key in sorted(weekly):
        numerator, denominator, up, up_denominator, reports = weekly[key]
        total = running[key[:3]]
        total[0] += up
        total[1] += up_denominator
        result[key] = (numerator, denominator, up, up_denominator, *total, reports)
    return result


def stored_totals() -> dict:
    return {
        (row.facility_id, row.indicator_code, row.year, row.week): tuple(
            getattr(row, name) for name in FIELDS
        )
        for row in AchievementTotal.objects.all()
    }
