"""Suggested problems: the last closed period is Jelek, by the one computation of lines."""

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

from clusters.actions import record_achievement
from clusters.judgement.periods import Period
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import Facility
from reports.deadlines.days import last_closed_week
from reports.figures.queries.facility_lines import facility_lines
from reports.models import Problem, ProblemSuggestion
from reports.problems.actions import finish_problem, raise_problem
from reports.problems.actions.suggestions import (
    accept_suggestion,
    dismiss_suggestion,
    suggest_problems,
)
from reports.problems.queries.suggestions import open_suggestions
from tests import clock
from tests.factories.world import World, build_world, make_poor

pytestmark = pytest.mark.django_db
CODE = "KIA01"
WEEK = Week(2026, 44)
OCTOBER = Period("month", 2026, 10)


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


def correct(place: Facility, n: int, month: Period = OCTOBER) -> None:
    """What was reported of a month in its last week was another number."""
    Achievement.objects.filter(
        facility=place, week=month.last_week, indicator_code=CODE
    ).update(numerator=n)  # fmt: skip


def november_is_poor(place: Facility) -> Week:
    """November closes, and nobody was reached in it; returns the week that finds it."""
    november = Period("month", 2026, 11)
    Achievement.objects.create(
        facility=place, indicator_code=CODE, week=november.last_week, year=2026,
        numerator=0, source="page",
    )  # fmt: skip
    return Week.of(dt.date(2026, 12, 5))


def look(world: World, week: Week = WEEK, *places: Facility) -> list[ProblemSuggestion]:
    return suggest_problems(
        district=world.district, week=week, facilities=list(places) or [world.pustu]
    )


def status(facility: Facility, week: Week) -> str | None:
    lines = facility_lines([facility], week)[facility.pk]
    return next(line for line in lines if line.indicator.code == CODE).figures.status


def test_poor_period_suggests_with_its_numbers(world: World) -> None:
    make_poor(world.pustu, CODE)
    assert status(world.pustu, WEEK) == "jelek"
    (row,) = look(world)
    line = next(
        one for one in facility_lines([world.pustu], WEEK)[world.pustu.pk]
        if one.indicator.code == CODE
    )  # fmt: skip
    judged = line.figures.judged
    assert judged is not None
    assert judged.gap is not None
    assert (row.facility, row.indicator_code, row.week) == (world.pustu, CODE, WEEK)
    # Of the month, not of the week that stands in the columns.
    assert {name: row.figures[name] for name in ("period", "gap", "target", "cumulative")} == {
        "period": "2026-10", "gap": str(judged.gap), "target": str(judged.target_to_date),
        "cumulative": "0",
    }  # fmt: skip
    (card,) = open_suggestions(world.pustu)
    assert card.said.startswith("Oktober 2026 Jelek: kurang ")
    assert card.people_count == -judged.gap


def test_month_that_is_rising_is_not_suggested(world: World) -> None:
    make_poor(world.pustu, CODE)
    correct(world.pustu, 9)
    assert status(world.pustu, WEEK) == "cukup"
    assert look(world) == []


def test_clock_twice_makes_one_and_a_later_week_of_the_period_changes_nothing(
    world: World,
) -> None:
    make_poor(world.pustu, CODE)
    assert len(look(world)) == 1
    assert look(world) == []
    count(world, world.pustu, WEEK + 1, 0)
    assert look(world, WEEK + 1) == []
    row = ProblemSuggestion.objects.get()
    assert (row.state, row.week, row.figures["period"]) == ("open", WEEK, "2026-10")


def test_next_period_brings_the_open_one_up_to_date(world: World) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    week = november_is_poor(world.pustu)
    clock.move_to(clock.parse("2026-12-09T12:00+07:00"))
    assert look(world, week) == []
    row.refresh_from_db()
    assert (row.state, row.week, row.figures["period"]) == ("open", week, "2026-11")
    assert look(world, WEEK) == []  # an older week later changes nothing
    row.refresh_from_db()
    assert (row.state, row.figures["period"]) == ("open", "2026-11")


def test_withdrawn_when_it_is_no_longer_poor_and_said_once_for_the_period(world: World) -> None:
    make_poor(world.pustu, CODE)
    look(world)
    correct(world.pustu, 9)
    look(world, WEEK + 1)
    assert ProblemSuggestion.objects.get().state == "withdrawn"
    correct(world.pustu, 0)
    assert look(world, WEEK + 1) == []


def test_missing_reports_withdraw_nothing(world: World) -> None:
    make_poor(world.pustu, CODE)
    look(world)
    months = [month.last_week for month in OCTOBER.up_to()[-3:]]
    Achievement.objects.filter(facility=world.pustu, week__in=months).delete()
    assert status(world.pustu, WEEK + 1) == "incomplete"
    look(world, WEEK + 1)
    assert ProblemSuggestion.objects.get().state == "open"


