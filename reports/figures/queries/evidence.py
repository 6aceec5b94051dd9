"""What the units below a facility have reported for the period that is judged on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from clusters.judgement import profiles, totals
from clusters.judgement.due import Due, due
from clusters.judgement.judge import Evidence
from clusters.judgement.parts import NOTHING, Amount, Block, Member
from clusters.judgement.periods import LENGTH, Period
from clusters.judgement.signal import Signal, Weekly, share_to, signal
from clusters.judgement.verdict import Definition, Verdict
from clusters.models import Indicator
from clusters.targets import Missing
from clusters.weeks import Week
from facilities.models import Facility
from lifecycle.queries import villages_without
from reports.figures.queries.people import People
from reports.figures.queries.points import (
    Cell,
    Points,
    last_of,
    planned_ever,
    yearly_denominators,
)
from reports.figures.queries.units import Network, Unit, load_network

NOTHING_THERE, WHOLE = Fraction(0), Fraction(1)
OWN = "~"  # after its code: what a Puskesmas serves itself, beside its Pustu


@dataclass(slots=True)
class EvidenceBoard:
    """Everything read for some facilities, judged on ``on`` for the review of ``week``."""

    on: dt.date
    week: Week
    closing_day: int
    network: Network
    points: Points
    people: People
    yearly: dict[tuple[int, str], int]
    villages: dict[int, dict[str, list[str]]]  # without a figure, by facility and group
    planned: set[tuple[int, str]]  # whose meetings and papers are entered at all
    _plans: dict[tuple[int, str, int], totals.Plan | None] = field(default_factory=dict)
    _plans_below: dict[tuple[int, str, Period], dict[str, totals.Plan]] = field(
        default_factory=dict
    )

    def due(self, indicator: Indicator) -> Due:
        return due(_profile(indicator), self.on, self.closing_day, indicator.frequency)

    def evidence(
        self, facility: Facility, indicator: Indicator, definition: Definition
    ) -> Evidence:
        """The input of the judgement."""
        at = self.due(indicator)
        code = indicator.code
        if profiles.family(definition.profile, definition.calc_type) == "plan":
            return self._held(facility.pk, code)
        blocks = self._blocks(facility, indicator, definition, at)
        population = self._population(facility, indicator, at.period, blocks)
        plan = None
        if definition.calc_type == "cumulative" and population is not None and at.is_closed:
            plan = self.plan(facility.pk, indicator, definition, at.period)
        by_period = self._by_period(facility.pk, indicator, at.period)
        return Evidence(
            population,
            blocks,
            plan,
            is_known=self._is_known(facility, indicator, at),
            by_period=by_period,
        )

    def _is_known(self, facility: Facility, indicator: Indicator, at: Due) -> bool:
        """Whether anything was reported in the year of the judged period."""
        return bool(self.points.weeks(facility.pk, indicator.code, at.period.last_week))

    def _held(self, pk: int, code: str) -> Evidence:
        now = self.points.at(pk, code, self.week)
        last = self.points.at(pk, code, last_of(self.on.year - 1))
        this_year = now if self.week.year == self.on.year else None
        if self.week.year < self.on.year:
            last = now or last
        return Evidence(
            None,
            held=this_year.numerator if this_year else None,
            held_last_year=last.numerator if last else None,
            is_known=(pk, code) in self.planned,
        )

    def _population(
        self, facility: Facility, indicator: Indicator, period: Period, blocks: Sequence[Block]
    ) -> int | None:
        if indicator.denominator_kind != "yearly":
            if _grows(indicator, period):
                return self.people.of(facility.pk, indicator, period.year)
            return self.people.at(facility.pk, indicator, period)
        known = [m.population for b in blocks for m in b.members if m.population is not None]
        return sum(known) if known else None

    def _by_period(self, pk: int, indicator: Indicator, period: Period) -> tuple[int | None, ...]:
        """S at the end of each period of the year, where a sum is made of them and it changed."""
        if not _grows(indicator, period):
            return ()
        return self.people.by_period(pk, indicator, period.year, period.kind)

    # The units, each as a block.

    def _blocks(
        self, facility: Facility, indicator: Indicator, definition: Definition, at: Due
    ) -> list[Block]:
        periods = _periods(definition, at.period)
        if facility.kind == "dinkes" and indicator.level != "dinkes":
            below = self.network.puskesmas(facility.pk)
            if indicator.level == "puskesmas":
                return [self._whole(unit, indicator, periods, at) for unit in below]
            return [
                block for unit in below for block in self._with_own(unit, indicator, periods, at)
            ]
        unit = self.network.units[facility.pk]
        if facility.kind == "puskesmas" and indicator.level != "puskesmas":
            return self._with_own(unit, indicator, periods, at)
        return [self._whole(unit, indicator, periods, at)]

    def _with_own(
        self, puskesmas: Unit, indicator: Indicator, periods: Sequence[Period], at: Due
    ) -> list[Block]:
        """The Pustu of a Puskesmas, and what is left: its own service, sums it replaced, and
        the history of units that belong to it no longer."""
        blocks = [
            self._whole(unit, indicator, periods, at) for unit in self.network.pustu(puskesmas.pk)
        ]
        whole = self._amounts(puskesmas.pk, indicator, at)
        parts = [self._amounts(unit.pk, indicator, at) for unit in self.network.pustu(puskesmas.pk)]
        rest = tuple(_minus(whole[place], [part[place] for part in parts]) for place in range(3))
        mask = self._mask(puskesmas.pk, indicator.code, own=True)
        if not mask(at.period.last_week):  # nothing of its own: a rest of 0 is no report
            rest = tuple(NOTHING if not any(_pair(one)) else one for one in rest)
        own = self._own(
            puskesmas, at.period.year, lambda pk: self.people.weight(pk, indicator, at.period)
        )
        is_expected = bool(own) or not blocks or bool(mask(at.period.last_week))
        blocks.append(
            Block(
                members=(
                    Member(
                        puskesmas.code + OWN, own, self._own_by_period(puskesmas, indicator, at)
                    ),
                )
                if is_expected
                else (),
                reported=self._reported(puskesmas.pk, indicator, periods, mask)
                if is_expected
                else (None,) * len(periods),
                total=rest[0],
                last=rest[1],
                before=rest[2],
                reported_before=self._fraction(indicator, at.before, mask) if is_expected else None,
            )
        )
        return blocks

    def _own(self, puskesmas: Unit, year: int, people: Callable[[int], int | None]) -> int | None:
        """What a Puskesmas serves itself, by the ``people`` of a facility; None where unknown."""
        whole = people(puskesmas.pk)
        parts = [
            people(unit.pk)
            for unit in self.network.pustu(puskesmas.pk)
            if self.network.was_open(unit.pk, dt.date(year, 1, 1), dt.date(year, 12, 31))
        ]
        if whole is None or None in parts:
            return None
        return max(0, whole - sum(part or 0 for part in parts))

    def _own_of_year(self, puskesmas: Unit, indicator: Indicator, year: int) -> int | None:
        return self._own(puskesmas, year, lambda pk: self.people.of(pk, indicator, year))

    def _own_by_period(
        self, puskesmas: Unit, indicator: Indicator, at: Due
    ) -> tuple[int | None, ...]:
        around = [puskesmas, *self.network.pustu(puskesmas.pk)]
        if not any(self._by_period(unit.pk, indicator, at.period) for unit in around):
            return ()
        kind, year = at.period.kind, at.period.year
        periods = Period(kind, year, 12 // LENGTH[kind]).up_to()
        return tuple(
            self._own(puskesmas, year, lambda pk, one=one: self.people.at(pk, indicator, one))  # type: ignore[misc]
            for one in periods
        )

    def _whole(self, unit: Unit, indicator: Indicator, periods: Sequence[Period], at: Due) -> Block:
        total, last, before = self._amounts(unit.pk, indicator, at)
        mask = self._mask(unit.pk, indicator.code)
        population = self.people.weight(unit.pk, indicator, at.period)
        if indicator.denominator_kind == "yearly":
            population = self.yearly.get((unit.pk, indicator.code))
        return Block(
            members=(
                Member(unit.code, population, self._by_period(unit.pk, indicator, at.period)),
            ),
            reported=self._reported(unit.pk, indicator, periods, mask),
            total=total,
            last=last,
            before=before,
            reported_before=self._fraction(indicator, at.before, mask),
        )

    def _amounts(self, pk: int, indicator: Indicator, at: Due) -> tuple[Amount, Amount, Amount]:
        """(since New Year, in the closed period, in the one before); a state as it was then."""
        code = indicator.code
        if indicator.calc_type == "snapshot":
            now = self.points.to_end_of(pk, code, at.period)
            return now, now, self.points.to_end_of(pk, code, at.before)
        last = self.points.within(pk, code, at.period)
        total = last
        if at.period.kind not in ("campaign", "weeks"):
            total = self.points.to_end_of(pk, code, at.period)
        return total, last, self.points.within(pk, code, at.before)

    def _mask(self, pk: int, code: str, *, own: bool = False) -> Callable[[Week], int]:
        return lambda week: self.points.weeks(pk, code, week, own=own)

    def _reported(
        self,
        pk: int,
        indicator: Indicator,
        periods: Sequence[Period],
        mask: Callable[[Week], int],
    ) -> tuple[Fraction | None, ...]:
        read_to = periods[-1].last_week
        return tuple(
            _part_reported(period, indicator, mask, read_to)
            if self.network.was_open_in(pk, period)
            else None
            for period in periods
        )

    def _fraction(
        self, indicator: Indicator, period: Period, mask: Callable[[Week], int]
    ) -> Fraction:
        return _part_reported(period, indicator, mask, period.last_week)

    # Targets in whole people: parts that add up to the whole.

    def plan(
        self, pk: int, indicator: Indicator, definition: Definition, period: Period
    ) -> totals.Plan | None:
        """The facility's part of the plan of the one above, or its own where there is none."""
        key = (pk, indicator.code, period.year)
        if key not in self._plans:
            self._plans[key] = self._plan(self.network.units[pk], indicator, definition, period)
        return self._plans[key]

    def _plan(
        self, unit: Unit, indicator: Indicator, definition: Definition, period: Period
    ) -> totals.Plan | None:
        population = self.people.of(unit.pk, indicator, period.year)
        if population is None or period.kind in ("campaign", "weeks"):
            return None
        periods = period.up_to()
        by_period = self._by_period(unit.pk, indicator, period)
        own = totals.plan_of(definition, population, periods, by_period)
        above = self.network.units.get(unit.parent) if unit.parent is not None else None
        if above is None or len(definition.targets) > 1 or unit.kind == "posyandu":
            return own
        around = [above, *self.network.below.get(above.pk, [])]
        if any(self._by_period(one.pk, indicator, period) for one in around):
            return own  # of people who changed hands the exact parts are summed
        parts = self._parts(above, indicator, period.year)
        whole = self.people.of(above.pk, indicator, period.year)
        if parts is None or whole is None or sum(parts.values()) != whole:
            return own
        if self.people.has_own_target(unit.pk, above.pk, indicator.code):
            return own
        plan = self.plan(above.pk, indicator, definition, period)
        if plan is None:
            return own
        key = (above.pk, indicator.code, period)
        if key not in self._plans_below:
            # All parts at once: each asks for its own, and they are split together anyway.
            self._plans_below[key] = totals.plans_of_parts(definition, plan, parts, periods)
        return self._plans_below[key].get(unit.code, own)

    def _parts(self, above: Unit, indicator: Indicator, year: int) -> dict[str, int] | None:
        """Population by code of what a facility is made of."""
        parts = {
            unit.code: self.people.of(unit.pk, indicator, year)
            for unit in self.network.below.get(above.pk, [])
            if unit.kind != "posyandu"
        }
        if above.kind == "puskesmas":
            parts[above.code + OWN] = self._own_of_year(above, indicator, year)
        known = {code: people for code, people in parts.items() if people is not None}
        return known if len(known) == len(parts) else None

    # The week's own signal.

    def signal(
        self, facility: Facility, indicator: Indicator, definition: Definition, week: Week
    ) -> Signal | None:
        """None where it has none: not reported weekly, no target, nothing reported."""
        point = self.points.at(facility.pk, indicator.code, week)
        population = self.people.of(facility.pk, indicator, week.year)
        if point is None or not population:
            return None
        year = Period("month", week.year, 12)
        plan = self.plan(facility.pk, indicator, definition, year)
        return signal(
            week=week,
            shares=definition.shares,
            annual_target=definition.target_in(12),
            people=plan.year if plan else 0,
            done=point.numerator,
            due=self._due_by(facility.pk, indicator, definition, week),
            units=self._weekly_units(facility, indicator, week),
        )

    def _due_by(
        self, pk: int, indicator: Indicator, definition: Definition, week: Week
    ) -> Fraction | None:
        """People due by the end of a week, summed month by month; None where S did not change."""
        people = self.people.by_period(pk, indicator, week.year, "month")
        if not people:
            return None
        due, before, share = Fraction(0), Fraction(0), share_to(week, definition.shares)
        for month, there in enumerate(people, 1):
            until = min(definition.shares[month - 1], share)
            due += (there or 0) * definition.target_in(month) / 100 * (until - before)
            before = until
        return due

    def _weekly_units(self, facility: Facility, indicator: Indicator, week: Week) -> list[Weekly]:
        unit = self.network.units[facility.pk]
        puskesmas = [unit] if unit.kind == "puskesmas" else self.network.puskesmas(unit.pk)
        if unit.kind in ("pustu", "posyandu") or indicator.level == "puskesmas":
            wholes = [unit] if unit.kind != "dinkes" else puskesmas
            return [self._weekly(one, indicator, week) for one in wholes]
        found = []
        for one in puskesmas:
            pustu = self.network.pustu(one.pk)
            found += [self._weekly(part, indicator, week) for part in pustu]
            own = self._own_of_year(one, indicator, week.year)
            mask = self.points.weeks(one.pk, indicator.code, week, own=True)
            if own or not pustu or mask:
                found.append(self._weekly(one, indicator, week, own or 0, mask))
        return found

    def _weekly(
        self,
        unit: Unit,
        indicator: Indicator,
        week: Week,
        own: int | None = None,
        own_mask: int = 0,
    ) -> Weekly:
        is_own = own is not None
        mask = own_mask if is_own else self.points.weeks(unit.pk, indicator.code, week)
        people = own if is_own else self.people.of(unit.pk, indicator, week.year)
        weeks = Week(week.year, 1).until(week)
        return Weekly(
            code=unit.code + (OWN if is_own else ""),
            population=people or 0,
            reported=frozenset(n for n in range(1, week.number + 1) if mask >> (n - 1) & 1),
            expected=self.network.open_weeks(unit.pk, weeks),
        )

    # Names for what is missing.

    def without_population(self, facility: Facility, indicator: Indicator) -> list[str]:
        """Villages that have no figure for the indicator's groups."""
        found = self.villages.get(facility.pk, {})
        names = [name for group in indicator.denominator_groups for name in found.get(group, ())]
        return list(dict.fromkeys(names))

    def missing(self, definition: Definition, verdict: Verdict, at: Due) -> tuple[Missing, ...]:
        if verdict.completeness is None:
            return ()
        periods = _periods(definition, at.period)
        names = {unit.code: unit.name for unit in self.network.units.values()}
        return tuple(
            Missing(code, names.get(code.rstrip(OWN), code), str(periods[place]))
            for code, place in verdict.completeness.missing
        )


