"""Target population of a network's units by year, and whose yearly target differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from fractions import Fraction

from clusters.judgement.periods import LENGTH, Kind, Period
from clusters.judgement.rounding import half_up
from clusters.models import Indicator, Target
from lifecycle.queries import YearlyPeople, target_population_of_year
from reports.figures.queries.units import Network


class People:
    """S by facility, indicator and year; None where it is not wholly known.

    Where people changed hands within the year (a village handed over, a Posyandu moved), a sum
    that grows over the year has the pro-rata people of its months, and everything else those of
    the last day of its period.
    """

    def __init__(
        self, network: Network, ids: Collection[int], years: Sequence[int], on: dt.date
    ) -> None:
        above = {unit.parent for pk in ids if (unit := network.units.get(pk)) and unit.parent}
        top = {one.parent for pk in above if pk and (one := network.units.get(pk)) and one.parent}
        around = {unit.pk for pk in above | top for unit in network.below.get(pk or 0, [])}
        self._network = network
        wanted = sorted({pk for pk in (*ids, *above, *top, *around) if pk is not None})
        self._by_year = {
            year: target_population_of_year(wanted, year, _day(year, on)) for year in years
        }
        self._own_targets = {
            (row.facility_id, row.indicator_code)
            for row in Target.objects.filter(facility__in=wanted, year__in=years)
        }

    def of(self, pk: int, indicator: Indicator, year: int) -> int | None:
        """S of an indicator here, for a sum over the year."""
        return groups_of(indicator, self._groups(pk, year), self._puskesmas(pk))

    def at(self, pk: int, indicator: Indicator, period: Period) -> int | None:
        """S on the last day of a period."""
        groups = self._groups(pk, period.year, _month(period))
        return groups_of(indicator, groups, self._puskesmas(pk))

    def by_period(
        self, pk: int, indicator: Indicator, year: int, kind: Kind
    ) -> tuple[int | None, ...]:
        """S at the end of each period of a year; empty where it is the same in all."""
        changed = self._by_year[year].changed.get(pk, {}) if year in self._by_year else {}
        if not changed.keys() & set(indicator.denominator_groups):
            return ()
        periods = Period(kind, year, 12 // LENGTH[kind]).up_to()
        return tuple(self.at(pk, indicator, one) for one in periods)

    def weight(self, pk: int, indicator: Indicator, period: Period) -> int | None:
        """The people a unit stands for in completeness: S at the end of the period, or where
        reports carry the denominator those of the indicator's group; None where unknown."""
        if indicator.denominator_kind != "report":
            return self.at(pk, indicator, period)
        groups = self._groups(pk, period.year, _month(period))
        known = [groups[code] for code in indicator.group_codes if code in groups]
        return sum(known) if known and len(known) == len(indicator.group_codes) else None

    def _groups(self, pk: int, year: int, month: int | None = None) -> dict[str, int]:
        return groups_in(self._by_year[year], pk, month) if year in self._by_year else {}

    def _puskesmas(self, pk: int) -> int:
        kind = self._network.units[pk].kind
        if kind == "dinkes":
            return len(self._network.puskesmas(pk))
        return 1 if kind == "puskesmas" else 0

    def has_own_target(self, pk: int, above: int, code: str) -> bool:
        """Whether a facility's yearly target may differ from that of the one above."""
        return (pk, code) in self._own_targets or (above, code) in self._own_targets


def _month(period: Period) -> int:
    """The month of its last day; of a block of weeks that ends in January the last of its year."""
    day = period.last_day
    return day.month if day.year == period.year else 12


def groups_in(people: YearlyPeople, pk: int, month: int | None = None) -> dict[str, int]:
    """People by group at the end of a month, or of the whole year."""
    groups = people.on_day.get(pk, {})
    if pk not in people.changed:
        return groups
    then = {
        group: one.year if month is None else one.months[month - 1]
        for group, one in people.changed[pk].items()
    }
    return {group: found for group, found in (groups | then).items() if found is not None}


def _day(year: int, on: dt.date) -> dt.date:
    """The day on which service areas of a year are looked at."""
    return on if on.year == year else dt.date(year, 12, 31)


def groups_of(indicator: Indicator, groups: dict[str, int], puskesmas: int) -> int | None:
    """Factor x sum of the indicator's groups, rounded half up; or its constant per Puskesmas;
    None when a group is unknown or reports carry the denominator."""
    if indicator.denominator_constant is not None:
        return indicator.denominator_constant * puskesmas or None
    figures = [groups.get(code) for code in indicator.denominator_groups]
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    return half_up(Fraction(indicator.denominator_factor) * sum(known))
