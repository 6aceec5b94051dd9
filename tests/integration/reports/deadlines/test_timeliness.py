"""Completeness and timeliness: only those open in a week count, and missing is not zero."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.weeks import Week
from facilities.models import District, Facility, LocalHoliday
from reports.deadlines.days import deadline
from reports.deadlines.queries.timeliness import Timeliness, recent_weeks, timeliness
from reports.models import WeeklyReview
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
WEEK = last_week() - 4


@pytest.fixture
def world() -> World:
    return build_world()


def score(world: World, weeks: list[Week], now: dt.datetime | None = None) -> Timeliness:
    district = District.objects.get(pk=world.district.pk)
    places = list(Facility.objects.filter(district=district, kind="pustu").order_by("code"))
    return timeliness(district, places, weeks, now or clock.now())


def sent(world: World, facility: Facility, week: Week, hours_after_deadline: float) -> None:
    due = deadline(world.district, week, facility.kind)
    WeeklyReview.objects.create(
        facility=facility, week=week, status="submitted", submitted_by=world["pustu_head"],
        submitted_at=due + dt.timedelta(hours=hours_after_deadline),
    )  # fmt: skip


def figures(row) -> tuple[int, int, int]:
    return row.expected, row.reported, row.in_time


def test_in_time_late_and_missing(world: World) -> None:
    sent(world, world.pustu, WEEK, -1)
    sent(world, world.other_pustu, WEEK, 1)
    sent(world, world.pustu, WEEK + 1, -1)
    result = score(world, [WEEK, WEEK + 1])
    assert [figures(row) for row in result.by_week] == [(2, 2, 1), (2, 1, 1)]
    assert [figures(row) for row in result.by_facility] == [(2, 2, 2), (2, 1, 0)]
    assert figures(result.whole) == (4, 3, 2)


def test_closed_facilities_do_not_count(world: World) -> None:
    # Closed in the middle of a week: of that one it is still expected.
    closed = WEEK.start - dt.timedelta(days=3)
    world.other_pustu.statuses.update(end_on=closed)
    world.other_pustu.statuses.create(operating="closed", start_on=closed)
    result = score(world, [WEEK - 1, WEEK])
    assert [row.expected for row in result.by_week] == [2, 1]
    world.pustu.statuses.update(operating="closed")
    assert [figures(row) for row in score(world, [WEEK]).by_week] == [(0, 0, 0)]


def test_a_week_that_is_not_due_yet_is_not_missing(world: World) -> None:
    due = deadline(world.district, WEEK, "pustu")
    before, after = due - dt.timedelta(minutes=1), due + dt.timedelta(minutes=1)
    sent(world, world.pustu, WEEK, -2)
    early = score(world, [WEEK - 1, WEEK], before)
    assert [(figures(row), row.is_due) for row in early.by_week] == [
        ((2, 0, 0), True), ((2, 1, 1), False),
    ]  # fmt: skip
    assert figures(early.whole) == (2, 0, 0)
    assert [figures(row) for row in early.by_facility] == [(1, 0, 0), (1, 0, 0)]
    assert figures(score(world, [WEEK], after).whole) == (2, 1, 1)


def test_a_returned_review_is_not_in(world: World) -> None:
    sent(world, world.pustu, WEEK, -1)
    WeeklyReview.objects.update(status="returned", reason="belum lengkap")
    assert figures(score(world, [WEEK]).whole) == (2, 0, 0)


def test_local_day_off_moves_the_deadline(world: World) -> None:
    sent(world, world.pustu, WEEK, 2)
    assert score(world, [WEEK]).whole.in_time == 0
    monday = deadline(world.district, WEEK, "pustu").date()
    LocalHoliday.objects.create(district=world.district, day=monday, name="Hari jadi")
    assert score(world, [WEEK]).whole.in_time == 1


def test_weeks_over_the_turn_of_the_year() -> None:
    weeks = recent_weeks(Week(2026, 2), 4)
    assert [str(week) for week in weeks] == ["2025-W52", "2025-W53", "2026-W01", "2026-W02"]


def test_queries_do_not_grow(world: World, django_assert_max_num_queries) -> None:
    for back in range(8):
        sent(world, world.pustu, WEEK - back, -1)
    with django_assert_max_num_queries(7):
        score(world, recent_weeks(WEEK, 52))


def test_pages_and_api_say_the_same(client: Client, world: World) -> None:
    for kind in (world.puskesmas, world.sibling):
        WeeklyReview.objects.create(
            facility=kind, week=last_week(), status="submitted", submitted_by=world["dinkes"],
            submitted_at=deadline(world.district, last_week(), "puskesmas") - dt.timedelta(hours=1),
        )  # fmt: skip
    client.force_login(world["dinkes"])
    listed = client.get(reverse("reports:review-list"))
    assert "Puskesmas, semua" in listed.text
    assert "2 dari 2" in listed.text
    district = client.get(reverse("reports:district") + f"?week={last_week()}")
    assert 'id="timeliness"' in district.text
    year = client.get(reverse("reports:district") + f"?week={last_week()}&span=52")
    assert "52 minggu" in year.text
    api = APIClient()
    api.force_authenticate(world["dinkes"])
    answer = api.get(reverse("api:timeliness"), {"weeks": "1", "until": str(last_week())}).json()
    rows = {(row["facility"], row["week"]): row for row in answer["results"]}
    assert set(rows) == {("P1", ""), ("P2", ""), ("", str(last_week())), ("", "")}
    week = rows["", str(last_week())]
    assert (week["expected"], week["reported"], week["in_time"]) == (2, 2, 2)


@pytest.mark.parametrize(
    "query", ["weeks=0", "weeks=x", "weeks=105", "until=2026-W60", "kind=posyandu", "wks=3"]
)
def test_api_refuses_what_it_does_not_know(world: World, query: str) -> None:
    api = APIClient()
    api.force_authenticate(world["dinkes"])
    assert api.get(reverse("api:timeliness") + f"?{query}").status_code == 400
    assert api.get(reverse("api:timeliness") + "?district=33.03").status_code == 400
