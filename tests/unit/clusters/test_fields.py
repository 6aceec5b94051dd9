"""WeekField: a Week in Python, its Sunday in the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from clusters.fields import WeekField
from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import Area, District, Facility

WEEK_24 = Week(2026, 24)
LONG_YEAR_END = Week(2025, 53)


@pytest.mark.parametrize(
    "value",
    [WEEK_24, "2026-W24", "2026-06-14", "2026-06-20", dt.date(2026, 6, 14), dt.date(2026, 6, 17)],
)
def test_reads_weeks_labels_and_days(value: object) -> None:
    assert WeekField().to_python(value) == WEEK_24
    assert WeekField().get_prep_value(value) == dt.date(2026, 6, 14)


def test_none_stays_none() -> None:
    field = WeekField(null=True)
    assert field.to_python(None) is None
    assert field.get_prep_value(None) is None
    assert field.from_db_value(None, None, None) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-W53",  # an ISO week, which date.fromisoformat would take for 28 December
        "2026W24", "2026-W24-3", "20260614", "2026-06-31", "24", "", "minggu ke-24", 24,
    ],
)  # fmt: skip
def test_refuses_anything_else(value: object) -> None:
    with pytest.raises(ValidationError):
        WeekField().to_python(value)


@pytest.fixture
def office(db) -> Facility:
    area = Area.objects.create(code="99.01", name="Contoh", kind="regency")
    district = District.objects.create(area=area)
    return Facility.objects.create(
        district=district, kind="dinkes", code="CONTOH", name="Dinas Kesehatan Contoh"
    )


def achievement(office: Facility, week: Week, count: int | None = 1) -> Achievement:
    return Achievement.objects.create(
        facility=office,
        indicator_code="KIA01",
        week=week,
        year=week.year,
        numerator=count,
        source="page",
    )


def test_round_trip_through_the_database(office: Facility) -> None:
    for week in (WEEK_24, LONG_YEAR_END, Week(2026, 1)):
        row = achievement(office, week)
        row.refresh_from_db()
        assert row.week == week
        with connection.cursor() as cursor:
            cursor.execute("SELECT week FROM clusters_achievement WHERE id = %s", [row.pk])
            assert cursor.fetchone() == (week.start,)


def test_looked_up_by_week_label_and_range(office: Facility) -> None:
    weeks = list(LONG_YEAR_END.until(Week(2026, 3)))
    for week in weeks:
        achievement(office, week)
    rows = Achievement.objects.all()
    assert rows.get(week=Week(2026, 1)).week == Week(2026, 1)
    assert rows.get(week="2026-W01").week == Week(2026, 1)
    assert list(rows.filter(week__gte=Week(2026, 2)).values_list("week", flat=True)) == weeks[2:]
    assert rows.filter(week__range=(LONG_YEAR_END, Week(2026, 1))).count() == 2
    assert rows.filter(week__in=weeks[:3]).count() == 3
    assert list(rows.in_week(WEEK_24)) == []
    assert rows.order_by("-week").values_list("week", flat=True)[0] == weeks[-1]


def test_written_as_a_label_in_fixtures(office: Facility) -> None:
    row = achievement(office, LONG_YEAR_END, count=None)
    text = serializers.serialize("json", [row])
    assert '"week": "2025-W53"' in text
    read = next(iter(serializers.deserialize("json", text))).object
    assert isinstance(read, Achievement)
    assert (read.week, read.numerator) == (LONG_YEAR_END, None)


def test_only_sundays_get_into_the_table(office: Facility) -> None:
    row = achievement(office, WEEK_24)
    with (
        pytest.raises(IntegrityError, match="starts_on_sunday"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE clusters_achievement SET week = '2026-06-15' WHERE id = %s", [row.pk]
        )


def test_full_clean_takes_a_label(office: Facility) -> None:
    row = achievement(office, WEEK_24)
    row.week = "2026-W25"
    row.full_clean(exclude=["year"])
    assert row.week == Week(2026, 25)
    row.week = "2026-W53"
    with pytest.raises(ValidationError) as refused:
        row.full_clean(exclude=["year"])
    assert set(refused.value.message_dict) == {"week"}
