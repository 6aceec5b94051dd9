"""A small district of its own for a simulated year, thrown away afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from clusters.judgement.periods import Period
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import Area, District, Facility, FacilityStatus, ServiceArea
from ilp.simulation.schedule import Report, on_schedule
from lifecycle.models import LifecycleGroup, TargetPopulation
from reports.figures.queries.definitions import Definitions
from reports.figures.queries.evidence import load_evidence
from reports.figures.queries.facility_lines import MEETING_LAG, facility_lines
from reports.shapes import Line

PROVINCE, DISTRICT = "99", "99.99"  # codes that the ministry gives to nobody
OPEN_SINCE = dt.date(2000, 1, 1)
PEOPLE = (4800, 3600, 2400)  # of the three Pustu, in every group


class _ThrownAway(Exception):
    pass


@dataclass
class Site:
    dinkes: Facility
    puskesmas: Facility
    pustu: list[Facility]
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def facilities(self) -> list[Facility]:
        return [self.dinkes, self.puskesmas, *self.pustu]

    def report(self, year: int, *, only: str = "") -> int:
        """Write the counts of a whole year, or of one profile alone; returns how many."""
        last = Week(year + 1, 1) - 1
        on = dt.date(year, 12, 31)
        board = load_evidence(self.facilities, self.indicators, last, on, 5)
        definitions = Definitions(self.facilities, last, on)
        december = Period("month", year, 12)
        rows: list[Achievement] = []
        for indicator in self.indicators:
            if only and indicator.profile != only:
                continue
            for facility in self._reporters(indicator):
                definition = definitions.of(facility, indicator)
                population = board.people.of(facility.pk, indicator, year)
                plan = None
                if indicator.calc_type == "cumulative" and population:
                    plan = board.plan(facility.pk, indicator, definition, december)
                reports = on_schedule(indicator, year, plan, population or sum(PEOPLE))
                rows += [_row(facility, one) for one in reports]
        Achievement.objects.bulk_create(rows, batch_size=5000)
        return len(rows)

    def _reporters(self, indicator: Indicator) -> Sequence[Facility]:
        if indicator.level == "dinkes":
            return [self.dinkes]
        return [self.puskesmas] if indicator.level == "puskesmas" else self.pustu

    def lines(self, week: Week) -> dict[int, tuple[Line, ...]]:
        """What everybody sees in the meeting of a week."""
        return facility_lines(self.facilities, week, on=week.end + MEETING_LAG)


def _row(facility: Facility, one: Report) -> Achievement:
    return Achievement(
        facility=facility,
        indicator_code=one.code,
        week=one.week,
        year=one.week.year,
        numerator=one.numerator,
        denominator=one.denominator,
        source="demo",
    )


@contextmanager
def simulated(year: int) -> Iterator[Site]:
    """A site whose every indicator was reported exactly on schedule; nothing of it stays."""
    try:
        with transaction.atomic():
            yield _build(year)
            raise _ThrownAway
    except _ThrownAway:
        pass


def _build(year: int) -> Site:
    province = Area.objects.create(code=PROVINCE, name="Simulasi", kind="province")
    regency = Area.objects.create(
        code=DISTRICT, name="Kabupaten Simulasi", kind="regency", parent=province
    )
    district = District.objects.create(area=regency, is_demo=True)
    dinkes = _facility(district, "dinkes", "SIM-0", None)
    puskesmas = _facility(district, "puskesmas", "SIM-1", dinkes)
    pustu = [
        _facility(district, "pustu", f"SIM-1{place}", puskesmas)
        for place in range(1, len(PEOPLE) + 1)
    ]
    groups = set(LifecycleGroup.objects.values_list("code", flat=True))
    for place, (facility, people) in enumerate(zip(pustu, PEOPLE, strict=True), 1):
        village = Area.objects.create(
            code=f"{DISTRICT}.01.200{place}",
            name=f"Desa {place}",
            kind="village",
            parent=regency,
        )
        for holder in (facility, puskesmas):
            ServiceArea.objects.create(facility=holder, village=village, start_on=OPEN_SINCE)
        TargetPopulation.objects.bulk_create(
            TargetPopulation(village=village, group_code=group, year=year, estimated=people)
            for group in sorted(groups)
        )
    Indicator.objects.update(is_collected=True)
    last = Week(year + 1, 1) - 1
    site = Site(dinkes, puskesmas, pustu, list(Indicator.objects.in_week(last)))
    site.report(year - 1, only="LAST_W")  # the first blocks of four weeks begin in the old year
    site.report(year)
    return site


def _facility(district: District, kind: str, code: str, parent: Facility | None) -> Facility:
    facility = Facility.objects.create(
        district=district, kind=kind, code=code, name=f"{kind.title()} {code}", parent=parent
    )
    FacilityStatus.objects.create(facility=facility, operating="open", start_on=OPEN_SINCE)
    facility.refresh_from_db()
    return facility
