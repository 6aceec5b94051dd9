"""When a report must carry an indicator, over the turn of years and weeks across two months."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.judgement.periods import month_of
from clusters.weeks import Week
from clusters.windows import is_due, is_last_of_month, period_to_date, value_period

weeks = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)).map(Week.of)


def dues(year: int, frequency: str, profile: str = "") -> list[str]:
    """The weeks of a year in which something is asked for."""
    asked = [one for one in Week(year, 1).until(Week(year + 1, 1) - 1)
             if is_due(one, frequency, profile)]  # fmt: skip
    return [f"W{one.number:02d}" for one in asked]


def test_a_week_belongs_to_the_month_of_most_of_its_days() -> None:
    # 29 March–4 April 2026 has four days in April; 26 April–2 May five in April.
    assert month_of(Week.parse("2026-W13")).number == 4
    assert month_of(Week.parse("2026-W17")).number == 4


def test_monthly_figures_are_asked_for_in_the_last_week_of_their_month() -> None:
    assert dues(2026, "monthly") == [
        "W04", "W08", "W12", "W17", "W21", "W25", "W30", "W34", "W39", "W43", "W47", "W52",
    ]  # fmt: skip


def test_quarters_half_years_and_years() -> None:
    assert dues(2026, "quarterly") == ["W12", "W25", "W39", "W52"]
    assert dues(2026, "semester") == ["W25", "W52"]
    assert dues(2026, "yearly") == ["W52"]


def test_campaigns_are_asked_for_in_their_months_only() -> None:
    assert dues(2026, "campaign", "FEB_AUG") == ["W08", "W34"]
    assert dues(2026, "campaign", "BIAS_AUG") == ["W34", "W39"]
    assert dues(2026, "campaign", "BIAS_NOV") == ["W47", "W52"]
    assert dues(2026, "campaign", "SCHOOL") == ["W30", "W34", "W39", "W43", "W47"]


def test_month_under_way_leaves_the_last_complete_one() -> None:
    middle = Week.of(dt.date(2026, 11, 14))
    assert {month_of(week).number for week in value_period(middle, "monthly")} == {10}
    assert [week.end.day for week in period_to_date(middle, "monthly")] == [7, 14]


@pytest.mark.parametrize("year", [2025, 2026, 2031])
def test_periods_of_a_year_fill_it_without_gap_or_overlap(year: int) -> None:
    for frequency, times in (("monthly", 12), ("quarterly", 4), ("semester", 2), ("yearly", 1)):
        ends = [one for one in Week(year, 1).until(Week(year + 1, 1) - 1)
                if is_due(one, frequency)]  # fmt: skip
        assert len(ends) == times
        found = [week for end in ends for week in period_to_date(end, frequency)]
        assert found == list(Week(year, 1).until(Week(year + 1, 1) - 1))


@given(week=weeks)
def test_every_month_has_one_last_week(week: Week) -> None:
    month = [week + n for n in range(-5, 6) if month_of(week + n) == month_of(week)]
    assert [other for other in month if is_last_of_month(other)] == [month[-1]]
