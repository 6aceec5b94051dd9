"""Periods and the halves of a trend, over the turn of years and months of five Saturdays."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.weeks import Week
from clusters.windows import is_last_of_month, period_to_date, trend_halves, value_period

weeks = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)).map(Week.of)


def labels(found) -> list[str]:
    return [str(week) for week in found]


def test_weekly_trend_is_four_weeks_against_four() -> None:
    recent, previous = trend_halves(Week.parse("2026-W24"), "weekly")
    assert labels(recent) == ["2026-W21", "2026-W22", "2026-W23", "2026-W24"]
    assert labels(previous) == ["2026-W17", "2026-W18", "2026-W19", "2026-W20"]


def test_month_of_five_saturdays_is_compared_whole() -> None:
    # October 2026 has Saturdays 3, 10, 17, 24 and 31; September has four.
    recent, previous = trend_halves(Week.of(dt.date(2026, 10, 31)), "monthly")
    assert [week.end.day for week in recent] == [3, 10, 17, 24, 31]
    assert [week.end.day for week in previous] == [5, 12, 19, 26]


def test_month_under_way_leaves_the_last_complete_one() -> None:
    middle = Week.of(dt.date(2026, 11, 14))
    assert {week.end.month for week in value_period(middle, "monthly")} == {10}
    assert [week.end.day for week in period_to_date(middle, "monthly")] == [7, 14]


def test_quarter_counts_only_when_it_is_over() -> None:
    assert {w.end.month for w in value_period(Week.of(dt.date(2026, 8, 29)), "quarterly")} == {
        4, 5, 6,
    }  # fmt: skip
    assert {w.end.month for w in value_period(Week.of(dt.date(2026, 9, 26)), "quarterly")} == {
        7, 8, 9,
    }  # fmt: skip


@pytest.mark.parametrize("frequency", ["weekly", "monthly", "quarterly"])
@given(week=weeks)
def test_halves_follow_each_other_without_gap_or_overlap(frequency: str, week: Week) -> None:
    recent, previous = trend_halves(week, frequency)
    both = [*previous, *recent]
    assert both == [both[0] + n for n in range(len(both))]
    assert recent[-1] <= week


@given(week=weeks)
def test_every_month_has_one_last_week(week: Week) -> None:
    month = [week + n for n in range(-5, 6) if (week + n).end.month == week.end.month]
    month = [other for other in month if other.end.year == week.end.year]
    assert [other for other in month if is_last_of_month(other)] == [month[-1]]
