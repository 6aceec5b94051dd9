"""The epidemiological week: properties from 1990 to 2060, and the turn of thirty years."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.weeks import Week, weeks_in_year
from tests.unit.clusters import naive_calendar as naive

days = st.dates(dt.date(1990, 1, 7), dt.date(2060, 12, 25))
weeks = days.map(Week.of)
ONE_DAY = dt.timedelta(days=1)


@given(days)
def test_week_contains_its_day_from_sunday_to_saturday(day: dt.date) -> None:
    week = Week.of(day)
    assert week.start <= day <= week.end
    assert week.start.strftime("%A") == "Sunday"
    assert week.end.strftime("%A") == "Saturday"
    assert (week.end - week.start).days == 6


def test_every_day_belongs_to_exactly_one_week() -> None:
    """Week after week without a hole or an overlap, numbers consecutive, 1990 to 2060."""
    week, end = Week(1990, 1), Week(2060, weeks_in_year(2060))
    seen = 0
    for later in Week(1990, 2).until(end):
        assert later.start == week.end + ONE_DAY
        assert (later.year, later.number) in {(week.year, week.number + 1), (week.year + 1, 1)}
        assert later > week
        week = later
        seen += 1
    assert week == end
    assert seen + 1 == sum(weeks_in_year(year) for year in range(1990, 2061))


@pytest.mark.parametrize("year", range(1990, 2061))
def test_year_matches_the_naive_calendar(year: int) -> None:
    ends = naive.saturdays(year)
    assert weeks_in_year(year) == len(ends)
    assert len(ends) in (52, 53)
    assert [Week(year, n + 1).end for n in range(len(ends))] == ends
    first_week = [Week(year, 1).start + i * ONE_DAY for i in range(7)]
    assert sum(day.year == year for day in first_week) >= 4
    week_before = [day - 7 * ONE_DAY for day in first_week]
    assert sum(day.year == year for day in week_before) < 4


@given(days)
@settings(max_examples=200)
def test_year_and_number_match_the_naive_calendar(day: dt.date) -> None:
    week = Week.of(day)
    assert (week.year, week.number) == naive.week_of(day)


@given(weeks)
def test_label_round_trip(week: Week) -> None:
    assert Week.parse(str(week)) == week
    assert len(str(week)) == 8


@given(weeks, st.integers(-300, 300), st.integers(-300, 300))
def test_arithmetic(week: Week, a: int, b: int) -> None:
    assert week + a + b == week + (a + b)
    assert week + a - a == week
    assert (week + a).start == week.start + a * 7 * ONE_DAY
    assert (week + a > week) == (a > 0)
    assert hash(week + 0) == hash(week)


@given(weeks, st.integers(0, 120))
def test_until_includes_both_ends(week: Week, length: int) -> None:
    listed = list(week.until(week + length))
    assert (listed[0], listed[-1], len(listed)) == (week, week + length, length + 1)
    assert list((week + 1).until(week)) == []


@given(weeks, weeks)
def test_order_of_weeks_labels_and_dates_agree(a: Week, b: Week) -> None:
    assert (a < b) == (a.start < b.start) == (str(a) < str(b))


# year, its first day, its number of weeks, the week of 31 December and that of 1 January after
TURNS = [
    (2010, "2010-01-03", 52, "2010-W52", "2010-W52"),
    (2011, "2011-01-02", 52, "2011-W52", "2012-W01"),
    (2012, "2012-01-01", 52, "2013-W01", "2013-W01"),
    (2013, "2012-12-30", 52, "2014-W01", "2014-W01"),
    (2014, "2013-12-29", 53, "2014-W53", "2014-W53"),
    (2015, "2015-01-04", 52, "2015-W52", "2015-W52"),
    (2016, "2016-01-03", 52, "2016-W52", "2017-W01"),
    (2017, "2017-01-01", 52, "2018-W01", "2018-W01"),
    (2018, "2017-12-31", 52, "2019-W01", "2019-W01"),
    (2019, "2018-12-30", 52, "2020-W01", "2020-W01"),
    (2020, "2019-12-29", 53, "2020-W53", "2020-W53"),
    (2021, "2021-01-03", 52, "2021-W52", "2021-W52"),
    (2022, "2022-01-02", 52, "2022-W52", "2023-W01"),
    (2023, "2023-01-01", 52, "2024-W01", "2024-W01"),
    (2024, "2023-12-31", 52, "2025-W01", "2025-W01"),
    (2025, "2024-12-29", 53, "2025-W53", "2025-W53"),
    (2026, "2026-01-04", 52, "2026-W52", "2026-W52"),
    (2027, "2027-01-03", 52, "2027-W52", "2027-W52"),
    (2028, "2028-01-02", 52, "2029-W01", "2029-W01"),
    (2029, "2028-12-31", 52, "2030-W01", "2030-W01"),
    (2030, "2029-12-30", 52, "2031-W01", "2031-W01"),
    (2031, "2030-12-29", 53, "2031-W53", "2031-W53"),
    (2032, "2032-01-04", 52, "2032-W52", "2032-W52"),
    (2033, "2033-01-02", 52, "2033-W52", "2034-W01"),
    (2034, "2034-01-01", 52, "2035-W01", "2035-W01"),
    (2035, "2034-12-31", 52, "2036-W01", "2036-W01"),
    (2036, "2035-12-30", 53, "2036-W53", "2036-W53"),
    (2037, "2037-01-04", 52, "2037-W52", "2037-W52"),
    (2038, "2038-01-03", 52, "2038-W52", "2038-W52"),
    (2039, "2039-01-02", 52, "2039-W52", "2040-W01"),
]


@pytest.mark.parametrize(("year", "first_day", "number", "eve", "new_year"), TURNS)
def test_turn_of_the_year(year: int, first_day: str, number: int, eve: str, new_year: str) -> None:
    assert str(Week(year, 1).start) == first_day
    assert Week(year, 1).of_year == number
    assert str(Week.of(dt.date(year, 12, 31))) == eve
    assert str(Week.of(dt.date(year + 1, 1, 1))) == new_year
    for day, label in ((dt.date(year, 12, 31), eve), (dt.date(year + 1, 1, 1), new_year)):
        assert "{}-W{:02d}".format(*naive.week_of(day)) == label


def test_known_weeks() -> None:
    assert (Week.parse("2026-W24").start, Week.parse("2026-W24").end) == (
        dt.date(2026, 6, 14),
        dt.date(2026, 6, 20),
    )
    # «Minggu ke-18 Tahun 2025 (27 April - 3 Mei 2025)», the domain guide's example
    assert (Week(2025, 18).start, Week(2025, 18).end) == (
        dt.date(2025, 4, 27),
        dt.date(2025, 5, 3),
    )
    assert str(Week.of(dt.date(2026, 1, 3))) == "2025-W53"
    assert [year for year in range(2010, 2040) if weeks_in_year(year) == 53] == [
        2014, 2020, 2025, 2031, 2036,
    ]  # fmt: skip


def test_week_differs_from_iso_week() -> None:
    sunday = dt.date(2026, 6, 14)
    assert Week.of(sunday).number == 24
    assert sunday.isocalendar().week == 24
    assert Week.of(sunday + 6 * ONE_DAY).number == 24
    assert Week.of(dt.date(2027, 1, 2)) == Week(2026, 52)  # ISO: 2026-W53


@pytest.mark.parametrize(
    "label",
    [
        "", "2026", "2026-24", "2026-W", "2026-W4", "2026W24", "26-W24", "2026-W240", "2026-w24",
        " 2026-W24", "2026-W24 ", "2026-W24\n", "2026-W00", "2026-W53", "2025-W54", "2026-W99",
        "2026-06-14", "٢٠٢٦-W٢٤", "0000-W01", "-2026-W24", "2026-W-1", "2026-W24-1",
    ],
)  # fmt: skip
def test_bad_label(label: str) -> None:
    with pytest.raises(ValueError, match=r"week|ordinal"):
        Week.parse(label)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (2026, 53), (2025, 54), (2026, -1)])
def test_number_the_year_does_not_have(year: int, number: int) -> None:
    with pytest.raises(ValueError, match=f"{year} has no week {number}"):
        Week(year, number)


def test_week_is_a_value() -> None:
    week = Week(2026, 24)
    assert {week, Week(2026, 24)} == {week}
    with pytest.raises(AttributeError):
        week.number = 25  # type: ignore[misc]
