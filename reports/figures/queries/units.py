"""Which units a facility's figures are made of, and which of them were open when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from clusters.judgement.periods import Period
from clusters.weeks import Week
from facilities.models import Facility, FacilityStatus, Placement


@dataclass(frozen=True, slots=True)
class Unit:
    pk: int
    kind: str
    code: str
    name: str
    parent: int | None


Span = tuple[dt.date, dt.date | None]


@dataclass(slots=True)
class Network:
    """The Puskesmas and Pustu of some districts with the days they were open."""

    units: dict[int, Unit]
    below: dict[int, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    open: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))
    _open_in: dict[tuple[int, Period], bool] = field(default_factory=dict)

    def was_open(self, pk: int, first: dt.date, last: dt.date) -> bool:
        """On at least one day from ``first`` to ``last``; what has no dated status always is."""
        spans = self.open.get(pk)
        if spans is None:
            return True
        return any(start <= last and (end is None or end > first) for start, end in spans)

    def was_open_in(self, pk: int, period: Period) -> bool:
        """On at least one day of a period; asked again for every indicator."""
        key = (pk, period)
        if key not in self._open_in:
            self._open_in[key] = self.was_open(pk, period.first_week.start, period.last_week.end)
        return self._open_in[key]

    def open_weeks(self, pk: int, weeks: Iterable[Week]) -> frozenset[int]:
        """The numbers of those weeks in which it was open for at least a day."""
        return frozenset(week.number for week in weeks if self.was_open(pk, week.start, week.end))

    def pustu(self, pk: int) -> list[Unit]:
        return [unit for unit in self.below.get(pk, []) if unit.kind == "pustu"]

    def puskesmas(self, pk: int) -> list[Unit]:
        return [unit for unit in self.below.get(pk, []) if unit.kind == "puskesmas"]


def load_network(facilities: Sequence[Facility], on: dt.date) -> Network:
    """Who hung below whom on the day ``on``. Three queries."""
    districts = {facility.district_id for facility in facilities}
    rows = (
        Facility.objects.filter(district__in=districts)
        .exclude(kind="posyandu")
        .order_by("code")
        .values_list("pk", "kind", "code", "name", "parent_id")
    )
    parents = dict(
        Placement.objects.current(on)
        .filter(facility__district__in=districts)
        .values_list("facility_id", "parent_id")
    )
    network = Network(
        {
            pk: Unit(pk, kind, code, name, parents.get(pk, parent))
            for pk, kind, code, name, parent in rows
        }
    )
    for facility in facilities:
        if facility.pk not in network.units:
            network.units[facility.pk] = Unit(
                facility.pk, facility.kind, facility.code, facility.name, facility.parent_id
            )
    for unit in network.units.values():
        if unit.parent is not None:
            network.below[unit.parent].append(unit)
    for pk, operating, start, end in FacilityStatus.objects.filter(
        facility__in=list(network.units)
    ).values_list("facility_id", "operating", "start_on", "end_on"):
        spans = network.open[pk]
        if operating == "open":
            spans.append((start, end))
    return network
