"""The computed columns by example: the domain guide's own figures, and every guard."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from clusters.targets import (
    Counts,
    Definition,
    elapsed_share,
    evaluate,
    first_week_with_target,
    is_due,
    one_decimal,
    rank,
)
from clusters.weeks import Week, weeks_in_year
from tests.unit.clusters.cases import BIAS, LINEAR, PROFILES, SCHOOL, VITAMIN_A, profile

K1 = Definition("cumulative", "higher", "weekly", Decimal(80))
WEEKLY_RATE = Definition("period_rate", "higher", "weekly", Decimal(90))
STUNTING = Definition("period_rate", "lower", "monthly", Decimal(14))
ACTIVE_POSYANDU = Definition("snapshot", "higher", "monthly", Decimal(80))
MALNUTRITION_TREATED = Definition("ratio_of_found", "higher", "weekly", Decimal(100))
DEATHS = Definition("count", "lower", "weekly", Decimal(0))
SCHOOL_CHECK = Definition("cumulative", "higher", "monthly", Decimal(100), SCHOOL)
LAST_OF_AUGUST = Week.parse("2026-W34")  # ends on Saturday 29 August
WEEK_24 = Week.parse("2026-W24")


def running(count: int | None, **more: Any) -> Counts:
    """A year's count so far; this week's report is in."""
    return dataclasses.replace(Counts(week=1, running=count, value=count), **more)


# The guide: K1, target 80 % a year = 60 % cumulative in September (three quarters of the year).


def test_k1_has_60_percent_due_in_september() -> None:
    figures = evaluate(K1, 1000, running(600), Week(2026, 39))
    assert figures.target_percent == Decimal("60.0")
    assert figures.target_to_date == 600
    assert figures.coverage == Decimal("60.0")
    assert (figures.gap, figures.percent_of_target) == (0, Decimal("100.0"))
    assert figures.is_on_target is True


def test_k1_has_a_twelfth_due_each_month() -> None:
    even = profile("1|1|1|1|1|1|1|1|1|1|1|1")
    # Saturday 31 January 2026 ends a month: 80 % / 12 = 6.67 %
    assert elapsed_share(Week.parse("2026-W04"), even) == Fraction(1, 12)
    assert one_decimal(80 * elapsed_share(Week.parse("2026-W04"), even)) == Decimal("6.7")
    # and 31 October ten of them
    assert elapsed_share(Week.parse("2026-W43"), even) == Fraction(10, 12)


def test_a_line_with_every_column() -> None:
    counts = Counts(week=5, running=70, recent=16, previous=12)
    figures = evaluate(K1, 210, counts, WEEK_24)
    assert figures.population == 210
    assert figures.target_to_date == 78  # 210 x 80 % x 24/52 = 77.54, no fewer people than that
    assert figures.target_percent == Decimal("36.9")
    assert (figures.week_count, figures.cumulative) == (5, 70)
    assert figures.coverage == Decimal("33.3")
    assert figures.gap == -8
    assert figures.percent_of_target == Decimal("89.7")  # 70/78
    assert figures.need_per_week == Decimal("3.5")  # (168 - 70) / 28
    assert (figures.recent_percent, figures.previous_percent) == (Decimal("7.6"), Decimal("5.7"))
    assert (figures.trend, figures.is_on_target) == ("up", False)
    assert (figures.status, figures.colour) == ("cukup", "yellow")
    assert figures.checks == ()


# Rounding


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 20), "0.1"), (Fraction(49, 1000), "0.0"), (Fraction(25, 100), "0.3"),
        (Fraction(35, 100), "0.4"), (Fraction(9995, 100), "100.0"), (Fraction(2, 3), "0.7"),
        (Fraction(0), "0.0"), (Fraction(-1, 20), "-0.1"), (Fraction(-1, 100), "0.0"),
    ],
)  # fmt: skip
def test_one_decimal_rounds_half_up(value: Fraction, shown: str) -> None:
    assert str(one_decimal(value)) == shown


def test_target_is_rounded_to_the_strict_side() -> None:
    higher = Definition("period_rate", "higher", "weekly", Decimal(14))
    lower = replace(higher, direction="lower")
    # 14 % of 23 = 3.22: at least 4 people, or at most 3 cases
    assert evaluate(higher, 23, running(3), WEEK_24).target_to_date == 4
    assert evaluate(higher, 23, running(3), WEEK_24).is_on_target is False
    assert evaluate(lower, 23, running(3), WEEK_24).target_to_date == 3
    assert evaluate(lower, 23, running(3), WEEK_24).is_on_target is True
    assert evaluate(lower, 23, running(4), WEEK_24).is_on_target is False


def test_whole_target_is_not_rounded_away() -> None:
    """In binary floating point 0.07 x 100 is more than 7, which would round up to 8."""
    definition = Definition("period_rate", "higher", "weekly", Decimal("7.00"))
    assert evaluate(definition, 100, running(7), WEEK_24).target_to_date == 7


# Guards


@pytest.mark.parametrize("calc_type", ["cumulative", "period_rate", "snapshot", "ratio_of_found"])
@pytest.mark.parametrize("count", [0, 7])
def test_population_0_is_not_divided_by(calc_type: str, count: int) -> None:
    definition = replace(K1, calc_type=calc_type)
    figures = evaluate(definition, 0, running(count), WEEK_24)
    assert (figures.coverage, figures.percent_of_target) == (None, None)
    assert (figures.target_to_date, figures.gap, figures.need_per_week) == (None, None, None)
    assert (figures.colour, figures.is_on_target, figures.status) == ("grey", None, None)
    assert figures.checks == ("no_population",)
    assert figures.cumulative == count


@pytest.mark.parametrize("calc_type", ["cumulative", "period_rate", "snapshot", "count"])
@pytest.mark.parametrize("count", [0, 7])
def test_target_0_where_more_is_better_is_not_judged(calc_type: str, count: int) -> None:
    definition = replace(K1, calc_type=calc_type, annual_target=Decimal(0))
    figures = evaluate(definition, 100, running(count, recent=2, previous=1), WEEK_24)
    assert figures.percent_of_target is None
    assert (figures.colour, figures.is_on_target, figures.status) == ("grey", None, None)


@pytest.mark.parametrize(("count", "colour", "on_target"), [(0, "green", True), (1, "red", False)])
def test_target_of_no_deaths(count: int, colour: str, on_target: bool) -> None:
    figures = evaluate(DEATHS, None, Counts(week=0, running=count), WEEK_24)
    assert (figures.colour, figures.is_on_target) == (colour, on_target)
    assert (figures.target_to_date, figures.gap) == (0, count)
    assert (figures.percent_of_target, figures.coverage, figures.population) == (None, None, None)
    assert figures.need_per_week is None
    assert figures.checks == ()


def test_deaths_are_never_divided_by_a_population() -> None:
    counts = Counts(week=1, running=2, recent=1, previous=1)
    assert evaluate(DEATHS, 500, counts, WEEK_24) == evaluate(DEATHS, None, counts, WEEK_24)
    assert evaluate(DEATHS, 500, counts, WEEK_24).recent_percent is None


def test_no_need_in_the_last_week() -> None:
    for year in (2025, 2026):  # 53 and 52 weeks
        last = Week(year, weeks_in_year(year))
        assert evaluate(K1, 1000, running(1), last).need_per_week is None
        assert evaluate(K1, 1000, running(100), last - 1).need_per_week == Decimal("700.0")


def test_no_need_when_the_year_is_reached() -> None:
    assert evaluate(K1, 100, running(80), WEEK_24).need_per_week == Decimal("0.0")
    assert evaluate(K1, 100, running(95), WEEK_24).need_per_week == Decimal("0.0")


def test_no_need_where_fewer_is_better() -> None:
    definition = replace(K1, direction="lower")
    assert evaluate(definition, 100, running(1), WEEK_24).need_per_week is None


@pytest.mark.parametrize(("frequency", "first"), [("weekly", 8), ("monthly", 8), ("quarterly", 8)])
def test_no_trend_before_both_halves_lie_in_the_year(frequency: str, first: int) -> None:
    definition = replace(K1, frequency=frequency)
    counts = running(10, recent=6, previous=4)
    for number in range(1, 53):
        figures = evaluate(definition, 100, counts, Week(2026, number))
        assert figures.trend == ("up" if number >= first else None)
        assert (figures.status is None) == (number < first)


def test_coverage_above_100_is_checked_not_praised() -> None:
    assert evaluate(K1, 100, running(100), WEEK_24).checks == ()
    figures = evaluate(K1, 100, running(101), WEEK_24)
    assert figures.checks == ("over_100",)
    assert figures.coverage == Decimal("101.0")
    more_stunted_than_measured = Counts(week=1, value=12, value_denominator=11)
    assert "over_100" in evaluate(STUNTING, None, more_stunted_than_measured, WEEK_24).checks


@pytest.mark.parametrize(("population", "is_small"), [(1, True), (9, True), (10, False)])
def test_small_population_shows_people(population: int, is_small: bool) -> None:
    figures = evaluate(K1, population, running(1), WEEK_24)
    assert ("small_population" in figures.checks) is is_small


@pytest.mark.parametrize(
    ("percent_of_target", "colour"),
    [
        ("0.0", "red"), ("80.0", "red"), ("80.1", "yellow"), ("90.0", "yellow"),
        ("90.1", "green"), ("130.0", "green"),
    ],
)  # fmt: skip
def test_colour_classes(percent_of_target: str, colour: str) -> None:
    last = Week(2026, 52)
    done = int(Decimal(percent_of_target) * 10)
    figures = evaluate(replace(K1, annual_target=Decimal(100)), 1000, running(done), last)
    assert figures.percent_of_target == Decimal(percent_of_target)
    assert figures.colour == colour


@pytest.mark.parametrize(
    ("cases", "colour", "on_target"),
    [
        (0, "green", True), (140, "green", True), (155, "green", False), (156, "yellow", False),
        (174, "yellow", False), (175, "red", False), (400, "red", False),
    ],
)  # fmt: skip
def test_colours_turn_round_where_fewer_is_better(cases: int, colour: str, on_target: bool) -> None:
    """Allowed 14 % of 1000 = 140; 140/155 = 90.3 %, 140/175 = 80 %."""
    counts = Counts(week=1, value=cases, value_denominator=1000)
    figures = evaluate(STUNTING, None, counts, WEEK_24)
    assert (figures.colour, figures.is_on_target) == (colour, on_target)
    assert figures.gap == cases - 140


@pytest.mark.parametrize(
    ("on_target", "trend", "higher", "lower"),
    [
        (True, "up", "baik", "kurang"),
        (True, "flat", "baik", "baik"),
        (True, "down", "kurang", "baik"),
        (False, "up", "cukup", "jelek"),
        (False, "flat", "jelek", "jelek"),
        (False, "down", "jelek", "cukup"),
    ],
)
def test_pws_quadrant(on_target: bool, trend: str, higher: str, lower: str) -> None:
    previous, recent = {"up": (4, 6), "flat": (5, 5), "down": (6, 4)}[trend]
    good, bad = (90, 10)
    for direction, status in (("higher", higher), ("lower", lower)):
        definition = replace(K1, direction=direction, annual_target=Decimal(100))
        value = good if on_target == (direction == "higher") else bad
        figures = evaluate(
            definition, 100, running(value, recent=recent, previous=previous), WEEK_24
        )
        assert (figures.is_on_target, figures.trend) == (on_target, trend)
        assert figures.status == status


# Belum lapor


def test_due_and_empty_is_grey_but_keeps_its_figures() -> None:
    counts = Counts(week=None, running=70, recent=16, previous=12)
    figures = evaluate(K1, 210, counts, WEEK_24)
    assert (figures.colour, figures.is_on_target, figures.status) == ("grey", None, None)
    assert figures.week_count is None
    assert (figures.cumulative, figures.gap, figures.trend) == (70, -8, "up")


def test_zero_reported_is_not_missing() -> None:
    figures = evaluate(K1, 210, Counts(week=0, running=0), WEEK_24)
    assert (figures.week_count, figures.cumulative, figures.coverage) == (0, 0, Decimal("0.0"))
    assert (figures.colour, figures.is_on_target, figures.gap) == ("red", False, -78)


def test_empty_when_not_due_is_judged_by_what_there_is() -> None:
    definition = replace(K1, frequency="monthly")
    figures = evaluate(definition, 210, Counts(week=None, running=90), WEEK_24)
    assert figures.checks == ("not_due",)
    assert (figures.colour, figures.is_on_target) == ("green", True)


# Calculation types compared with T itself


@pytest.mark.parametrize(
    ("definition", "counts"),
    [
        (WEEKLY_RATE, Counts(week=45, running=900, value=45, value_denominator=50)),
        (ACTIVE_POSYANDU, Counts(week=40, running=40, running_denominator=50)),
        (MALNUTRITION_TREATED, Counts(week=1, running=50, running_denominator=50)),
    ],
)
def test_rates_are_compared_with_t_itself_all_year(definition: Definition, counts: Counts) -> None:
    for number in (1, 24, 52):
        figures = evaluate(definition, None, counts, Week(2026, number))
        assert figures.target_percent == definition.annual_target
        assert figures.percent_of_target == Decimal("100.0")
        assert (figures.gap, figures.is_on_target, figures.colour) == (0, True, "green")
        assert figures.need_per_week is None


def test_period_rate_looks_at_its_last_period_only() -> None:
    counts = Counts(week=4, running=900, running_denominator=901, value=4, value_denominator=10)
    figures = evaluate(WEEKLY_RATE, None, counts, WEEK_24)
    assert (figures.cumulative, figures.cumulative_denominator) == (4, 10)
    assert figures.coverage == Decimal("40.0")
    assert (figures.gap, figures.percent_of_target) == (-5, Decimal("44.4"))


def test_period_rate_with_population() -> None:
    """D/S: the denominator is the target population S."""
    weighed = Definition("period_rate", "higher", "monthly", Decimal(85))
    figures = evaluate(weighed, 200, Counts(week=90, value=170), WEEK_24)
    assert (figures.population, figures.cumulative_denominator) == (200, None)
    assert (figures.coverage, figures.gap) == (Decimal("85.0"), 0)


def test_nothing_found_is_nothing_to_judge() -> None:
    counts = Counts(week=0, running=0, running_denominator=0)
    figures = evaluate(MALNUTRITION_TREATED, None, counts, WEEK_24)
    assert (figures.colour, figures.coverage, figures.gap) == ("grey", None, None)


def test_trend_of_a_counted_denominator_compares_rates() -> None:
    counts = Counts(
        week=9, value=9, value_denominator=10,
        recent=30, recent_denominator=40, previous=40, previous_denominator=80,
    )  # fmt: skip
    figures = evaluate(WEEKLY_RATE, None, counts, WEEK_24)
    assert figures.trend == "up"  # 75 % after 50 %, though fewer people
    assert (figures.recent_percent, figures.previous_percent) == (Decimal("75.0"), Decimal("50.0"))


def test_cumulative_with_a_counted_denominator_is_a_share_of_it() -> None:
    """Talks held of talks planned so far: the plan itself grows with time."""
    counts = Counts(week=1, running=18, running_denominator=20)
    figures = evaluate(K1, None, counts, Week(2026, 2))
    assert (figures.population, figures.target_to_date) == (20, 16)
    assert figures.target_percent == Decimal("80.0")
    assert figures.colour == "green"


def test_count_with_a_target_grows_over_the_year() -> None:
    definition = Definition("count", "higher", "weekly", Decimal(12))
    figures = evaluate(definition, None, Counts(week=1, running=6), Week(2026, 26))
    assert (figures.target_to_date, figures.gap) == (6, 0)
    assert figures.percent_of_target == Decimal("100.0")
    assert figures.target_percent == Decimal("6.0")  # events, not percent


# Seasons


@pytest.mark.parametrize(
    ("weights", "week", "share"),
    [
        (LINEAR, "2026-W01", Fraction(1, 52)),
        (LINEAR, "2026-W26", Fraction(1, 2)),
        (LINEAR, "2025-W26", Fraction(26, 53)),
        (LINEAR, "2025-W53", Fraction(1)),
        (VITAMIN_A, "2026-W04", Fraction(0)),  # ends on 31 January
        (VITAMIN_A, "2026-W05", Fraction(1, 8)),  # 7 of 28 days of February
        (VITAMIN_A, "2026-W08", Fraction(1, 2)),  # 28 February
        (VITAMIN_A, "2026-W30", Fraction(1, 2) + Fraction(1, 62)),  # ends on 1 August
        (VITAMIN_A, "2026-W35", Fraction(1)),
        (BIAS, "2026-W29", Fraction(0)),
        (BIAS, "2026-W40", Fraction(1, 2)),
        (BIAS, "2026-W47", Fraction(1, 2) + Fraction(28, 60)),  # 28 November
        (BIAS, "2026-W48", Fraction(1)),
        (SCHOOL, "2026-W25", Fraction(0)),  # 27 June
        (SCHOOL, "2026-W26", Fraction(20 * 4, 31 * 100)),  # 4 July
        (SCHOOL, "2026-W38", Fraction(50 * 30 + 20 * 26, 30 * 100)),  # 26 September
        (SCHOOL, "2026-W52", Fraction(1)),
    ],
)  # fmt: skip
def test_elapsed_share_by_season(weights: tuple[Decimal, ...], week: str, share: Fraction) -> None:
    assert elapsed_share(Week.parse(week), weights) == share


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("linear", "2026-W01"), ("vitamin A", "2026-W05"), ("BIAS", "2026-W30"),
        ("school", "2026-W26"),
    ],
)  # fmt: skip
def test_first_week_with_target(name: str, label: str) -> None:
    assert str(first_week_with_target(2026, PROFILES[name])) == label


def test_before_the_season_nothing_is_judged() -> None:
    figures = evaluate(SCHOOL_CHECK, 500, running(3), Week.parse("2026-W25"))
    assert figures.checks == ("not_due", "not_started")
    assert (figures.target_to_date, figures.gap, figures.percent_of_target) == (None, None, None)
    assert (figures.colour, figures.is_on_target, figures.status) == ("grey", None, None)
    assert (figures.cumulative, figures.coverage) == (3, Decimal("0.6"))


def test_within_the_season_the_profile_is_the_target() -> None:
    figures = evaluate(SCHOOL_CHECK, 500, running(240), LAST_OF_AUGUST)
    # July 20 + August 30 x 29/31
    assert figures.target_percent == Decimal("48.1")
    assert (figures.target_to_date, figures.gap) == (241, -1)


@pytest.mark.parametrize(
    ("frequency", "weights", "due"),
    [
        ("monthly", LINEAR, [4, 8, 12, 16, 21, 25, 29, 34, 38, 43, 47, 51]),
        ("quarterly", LINEAR, [12, 25, 38, 51]),
        ("monthly", VITAMIN_A, [8, 34]),
        ("monthly", BIAS, [34, 47]),
        ("monthly", SCHOOL, [29, 34, 38, 43, 47, 51]),
        ("weekly", BIAS, [30, 31, 32, 33, 34, 44, 45, 46, 47]),
        ("weekly", profile("0|0|0|0|0|0|0|0|0|0|0|0"), list(range(1, 53))),
    ],
)
def test_due_weeks_of_2026(frequency: str, weights: tuple[Decimal, ...], due: list[int]) -> None:
    weeks = Week(2026, 1).until(Week(2026, 52))
    assert [week.number for week in weeks if is_due(week, frequency, weights)] == due


@pytest.mark.parametrize("year", range(2020, 2032))
def test_each_month_is_due_once(year: int) -> None:
    weeks = list(Week(year, 1).until(Week(year + 1, 1) - 1))
    due = [week.end.month for week in weeks if is_due(week, "monthly")]
    assert sorted(due) == list(range(1, 13))
    assert sum(is_due(week, "quarterly") for week in weeks) == 4
    assert all(is_due(week, "weekly") for week in weeks)


# Ranks


def test_ranks_share_a_place_when_tied() -> None:
    values = [Decimal("62.4"), None, Decimal("80.0"), Decimal("62.4"), Decimal("0.0")]
    assert rank(values) == [2, None, 1, 2, 4]
    assert rank(values, "lower") == [2, None, 4, 2, 1]
    assert rank([]) == []
    assert rank([None]) == [None]
