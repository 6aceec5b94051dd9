"""The yearly targets of a place as they are in force, and the rows they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from clusters.models import Indicator, Target
from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.queries.definitions import Definitions
from reports.figures.queries.facility_lines import LEVELS, judged_on


@dataclass(frozen=True, slots=True)
class TargetRow:
    indicator: Indicator
    # (month it counts from, percent or number), by months.
    targets: tuple[tuple[int, object], ...]
    has_own: bool  # set for this very place


def target_rows(facility: Facility, year: int) -> list[TargetRow]:
    """Every indicator of the reports with the targets of a year. A fixed number of queries."""
    week = Week(year, 26)
    definitions = Definitions([facility], week, judged_on(facility.district, week))
    own = set(
        Target.objects.filter(facility=facility, year=year).values_list("indicator_code", flat=True)
    )
    return [
        TargetRow(one, definitions.of(facility, one).targets, one.code in own)
        for one in Indicator.objects.in_week(week)
        if one.level in LEVELS[facility.kind]
    ]


def own_rows(facility: Facility, code: str) -> list[Target]:
    """All that was ever set for this very place, in order."""
    rows = Target.objects.filter(facility=facility, indicator_code=code)
    return list(rows.select_related("by").order_by("year", "from_month"))


def targets_version(rows: Sequence[Target]) -> str:
    """Changes whenever one of a place's targets of the indicator does."""
    text = "|".join(f"{row.year}-{row.from_month}:{row.version}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
