"""What is overdue is the same everywhere: the number in the navigation, the board, the rows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import FollowUp, Problem
from reports.models.problem import ProblemStatus
from reports.problems.queries.rows import problem_rows
from reports.states import CLOSED, UNFINISHED, days_overdue
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 10)
DUE = {"late": DAY - dt.timedelta(days=3), "today": DAY, "later": DAY + dt.timedelta(days=1)}


@pytest.fixture
def world() -> World:
    return build_world()


def _problem(world: World, status: str, due_on: dt.date, done_on: dt.date | None = None) -> Problem:
    closed_at = clock.now() if status in CLOSED else None
    problem = Problem.objects.create(
        facility=world.pustu, week=last_week(), title=f"{status} {due_on}", status=status,
        closed_at=closed_at,
    )  # fmt: skip
    FollowUp.objects.create(problem=problem, owner_name="Bidan", due_on=due_on, done_on=done_on)
    return problem


def _noon(world: World, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), world.district.zone)


def test_every_status_is_open_or_closed() -> None:
    assert set(ProblemStatus.values) == UNFINISHED | CLOSED
    assert not UNFINISHED & CLOSED


def test_database_and_rows_say_the_same(world: World) -> None:
    for status in ProblemStatus.values:
        for due_on in DUE.values():
            _problem(world, status, due_on)
        _problem(world, status, DUE["late"], done_on=DAY)
    asked = set(FollowUp.objects.overdue(_noon(world, DAY)).values_list("problem", flat=True))
    rows = problem_rows(Problem.objects.all(), last_week(), DAY)
    shown = {row.id for row in rows if any(step.is_overdue for step in row.follow_ups)}
    assert asked == shown
    assert {row.title for row in rows if row.id in asked} == {
        f"{status} {DUE['late']}" for status in UNFINISHED
    }
    assert days_overdue("planned", DUE["late"], None, DAY) == 3


def test_the_day_is_that_of_the_district(world: World) -> None:
    """Half past midnight in the east, half past ten the evening before in the west."""
    world.district.timezone = "Asia/Jayapura"
    world.district.save()
    _problem(world, "planned", DAY)
    evening = dt.datetime(2026, 6, 10, 14, 30, tzinfo=dt.UTC)
    midnight = dt.datetime(2026, 6, 10, 15, 30, tzinfo=dt.UTC)
    assert not FollowUp.objects.overdue(evening).exists()
    assert FollowUp.objects.overdue(midnight).exists()
    world.district.timezone = "Asia/Jakarta"
    world.district.save()
    assert not FollowUp.objects.overdue(midnight).exists()


def test_navigation_and_board_count_the_same(world: World) -> None:
    today = clock.today()
    for status in ProblemStatus.values:
        problem = _problem(world, status, today - dt.timedelta(days=1))
        # Two late follow-ups are one late problem.
        FollowUp.objects.create(
            problem=problem, owner_name="Kader", due_on=today - dt.timedelta(days=2)
        )
        _problem(world, status, today)
    client = Client()
    client.force_login(world["puskesmas_head"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("reports:problem-list"))
    columns = page.context["columns"]
    assert page.context["shell"]["overdue"] == len(UNFINISHED)
    assert sum(column.overdue for column in columns) == len(UNFINISHED)
