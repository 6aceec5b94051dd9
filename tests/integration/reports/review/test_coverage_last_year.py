"""What last year's same week had: of the people and with the reports of that year."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from clusters.weeks import Week, weeks_in_year
from clusters.windows import value_period
from facilities.models import Facility
from lifecycle.models import TargetPopulation
from reports.figures.queries.facility_lines import facility_lines
from reports.models import WeeklyReview
from reports.sheets.xlsx.layout import BY_KEY, ENTRIES
from reports.sheets.xlsx.writing import review_form
from tests.factories.clusters import AchievementFactory
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
CODE, RATE = "SPM01", "GIZ03"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def week() -> Week:
    return last_week()


@pytest.fixture
def then(week: Week) -> Week:
    """By its number; a year of 52 weeks ends with the 52nd."""
    return Week(week.year - 1, min(week.number, weeks_in_year(week.year - 1)))


def report(facility: Facility, week: Week, count: int, of: int | None = None) -> None:
    AchievementFactory(
        facility=facility, indicator_code=CODE if of is None else RATE, week=week,
        numerator=count, denominator=of,
    )  # fmt: skip


def last_year(facility: Facility, week: Week, code: str = CODE) -> Decimal | None:
    lines = facility_lines([facility], week)[facility.pk]
    (line,) = [line for line in lines if line.indicator.code == code]
    return line.coverage_last_year


def people(facility: Facility, year: int, count: int) -> None:
    TargetPopulation.objects.filter(
        village=facility.village_id, group_code="BUMIL", year=year
    ).update(estimated=count)


def test_counts_up_to_the_same_week_of_the_people_of_that_year(
    world: World, week: Week, then: Week
) -> None:
    people(world.pustu, then.year, 16)
    people(world.pustu, week.year, 20)
    report(world.pustu, then - 3, 2)
    report(world.pustu, then, 3)
    report(world.pustu, week, 20)
    assert last_year(world.pustu, week) == Decimal("31.3")  # 5 of 16


def test_what_came_later_is_not_in_it(world: World, week: Week, then: Week) -> None:
    people(world.pustu, then.year, 10)
    report(world.pustu, then - 1, 4)
    earlier = last_year(world.pustu, week)
    report(world.pustu, then + 1, 5)
    assert last_year(world.pustu, week) == earlier == Decimal("40.0")


def test_no_report_is_not_zero_and_zero_is_a_report(world: World, week: Week, then: Week) -> None:
    report(world.pustu, week, 5)
    assert last_year(world.pustu, week) is None
    report(world.pustu, then + 1, 5)
    assert last_year(world.pustu, week) is None
    report(world.pustu, then, 0)
    assert last_year(world.pustu, week) == Decimal("0.0")


def test_unknown_population_makes_it_unknown(world: World, week: Week, then: Week) -> None:
    report(world.pustu, then, 5)
    TargetPopulation.objects.filter(year=then.year).delete()
    assert last_year(world.pustu, week) is None


def test_a_rate_is_that_of_its_period(world: World, week: Week, then: Week) -> None:
    period = value_period(then, "monthly")
    report(world.posyandu, period[-1], 3, of=4)
    report(world.posyandu, period[0] - 1, 1, of=90)
    assert last_year(world.posyandu, week, RATE) == Decimal("75.0")


def test_a_sum_has_the_reports_of_those_below(world: World, week: Week, then: Week) -> None:
    people(world.pustu, then.year, 10)
    people(world.other_pustu, then.year, 30)
    report(world.pustu, then, 4)
    report(world.other_pustu, then, 6)
    assert last_year(world.puskesmas, week) == Decimal("25.0")


def test_this_year_and_its_trend_are_as_before(world: World, week: Week, then: Week) -> None:
    report(world.pustu, week, 5)

    def figures() -> list[object]:
        lines = facility_lines([world.pustu, world.puskesmas], week)
        return [(line.figures, line.spark) for rows in lines.values() for line in rows]

    before = figures()
    report(world.pustu, then, 7)
    report(world.pustu, then + 2, 7)
    assert figures() == before


def test_queries_do_not_grow_with_facilities_or_history(
    world: World, week: Week, then: Week
) -> None:
    def count(facilities: list[Facility]) -> int:
        with CaptureQueriesContext(connection) as captured:
            facility_lines(facilities, week)
        return len(captured)

    few = count([world.pustu])
    report(world.pustu, then, 7)
    report(world.pustu, then - 4, 7)
    assert count([world.pustu, world.other_pustu, world.puskesmas]) == few == 27


def test_the_form_says_it(world: World, week: Week, then: Week) -> None:
    people(world.pustu, then.year, 10)
    report(world.pustu, then, 4)
    review = WeeklyReview(facility=world.pustu, week=week)
    sheet = load_workbook(io.BytesIO(review_form(review)))[ENTRIES]
    column = BY_KEY["coverage_last_year"].letter
    said = {
        row[0].value: sheet[f"{column}{row[0].row}"].value for row in sheet.iter_rows(min_row=6)
    }
    assert (said[CODE], said["KIA02"]) == (40, None)
