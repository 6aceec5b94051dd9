"""Suggested problems: Jelek three weeks running, by the one computation of lines."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.actions import record_achievement
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import Facility
from reports.actions.problems import finish_problem, raise_problem
from reports.actions.suggestions import (
    accept_suggestion,
    dismiss_suggestion,
    suggest_problems,
)
from reports.models import Problem, ProblemSuggestion
from reports.periodic import last_closed_week
from reports.queries.facility_lines import facility_lines
from reports.queries.suggestions import open_suggestions
from tests.factories.world import World, build_world

pytestmark = pytest.mark.django_db
CODE = "KIA01"
WEEK = Week(2026, 44)


@pytest.fixture
def world() -> World:
    return build_world()


def count(world: World, facility: Facility, week: Week, n: int, code: str = CODE) -> None:
    indicator = Indicator.objects.in_week(week).get(code=code)
    row = Achievement.objects.filter(facility=facility, week=week, indicator_code=code).first()
    record_achievement(
        facility=facility, week=week, indicator=indicator, numerator=n, denominator=None,
        by=world["puskesmas_head"], source="page", expected_version=row.version if row else 0,
    )  # fmt: skip


def poor(world: World, facility: Facility, weeks: int = 3, code: str = CODE) -> None:
    """None counted since ten weeks: steady, and far below the target to date."""
    first = WEEK - (weeks + 7)
    for back in range((WEEK.start - first.start).days // 7 + 1):
        count(world, facility, WEEK - back, 0, code)


def look(world: World, week: Week = WEEK, *places: Facility) -> list[ProblemSuggestion]:
    return suggest_problems(
        district=world.district, week=week, facilities=list(places) or [world.pustu]
    )


def status(facility: Facility, week: Week) -> str | None:
    lines = facility_lines([facility], week)[facility.pk]
    return next(line for line in lines if line.indicator.code == CODE).figures.status


def test_third_week_suggests_with_its_numbers(world: World) -> None:
    poor(world, world.pustu)
    assert [status(world.pustu, WEEK - back) for back in range(3)] == ["jelek"] * 3
    (row,) = look(world)
    line = next(
        one for one in facility_lines([world.pustu], WEEK)[world.pustu.pk]
        if one.indicator.code == CODE
    )  # fmt: skip
    assert (row.facility, row.indicator_code, row.week, row.weeks_running) == (
        world.pustu, CODE, WEEK, 3,
    )  # fmt: skip
    assert row.figures["gap"] == str(line.figures.gap)
    (card,) = open_suggestions(world.pustu)
    assert card.said.startswith("Jelek 3 minggu berturut-turut: kurang ")
    assert card.people_count == abs(line.figures.gap or 0)


def test_two_weeks_are_not_enough(world: World) -> None:
    poor(world, world.pustu)
    count(world, world.pustu, WEEK - 2, 9)  # rising then
    assert status(world.pustu, WEEK - 2) != "jelek"
    assert look(world) == []


def test_clock_twice_makes_one_and_the_next_week_only_adds(world: World) -> None:
    poor(world, world.pustu)
    assert len(look(world)) == 1
    assert look(world) == []
    count(world, world.pustu, WEEK + 1, 0)
    assert look(world, WEEK + 1) == []
    row = ProblemSuggestion.objects.get()
    assert (row.week, row.weeks_running) == (WEEK + 1, 4)
    assert look(world, WEEK) == []  # an older week later changes nothing
    row.refresh_from_db()
    assert (row.state, row.week) == ("open", WEEK + 1)


def test_withdrawn_when_it_is_no_longer_poor_but_not_when_nobody_reported(world: World) -> None:
    poor(world, world.pustu)
    look(world)
    look(world, WEEK + 1)  # belum lapor
    assert ProblemSuggestion.objects.get().state == "open"
    count(world, world.pustu, WEEK + 1, 9)
    look(world, WEEK + 1)
    assert ProblemSuggestion.objects.get().state == "withdrawn"


def test_accepted_is_a_problem_with_the_numbers_once(world: World) -> None:
    poor(world, world.pustu)
    (row,) = look(world)
    (card,) = open_suggestions(world.pustu)
    for _ in range(2):
        row = accept_suggestion(
            suggestion=row, by=world["pustu_head"], title=card.title, owner_name="Bidan",
            due_on=timezone.localdate(), priority=card.priority,
        )  # fmt: skip
    problem = Problem.objects.get()
    assert (row.state, row.problem) == ("accepted", problem)
    assert (problem.origin, problem.indicator_code, problem.people_count, problem.priority) == (
        "suggestion", CODE, card.people_count, "high",
    )  # fmt: skip
    assert look(world) == []
    with pytest.raises(IllegalTransition):
        dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason="Sudah ditangani")


def test_open_or_just_closed_problem_needs_no_suggestion(world: World) -> None:
    poor(world, world.pustu)
    problem = raise_problem(
        facility=world.pustu, week=WEEK, by=world["pustu_head"], title="K1", owner_name="Bidan",
        due_on=timezone.localdate(), indicator_code=CODE,
    )  # fmt: skip
    assert look(world) == []
    finish_problem(
        problem=problem, by=world["pustu_head"], expected_version=1, evidence="Sudah selesai"
    )
    assert look(world) == []


def test_suggestion_goes_when_somebody_reports_the_problem(world: World) -> None:
    poor(world, world.pustu)
    look(world)
    raise_problem(
        facility=world.pustu, week=WEEK, by=world["pustu_head"], title="K1", owner_name="Bidan",
        due_on=timezone.localdate(), indicator_code=CODE,
    )  # fmt: skip
    look(world)
    assert ProblemSuggestion.objects.get().state == "withdrawn"


def test_dismissed_needs_a_reason_and_is_quiet_for_four_weeks(world: World) -> None:
    poor(world, world.pustu)
    (row,) = look(world)
    with pytest.raises(InvalidInput):
        dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason=" ")
    dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason="Sasaran pindah desa")
    for week in range(1, 5):
        count(world, world.pustu, WEEK + week, 0)
    assert look(world, WEEK + 3) == []
    assert len(look(world, WEEK + 4)) == 1


@pytest.mark.parametrize("role", ["kader", "sibling_head", "outsider", "province"])
def test_only_who_reports_problems_decides(world: World, role: str) -> None:
    poor(world, world.pustu)
    (row,) = look(world)
    with pytest.raises(PermissionDenied):
        dismiss_suggestion(suggestion=row, by=world[role], reason="Bukan masalah")


def test_pages_show_it_and_one_tap_takes_it_over(world: World, client: Client) -> None:
    poor(world, world.pustu)
    (row,) = look(world)
    client.force_login(world["pustu_head"])
    review = reverse("reports:review-detail", kwargs={"week": str(WEEK), "code": "P1-PT01"})
    for address in ("/", review):
        page = client.get(address).text
        assert "Jelek 3 minggu berturut-turut: kurang" in page, address
        assert page.count("Jadikan masalah") >= 1
    accept = reverse("reports:suggestion-accept", args=[row.pk])
    empty = client.post(accept, {"title": "K1", "owner_name": "", "due_on": ""})
    assert empty.status_code == 422
    (card,) = open_suggestions(world.pustu)
    data = {"title": card.title, "owner_name": "Bidan", "due_on": str(timezone.localdate())}
    assert client.post(accept, data).status_code == 302
    assert Problem.objects.get().title == card.title
    assert "Jelek 3 minggu" not in client.get("/").text


def test_dismissing_on_the_page_needs_a_reason(world: World, client: Client) -> None:
    poor(world, world.pustu)
    (row,) = look(world)
    client.force_login(world["pustu_head"])
    address = reverse("reports:suggestion-dismiss", args=[row.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Sasaran pindah"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("dismissed", world["pustu_head"])


def test_cost_grows_neither_with_facilities_nor_with_history(world: World) -> None:
    poor(world, world.pustu)

    def queries(*places: Facility) -> int:
        with CaptureQueriesContext(connection) as caught:
            look(world, WEEK, *places)
        return len(caught)

    look(world)
    few = queries(world.pustu)
    poor(world, world.other_pustu)
    poor(world, world.pustu, weeks=12)
    everywhere = (world.puskesmas, world.pustu, world.other_pustu, world.sibling)
    look(world, WEEK, *everywhere)
    assert queries(*everywhere) == few


def test_last_closed_week_waits_for_the_data(world: World) -> None:
    monday = dt.datetime(2026, 11, 9, 4, 59, tzinfo=dt.UTC)  # 11.59 WIB
    assert last_closed_week(world.district, monday) == Week(2026, 43)
    assert last_closed_week(world.district, monday + dt.timedelta(minutes=2)) == WEEK


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_suggest_once() -> None:
    world = build_world()
    poor(world, world.pustu)
    start = threading.Barrier(3)

    def run(_n: int) -> None:
        start.wait()
        try:
            look(world)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    look(world)
    assert ProblemSuggestion.objects.count() == 1
