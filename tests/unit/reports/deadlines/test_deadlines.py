"""The four deadlines of a week: order, days off, the turn of the year, lateness."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clusters.weeks import Week
from facilities.models import District
from facilities.models.district import DEADLINES
from reports.deadlines.days import (
    Milestone,
    days_late,
    deadline,
    due_at,
    is_working_day,
    last_closed_week,
    last_weeks,
    meeting_days_late,
)

WEEK = Week(2026, 45)  # 8 to 14 November


def district(days: dict[dt.date, bool] | None = None, **fields: object) -> District:
    row = District(timezone="Asia/Jakarta", **fields)
    row.__dict__["local_days"] = days or {}
    return row


def days(week: Week, place: District | None = None) -> list[dt.date]:
    return [due_at(place or district(), week, one).date() for one in Milestone]


def test_week_without_a_day_off() -> None:
    moments = [due_at(district(), WEEK, one) for one in Milestone]
    assert [f"{one:%a %d %H.%M}" for one in moments] == [
        "Mon 16 12.00", "Tue 17 12.00", "Tue 17 16.00", "Thu 19 16.00",
    ]  # fmt: skip
    assert moments[0].utcoffset() == dt.timedelta(hours=7)
    assert deadline(district(), WEEK, "pustu") == moments[0]
    assert deadline(district(), WEEK, "puskesmas") == moments[2]


def test_last_closed_week_after_days_off() -> None:
    off = district({dt.date(2026, 11, day): False for day in range(16, 21)})
    monday = dt.datetime(2026, 11, 23, 12, tzinfo=off.zone)
    minute = dt.timedelta(minutes=1)
    # Both weeks' data close at noon of that Monday; until then neither is complete.
    assert last_closed_week(off, monday) == WEEK + 1
    assert last_closed_week(off, monday - minute) == WEEK - 1


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_week_ends_at_midnight_of_the_district(zone: str) -> None:
    place = district()
    place.timezone = zone
    sunday = dt.datetime(2026, 11, 15, tzinfo=place.zone)
    assert last_weeks(place, sunday - dt.timedelta(minutes=1)) == (WEEK - 1, WEEK - 2)
    assert last_weeks(place, sunday.astimezone(dt.UTC)) == (WEEK, WEEK - 1)


def test_national_holiday_moves_to_the_next_working_day() -> None:
    christmas = Week.of(dt.date(2026, 12, 19))  # its Thursday after is 24, Friday 25 December
    place = district(answered_by_weekday=4)
    assert days(christmas, place)[-1] == dt.date(2026, 12, 28)


def test_local_day_off_and_a_holiday_that_is_worked() -> None:
    off = district({dt.date(2026, 11, 16): False})
    assert days(WEEK, off)[0] == dt.date(2026, 11, 17)
    new_year = Week.of(dt.date(2026, 12, 26))  # Monday 28 December … Thursday 31
    worked = district({dt.date(2027, 1, 1): True}, answered_by_weekday=4)
    assert days(new_year, worked)[-1] == dt.date(2027, 1, 1)
    assert not is_working_day(dt.date(2027, 1, 1))


def test_a_day_off_never_turns_the_order_round() -> None:
    place = district(
        {dt.date(2026, 11, 16): False}, data_closes_at=dt.time(18), meeting_by_at=dt.time(9)
    )
    moments = [due_at(place, WEEK, one) for one in Milestone]
    assert moments == sorted(moments)
    assert moments[0] == moments[1]


@given(
    st.dates(dt.date(2020, 1, 5), dt.date(2035, 12, 1)),
    st.lists(st.integers(0, 13), max_size=8),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 23)), min_size=4, max_size=4, unique=True),
)
def test_always_in_order_on_working_days_after_the_week(
    day: dt.date, off: list[int], moments: list[tuple[int, int]]
) -> None:
    week = Week.of(day)
    fields: dict[str, object] = {}
    for name, (weekday, hour) in zip(DEADLINES, sorted(moments), strict=True):
        fields |= {f"{name}_weekday": weekday, f"{name}_at": dt.time(hour)}
    local = {week.end + dt.timedelta(days=1 + shift): False for shift in off}
    place = district(local, **fields)
    found = [due_at(place, week, one) for one in Milestone]
    assert all(a <= b for a, b in pairwise(found))
    assert all(is_working_day(one.date(), place) for one in found)
    assert all(one.date() > week.end for one in found)


def test_turn_of_the_year() -> None:
    last = Week(2025, 53)
    assert (last + 1).year == 2026
    assert days(last)[0] == dt.date(2026, 1, 5)
    assert days(Week(2026, 1))[0] == dt.date(2026, 1, 12)


@pytest.mark.parametrize(
    ("sent", "late"),
    [("16 11:59", 0), ("16 12:00", 0), ("16 12:01", 1), ("16 23:59", 1), ("17 00:30", 1),
     ("18 00:30", 2), ("26 09:00", 10)],
)  # fmt: skip
def test_started_days_of_lateness(sent: str, late: int) -> None:
    due = due_at(district(), WEEK, Milestone.DATA_CLOSED)
    at = dt.datetime.strptime(f"2026-11-{sent}", "%Y-%m-%d %H:%M").replace(tzinfo=due.tzinfo)
    assert days_late(due, at, at) == late


def test_lateness_of_a_meeting_of_which_only_the_day_is_known() -> None:
    due = due_at(district(), WEEK, Milestone.MEETING_HELD)  # Tuesday 17
    now = due + dt.timedelta(days=3)
    assert meeting_days_late(due, dt.date(2026, 11, 17), now) == 0
    assert meeting_days_late(due, dt.date(2026, 11, 19), now) == 2
    assert meeting_days_late(due, None, now) == 3
    assert meeting_days_late(due, None, due - dt.timedelta(hours=1)) == 0


def test_order_of_the_four_is_checked() -> None:
    district().clean()
    with pytest.raises(ValidationError) as caught:
        district(meeting_by_weekday=0, meeting_by_at=dt.time(9)).clean()
    assert set(caught.value.message_dict) == {"meeting_by_weekday"}
