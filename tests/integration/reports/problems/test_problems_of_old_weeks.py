"""Open problems stay in every review until closed; a report made late shows the old state."""

from __future__ import annotations

import datetime as dt

import pytest

from clusters.weeks import Week
from reports.models import FollowUp, Problem, ProblemStep, WeeklyReview
from reports.places.queries.district_sheet import district_sheet
from reports.printing.pdf.meeting import problem_groups
from reports.problems.queries.rows import week_problems
from reports.review.queries.sheet import live_sheet
from reports.shapes import ProblemRow
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def at(week: Week, hour: int = 5) -> dt.datetime:
    return dt.datetime.combine(week.start, dt.time(hour), tzinfo=dt.UTC)


def tell(world: World, first: Week, *course: tuple[Week, str, Week | None]) -> Problem:
    """A problem of the Pustu with its course: (week of the moment, status, week it is for)."""
    problem = Problem.objects.create(facility=world.pustu, week=first, title="Sumur keruh")
    FollowUp.objects.create(problem=problem, owner_name="Kepala desa", due_on=first.end)
    FollowUp.objects.update(created_at=at(first))
    before = ""
    for moment, status, week in ((first, "reported", first), *course):
        step = ProblemStep.objects.create(
            problem=problem, action="-", from_status=before, to_status=status, week=week
        )
        ProblemStep.objects.filter(pk=step.pk).update(at=at(moment))
        before = status
        if status == "done":
            problem.closed_at = at(moment)
            FollowUp.objects.filter(problem=problem).update(done_on=moment.start, evidence="Foto")
        elif status == "reopened":
            problem.closed_at = None
    problem.status = before
    problem.save()
    return problem


def seen(world: World, week: Week) -> list[ProblemRow]:
    zone = world.district.zone
    return list(week_problems(world.puskesmas, week, clock.now(), zone))


def test_open_problem_is_carried_until_closed_with_its_age(world: World) -> None:
    now = last_week()
    tell(world, now - 6, (now, "done", None))
    # Discussed in the week after: closed in the week of week -1's meeting.
    states = {ago: [(row.status, row.age_weeks) for row in seen(world, now - ago)]
              for ago in (6, 4, 2, 1)}  # fmt: skip
    assert states == {
        6: [("reported", 0)],
        4: [("reported", 2)],
        2: [("reported", 4)],
        1: [("done", 5)],
    }
    assert [row.status for row in seen(world, now)] == ["done"]
    assert seen(world, now - 7) == []


def test_what_was_closed_later_is_open_in_the_old_week(world: World) -> None:
    now = last_week()
    tell(world, now - 8, (now - 7, "planned", None), (now - 3, "done", None))
    (row,) = seen(world, now - 6)
    assert (row.status, row.is_closed, row.closed_on) == ("planned", False, None)
    assert row.follow_ups[0].done_on is None
    assert row.follow_ups[0].evidence == ""
    assert row.follow_ups[0].is_overdue
    (row,) = seen(world, now - 4)
    assert (row.status, row.is_closed) == ("done", True)
    assert seen(world, now - 2) == []
    assert seen(world, now) == []


def test_reopened_problem_is_back(world: World) -> None:
    now = last_week()
    tell(world, now - 9, (now - 8, "done", None), (now - 2, "reopened", None))
    assert [row.status for row in seen(world, now - 9)] == ["done"]
    assert seen(world, now - 5) == []
    assert [row.status for row in seen(world, now - 2)] == ["reopened"]
    assert [row.status for row in seen(world, now)] == ["reopened"]


def test_late_meeting_counts_for_its_week(world: World) -> None:
    now = last_week()
    tell(world, now - 6, (now, "in_progress", now - 5))
    assert [row.status for row in seen(world, now - 5)] == ["in_progress"]
    assert [row.status for row in seen(world, now - 6)] == ["reported"]


def test_page_pdf_and_recap_show_the_same(world: World) -> None:
    now = last_week()
    tell(world, now - 3)
    for place in (world.puskesmas, world.pustu):
        sheet = live_sheet(WeeklyReview(facility=place, week=now, status="open"))
        assert [row.title for row in sheet.carried_problems] == ["Sumur keruh"]
        assert sheet.carried_problems[0].age_weeks == 3
    sheet = live_sheet(WeeklyReview(facility=world.puskesmas, week=now, status="open"))
    carried, _new = problem_groups(sheet)
    assert [rows[0].title for rows in carried] == ["Sumur keruh"]
    recap = district_sheet(world.dinkes, now)
    assert (recap.open_problems, recap.overdue_problems, recap.closed_this_week) == (1, 1, 0)


def test_queries_do_not_grow_with_problems(world: World, django_assert_num_queries) -> None:
    now = last_week()
    for number in range(7):
        tell(world, now - 6 - number, (now - 3, "planned", None))
    with django_assert_num_queries(3):
        seen(world, now)
    with django_assert_num_queries(4):
        seen(world, now - 5)