def _grows(indicator: Indicator, period: Period) -> bool:
    """Whether it is a sum of the year's periods, each with the people of its own."""
    return indicator.calc_type == "cumulative" and period.kind in LENGTH


def _profile(indicator: Indicator) -> str:
    return indicator.profile or profiles.profile_of(indicator.calc_type, indicator.frequency)


def _periods(definition: Definition, period: Period) -> tuple[Period, ...]:
    """The periods a verdict looks at: of a sum all of the year, of a rate the last one."""
    if profiles.family(definition.profile, definition.calc_type) == "total":
        return totals.periods_of(period)
    if period.kind in ("campaign", "weeks") or definition.calc_type != "count":
        return (period,)
    return period.up_to()


def _part_reported(
    period: Period, indicator: Indicator, mask: Callable[[Week], int], read_to: Week
) -> Fraction:
    """Which part of a period a unit has reported. What is asked for once a period is there or
    not. Of what is asked for weekly each week counts, but one figure in the period's last week,
    and none before, is that of the whole period."""
    weeks, years = _bits_of(period)
    there = there_last = 0
    for year, bits, last in years:
        found = bits & mask(read_to if year == read_to.year else last_of(year))
        there += found.bit_count()
        there_last += bool(found & last)
    if not there:
        return NOTHING_THERE
    if indicator.frequency != "weekly" or there == there_last == 1:
        return WHOLE
    return Fraction(there, weeks)


