"""J01–J26 from the database: units, population, target and counts entered, and the line read as
page, paper and API read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from clusters.judgement.periods import Period
from clusters.models import Target
from clusters.weeks import Week
from facilities.models import Facility, ServiceArea
from lifecycle.models import TargetPopulation
from reports.figures import status_words
from reports.figures.queries.facility_lines import facility_lines
from reports.shapes import Line
from tests import clock
from tests.factories.clusters import AchievementFactory, IndicatorFactory
from tests.factories.facilities import AreaFactory, FacilityFactory, PuskesmasFactory, PustuFactory
from tests.unit.clusters.judgement.adapter import Case, load
from tests.unit.clusters.judgement.test_cases import BETTER, BY_MONTH, STATUS, TREND

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    with translation.override("id"):
        yield


GROUP = "BUMIL"
FREQUENCY = {
    "LINEAR_M": "monthly", "LINEAR_Q": "quarterly", "LAST_M": "monthly", "PLAN_Q": "quarterly",
    "FEB_AUG": "campaign", "BIAS_AUG": "campaign",
}  # fmt: skip


class Site:
    """A case as it stands in the database."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._villages = 0
        self.dinkes: Any = FacilityFactory()
        self.units: dict[str, Any] = {}
        units = case.raw["units"]
        for name, unit in units.items():
            if unit.get("level") == "puskesmas":
                self.units[name] = PuskesmasFactory(parent=self.dinkes, code=name, name=name)
        for name, unit in units.items():
            if unit.get("level") != "puskesmas":
                above = next((one for one in self.units.values() if one.kind == "puskesmas"), None)
                parent = above or PuskesmasFactory(parent=self.dinkes)
                if not above:
                    self.units.setdefault("~above", parent)
                self.units[name] = PustuFactory(parent=parent, code=name, name=name)
        self.indicator = self._indicator()
        for name, unit in units.items():
            self._people(name, unit)
        self._counts()

    def _indicator(self) -> Any:
        raw = self.case.raw["indicator"]
        definition = self.case.definition(next(iter(self.case.raw["units"])))
        is_plan = raw["kind"] == "plan"
        at_puskesmas = all(u.get("level") == "puskesmas" for u in self.case.raw["units"].values())
        return IndicatorFactory(
            code=raw["code"][:8],
            calc_type="planned" if is_plan else definition.calc_type,
            direction=raw["direction"],
            profile=raw["profile"],
            frequency=raw.get("entry") or FREQUENCY[raw["profile"]],
            annual_target=Decimal(str(definition.targets[0][1])),
            denominator_groups=[GROUP] if definition.denominator == "population" else [],
            group_codes=[GROUP],
            noun_id=raw["noun"],
            unit="%",
            is_neutral=definition.is_neutral,
            least_complete=None,
            level="puskesmas" if at_puskesmas and "villages" not in str(self.case.raw) else "pustu",
        )

    def _people(self, name: str, unit: dict[str, Any]) -> None:
        facility = self.units[name]
        if "T" in unit:
            for year in (2026, 2027):
                Target.objects.create(
                    facility=facility, indicator_code=self.indicator.code, year=year,
                    annual_target=unit["T"],
                )  # fmt: skip
        villages = unit.get("villages") or ({f"Desa {name}": unit["S"]} if "S" in unit else {})
        for village, people in villages.items():
            self._villages += 1
            area: Any = AreaFactory(
                code=f"91.01.01.{2000 + self._villages}", name=village, kind="village"
            )
            holders = [facility]
            if facility.kind == "pustu":
                holders.append(facility.parent)
            for holder in holders:
                ServiceArea.objects.create(
                    facility=holder, village=area, start_on=dt.date(2020, 1, 1)
                )
            for year in (2025, 2026, 2027):
                TargetPopulation.objects.create(
                    village=area, group_code=GROUP, year=year, estimated=people
                )

    def _counts(self) -> None:
        for unit, period, week, numerator, denominator in self.case.rows:
            at = Week.parse(week) if week else self._held(period)
            AchievementFactory(
                facility=self.units[unit], indicator_code=self.indicator.code, week=at,
                numerator=numerator, denominator=denominator,
            )  # fmt: skip

    def _held(self, quarter: str) -> Week:
        number = int(quarter[-1])
        days = [dt.date.fromisoformat(day) for day in self.case.raw["held_on"]]
        return Week.of(next(day for day in days if (day.month - 1) // 3 + 1 == number))

    def line(self, unit: str, on: dt.date, week: Week | None = None) -> Line:
        clock.move_to(dt.datetime(on.year, on.month, on.day, 5, tzinfo=dt.UTC))
        facility = Facility.objects.select_related("district").get(pk=self.units[unit].pk)
        [line] = facility_lines([facility], week or Week.of(on))[facility.pk]
        return line


def compared(line: Line, direction: str) -> dict[str, Any]:
    judged = line.figures.judged
    assert judged is not None
    words = BETTER if direction == "lower" else TREND
    shown = status_words.standing(line)

    def number(value: Decimal | None) -> float | None:
        return None if value is None else float(value)

    return {
        "closed": judged.period or None,
        "S": judged.population,
        "target_year": judged.target_year,
        "target_to_date": judged.target_to_date,
        "target_over_reported_unit_months": judged.target_to_date,
        "full_target_to_date": judged.full_target_to_date,
        "cumulative": judged.cumulative,
        "numerator": judged.cumulative,
        "denominator": judged.denominator,
        "value": number(judged.coverage),
        "coverage": number(judged.coverage),
        "gap": judged.gap,
        "tolerance": number(judged.tolerance),
        "above": line.figures.is_on_target,
        "trend": words[judged.trend],
        "percent_of_target": number(judged.percent_of_target),
        "need_per_month": number(judged.need),
        "due": judged.due,
        "late": judged.late,
        "status": STATUS[judged.status],
        "decision_forced": judged.is_forced,
        "sending_needs_a_reason": judged.needs_reason,
        "completeness": number(judged.completeness),
        "completeness_words": f"{judged.reported} dari {judged.expected} unit-bulan",
        "units_reported": f"{judged.reported} dari {judged.expected}",
        "missing_units": [one.name for one in judged.missing],
        "missing": sorted(f"{one.name} {one.period}" for one in judged.missing),
        "cumulative_is_lower_bound": judged.is_lower_bound,
        "label": status_words.period_name(judged.period, line.indicator.profile),
        "words": shown,
        "shown_as": f">= {judged.cumulative}" if judged.is_lower_bound else shown,
        "unit_word": line.indicator.people_noun_id,
    }


@pytest.mark.parametrize("name", BY_MONTH.values(), ids=BY_MONTH)
def test_case(name: str) -> None:
    case = Case(load(name))
    site = Site(case)
    lower = case.raw["indicator"]["direction"]
    for expected in case.raw["expect"]:
        on = dt.date.fromisoformat(expected["on"])
        found = compared(site.line(expected["unit"], on), lower)
        for key, right in expected.items():
            if key not in found or (key == "words" and lower == "lower"):
                continue
            if key == "status" and str(right).startswith("not red"):
                assert found[key] != "Jelek"
                continue
            wanted = sorted(right) if key == "missing" else right
            assert found[key] == wanted, (expected["unit"], on, key, wanted, found[key])


def test_weeks_one_to_seven() -> None:
    """J14"""
    case = Case(load("weeks-1-to-7"))
    site = Site(case)
    for expected in case.raw["expect"]:
        on = dt.date.fromisoformat(expected["on"])
        week = Week.parse(expected["week"])
        line = site.line("A", on, week)
        judged = line.figures.judged
        assert judged is not None
        assert line.figures.week_count == expected["week_count"]
        assert line.figures.running == expected["cumulative_running"]
        assert line.figures.cumulative == expected["cumulative_running"]
        assert STATUS[judged.status] == expected["status"]
        assert (judged.period or None) == expected["closed"]
        if expected["closed"]:
            for key in ("target_to_date", "cumulative", "gap"):
                assert getattr(judged, key) == expected[key]


def test_target_changed_in_the_year() -> None:
    """J17"""
    raw = load("target-changed-mid-year")
    change = raw["target_change"]
    site = Site(Case(raw))
    start = dt.date.fromisoformat(change["from"])
    Target.objects.create(
        facility=site.dinkes, indicator_code=site.indicator.code, year=start.year,
        from_month=start.month, annual_target=change["new"],
    )  # fmt: skip
    for expected in raw["expect"][:-1]:  # nothing is known of the old year once it is over
        judged = site.line("A", dt.date.fromisoformat(expected["on"])).figures.judged
        assert judged is not None
        right = expected["from_month"]
        # Nothing was reported, so nothing of it is due; the full target says what would be.
        assert judged.full_target_to_date == right["target_to_date"]
        assert judged.target_year == right["target_year"]
    Target.objects.all().delete()
    Target.objects.create(
        facility=site.dinkes, indicator_code=site.indicator.code, year=start.year,
        annual_target=change["new"], reason="berlaku surut",
    )  # fmt: skip
    for expected in raw["expect"][:-1]:  # nothing is known of the old year once it is over
        judged = site.line("A", dt.date.fromisoformat(expected["on"])).figures.judged
        assert judged is not None
        assert judged.full_target_to_date == expected["retroactive"]["target_to_date"]


def test_week_in_which_nobody_reported() -> None:
    """J24"""
    case = Case(load("all-missing-week"))
    site = Site(case)
    for expected in case.raw["expect"]:
        week = Week.parse(expected["on_week"])
        line = site.line("P", week.end + dt.timedelta(days=2), week)
        assert line.figures.week_count == expected["week_count"]
        assert f"{line.reported} dari {line.expected}" == expected["units_reported"]


@pytest.mark.parametrize("place", range(6))
def test_week_across_two_months(place: int) -> None:
    """J26"""
    case = Case(load("week-across-two-months"))
    one = case.raw["expect"][place]
    week = Week.parse(one["week"])
    site = Site(case)
    AchievementFactory(
        facility=site.units["A"], indicator_code=site.indicator.code, week=week,
        numerator=one["count"], first_month_numerator=one["extra_number"],
    )  # fmt: skip
    for month, count in one["months"].items():
        period = Period.parse(month)
        if period.first_week.year != week.year and one["extra_number"] is None:
            continue  # nothing of the new year yet
        line = site.line("A", period.last_day + dt.timedelta(days=8))
        judged = line.figures.judged
        assert judged is not None
        assert (judged.last or 0) == count