def test_accepted_is_a_problem_with_the_numbers_once(world: World) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    (card,) = open_suggestions(world.pustu)
    for _ in range(2):
        row = accept_suggestion(
            suggestion=row, by=world["pustu_head"], title=card.title, owner_name="Bidan",
            due_on=clock.today(), priority=card.priority,
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
    make_poor(world.pustu, CODE)
    problem = raise_problem(
        facility=world.pustu, week=WEEK, by=world["pustu_head"], title="K1", owner_name="Bidan",
        due_on=clock.today(), indicator_code=CODE,
    )  # fmt: skip
    assert look(world) == []
    finish_problem(
        problem=problem, by=world["pustu_head"], expected_version=1, evidence="Sudah selesai"
    )
    assert look(world) == []


def test_suggestion_goes_when_somebody_reports_the_problem(world: World) -> None:
    make_poor(world.pustu, CODE)
    look(world)
    raise_problem(
        facility=world.pustu, week=WEEK, by=world["pustu_head"], title="K1", owner_name="Bidan",
        due_on=clock.today(), indicator_code=CODE,
    )  # fmt: skip
    look(world)
    assert ProblemSuggestion.objects.get().state == "withdrawn"


def test_dismissed_needs_a_reason_and_is_quiet_until_the_next_period(world: World) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    with pytest.raises(InvalidInput):
        dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason=" ")
    dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason="Sasaran pindah desa")
    assert look(world, WEEK + 1) == []
    week = november_is_poor(world.pustu)
    clock.move_to(clock.parse("2026-12-09T12:00+07:00"))
    assert look(world, week - 1) == []  # November is not closed yet
    assert len(look(world, week)) == 1


def test_dismissed_is_quiet_for_four_weeks(world: World) -> None:
    """Also where the next period closes sooner."""
    make_poor(world.pustu, CODE)
    late = november_is_poor(world.pustu) - 1
    clock.move_to(clock.parse("2026-12-30T12:00+07:00"))
    (row,) = look(world, late)
    dismiss_suggestion(suggestion=row, by=world["pustu_head"], reason="Sasaran pindah desa")
    assert look(world, late + 3) == []
    assert len(look(world, late + 4)) == 1


@pytest.mark.parametrize("role", ["kader", "sibling_head", "outsider", "province"])
def test_only_who_reports_problems_decides(world: World, role: str) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    with pytest.raises(PermissionDenied):
        dismiss_suggestion(suggestion=row, by=world[role], reason="Bukan masalah")


def test_pages_show_it_and_one_tap_takes_it_over(world: World, client: Client) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    client.force_login(world["pustu_head"])
    review = reverse("reports:review-detail", kwargs={"week": str(WEEK), "code": "P1-PT01"})
    for address in ("/", review):
        page = client.get(address).text
        assert "Oktober 2026 Jelek: kurang" in page, address
        assert page.count("Jadikan masalah") >= 1
    accept = reverse("reports:suggestion-accept", args=[row.pk])
    empty = client.post(accept, {"title": "K1", "owner_name": "", "due_on": ""})
    assert empty.status_code == 422
    (card,) = open_suggestions(world.pustu)
    data = {"title": card.title, "owner_name": "Bidan", "due_on": str(clock.today())}
    assert client.post(accept, data).status_code == 302
    assert Problem.objects.get().title == card.title
    assert "Oktober 2026 Jelek" not in client.get("/").text


def test_dismissing_on_the_page_needs_a_reason(world: World, client: Client) -> None:
    make_poor(world.pustu, CODE)
    (row,) = look(world)
    client.force_login(world["pustu_head"])
    address = reverse("reports:suggestion-dismiss", args=[row.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Sasaran pindah"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("dismissed", world["pustu_head"])


def test_cost_grows_neither_with_facilities_nor_with_history(world: World) -> None:
    make_poor(world.pustu, CODE)
    since_january = Period("month", 2026, 8).last_week
    Achievement.objects.filter(week__lt=since_january).delete()

    def queries(*places: Facility) -> int:
        with CaptureQueriesContext(connection) as caught:
            look(world, WEEK, *places)
        return len(caught)

    look(world)
    few = queries(world.pustu)
    make_poor(world.other_pustu, CODE)
    Achievement.objects.filter(facility=world.pustu).delete()
    make_poor(world.pustu, CODE)
    everywhere = (world.puskesmas, world.pustu, world.other_pustu, world.sibling)
    look(world, WEEK, *everywhere)
    assert queries(*everywhere) == few


def test_last_closed_week_waits_for_the_data(world: World) -> None:
    monday = dt.datetime(2026, 11, 9, 11, 59, tzinfo=world.district.zone)
    assert last_closed_week(world.district, monday) == Week(2026, 43)
    assert last_closed_week(world.district, monday + dt.timedelta(minutes=2)) == WEEK


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_suggest_once() -> None:
    world = build_world()
    make_poor(world.pustu, CODE)
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