@lru_cache(maxsize=1024)
def _bits_of(period: Period) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """(its weeks, and by year the mask of them and the bit of its last week or 0)."""
    weeks = list(period.weeks())
    found: dict[int, int] = {}
    for week in weeks:
        found[week.year] = found.get(week.year, 0) | 1 << (week.number - 1)
    last = weeks[-1]
    return len(weeks), tuple(
        (year, bits, 1 << (last.number - 1) if year == last.year else 0)
        for year, bits in found.items()
    )


def _pair(amount: Amount) -> tuple[int | None, int | None]:
    return amount.numerator, amount.denominator


def _minus(whole: Amount, parts: Iterable[Amount]) -> Amount:
    if whole.numerator is None:
        return NOTHING
    numerator, denominator = whole.numerator, whole.denominator or 0
    for part in parts:
        numerator -= part.numerator or 0
        denominator -= part.denominator or 0
    return Amount(numerator, denominator)


def load_evidence(
    facilities: Sequence[Facility],
    indicators: Sequence[Indicator],
    week: Week,
    on: dt.date,
    closing_day: int,
) -> EvidenceBoard:
    """A fixed number of queries, however many facilities and however long the history."""
    network = load_network(facilities, on)
    ids = {facility.pk for facility in facilities}
    for facility in facilities:
        below = network.below.get(facility.pk, [])
        ids |= {unit.pk for unit in below}
        if facility.kind == "dinkes":
            ids |= {unit.pk for one in below for unit in network.pustu(one.pk)}
    cells: list[Cell] = []
    years = {week.year}
    for indicator in indicators:
        at = due(_profile(indicator), on, closing_day, indicator.frequency)
        years.add(at.period.year)
        weeks = {
            at.period.last_week, at.period.first_week - 1, at.before.last_week,
            at.before.first_week - 1, week,
        }  # fmt: skip
        if indicator.frequency == "weekly" and indicator.calc_type == "cumulative":
            weeks.add(week - 1)
        if indicator.calc_type == "planned" or at.period.kind == "weeks":
            weeks |= {last_of(on.year - 1), last_of(at.before.first_week.year)}
        cells += [(indicator.code, one) for one in weeks]
    once = [row.code for row in indicators if row.denominator_kind == "yearly"]
    yearly = yearly_denominators(sorted(ids), once, week)
    people = People(network, ids, sorted(years), on)
    groups = sorted({group for row in indicators for group in row.denominator_groups})
    villages = villages_without([row.pk for row in facilities], groups, week.year, on)
    points = Points(sorted(ids), cells)
    planned = planned_ever(
        sorted(ids), [row.code for row in indicators if row.calc_type == "planned"], on.year
    )
    return EvidenceBoard(on, week, closing_day, network, points, people, yearly, villages, planned)
