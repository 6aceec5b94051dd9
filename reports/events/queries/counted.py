"""What the reports count and what the event records say: the two must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.weeks import Week
from facilities.models import Facility
from reports.models import HealthEvent
from reports.models.event import PARTS, EventPlace
from reports.shapes import Line


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of the report beside the records of it."""

    code: str
    counted: int
    recorded: int

    @property
    def missing(self) -> int:
        """Cases without a record; below zero: records that the row does not count."""
        return self.counted - self.recorded


def recorded(facility: Facility, week: Week) -> Counter[str]:
    """Records of a week at a facility and below it, by indicator; sums count their parts. One
    query."""
    codes = (
        HealthEvent.objects.standing()
        .filter(facility__path__descendant_of=facility.path, week=week)
        .values_list("indicator_code", flat=True)
    )
    return with_sums(list(codes))


def with_sums(codes: Sequence[str]) -> Counter[str]:
    """KIA34 = KIA35 + KIA36, KIA15 = KIA34 + KIA37 (monthly_logic.md section 7)."""
    counts = Counter(codes)
    own = dict(counts)
    for whole, parts in PARTS.items():
        counts[whole] += sum(own.get(part, 0) for part in parts)
    return counts


def differences(lines: Sequence[Line], records: Mapping[str, int]) -> dict[str, Difference]:
    """By code, the alert rows with a figure that is not that of the records."""
    return {
        line.indicator.code: found
        for line in lines
        if line.indicator.is_alert and line.figures.week_count is not None
        for found in [
            Difference(
                line.indicator.code, line.figures.week_count, records.get(line.indicator.code, 0)
            )
        ]
        if found.missing
    }


def to_explain(found: Mapping[str, Difference]) -> list[Difference]:
    """Without sums whose difference is that of their parts: one case is asked about once."""

    def is_said(row: Difference) -> bool:
        parts = [found[part].missing for part in PARTS.get(row.code, ()) if part in found]
        return bool(parts) and sum(parts) == row.missing

    return [row for row in found.values() if not is_said(row)]


@dataclass(frozen=True, slots=True)
class EventSums:
    """How many in a year, by date of the event: by residence, and again by place."""

    by_code: Counter[str]
    by_village: Counter[str]
    by_place: Counter[str]


def event_sums(events: Sequence[HealthEvent]) -> EventSums:
    """Needs ``village`` selected. A village that is not known is the empty name."""
    labels = dict(EventPlace.choices)
    return EventSums(
        by_code=with_sums([row.indicator_code for row in events]),
        by_village=Counter(row.village.name if row.village else "" for row in events),
        by_place=Counter(str(labels[row.place]) for row in events),
    )
