"""What the system fills in itself: from reviews, follow-ups, stages and other counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.weeks import Week
from clusters.windows import is_due
from facilities.models import Facility, FacilityStatus
from reports.computed.actions import compute_week
from reports.models import Attendance, FollowUp, Problem, WeeklyReview
from reports.periodic import compute_figures
from reports.review.actions.steps import open_weekly_review, return_review, submit_review
from reports.review.queries.sheet import revision_sheet
from reports.tasks import compute_after_review
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db
SUNDAY = pytest.mark.at("2026-11-15T08:00+07:00")  # the data of the week before close on Monday


@pytest.fixture
def world() -> World:
    return build_world()


def send(world: World, place: Facility, who: str, week: Week | None = None) -> WeeklyReview:
    review = open_weekly_review(facility=place, week=week or last_week())
    review.refresh_from_db()
    return submit_review(
        review=review, by=world[who], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip


def figure(place: Facility, code: str, week: Week | None = None) -> tuple[int | None, int | None]:
    rows = Achievement.objects.filter(
        facility=place, indicator_code=code, week=week or last_week(), source="system"
    )
    return rows.values_list("numerator", "denominator").first() or (None, None)


@SUNDAY
def test_punctual_pustu_count_once_their_deadline_has_passed(world: World) -> None:
    send(world, world.pustu, "pustu_head")
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN01") == (None, None)  # the other one still has time
    clock.move_to(clock.parse("2026-11-16T13:00+07:00"))
    send(world, world.other_pustu, "puskesmas_head")  # an hour too late
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN01") == (1, 2)
    assert figure(world.sibling, "MAN01") == (None, None)  # no Pustu: no share, not zero
    total = AchievementTotal.objects.get(
        facility=world.dinkes, indicator_code="MAN01", week=last_week()
    )
    assert (total.numerator, total.denominator) == (1, 2)


@SUNDAY
def test_all_in_time_is_known_at_once(world: World) -> None:
    send(world, world.pustu, "pustu_head")
    review = send(world, world.other_pustu, "puskesmas_head")
    compute_after_review(review.pk)
    assert figure(world.puskesmas, "MAN01") == (2, 2)


def test_a_meeting_counts_when_it_is_signed_and_before_it_is_frozen(world: World) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    WeeklyReview.objects.filter(pk=review.pk).update(
        meeting_on=clock.today(), meeting_place="Aula", chair_name="Kapus"
    )
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN02") == (0, 1)  # the time to send it is over
    reasons = {**REASONS, "no_meeting_reason": ""}
    review.refresh_from_db()
    Attendance.objects.create(review=review, name="Kepala Pustu", is_present=True)
    sent = submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **reasons,
    )  # fmt: skip
    assert figure(world.puskesmas, "MAN02") == (1, 1)
    sheet = revision_sheet(sent.revisions.get())
    line = next(one for one in sheet.lines if one.indicator.code == "MAN02")
    assert (line.own_count, line.own_denominator, line.computed_from) == (1, 1, "reviews")


def test_no_meeting_is_no_evaluation(world: World) -> None:
    send(world, world.puskesmas, "puskesmas_head")
    assert figure(world.puskesmas, "MAN02") == (0, 1)


def plan(world: World, due: dt.date, done: dt.date | None, status: str = "planned") -> FollowUp:
    problem = Problem.objects.create(
        facility=world.pustu, week=last_week() - 1, title="Vaksin kosong", status=status,
        closed_at=clock.now() if status == "rejected" else None,
    )  # fmt: skip
    return FollowUp.objects.create(problem=problem, owner_name="Bidan", due_on=due, done_on=done)


def test_follow_ups_of_the_week_by_their_day(world: World) -> None:
    day = last_week().start + dt.timedelta(days=3)
    one = dt.timedelta(days=1)
    plan(world, day, day)
    plan(world, day, day + one)
    plan(world, day, None)
    plan(world, day, None, status="rejected")
    plan(world, last_week().end + one, None)  # due in the running week
    compute_week(world.district, last_week())
    compute_week(world.district, clock.this_week())
    assert figure(world.puskesmas, "MAN03") == (1, 3)
    assert figure(world.sibling, "MAN03") == (0, 0)  # nothing was due: no case, and known
    assert figure(world.puskesmas, "MAN03", clock.this_week()) == (None, None)  # not over yet


def test_stages_are_counted_at_the_end_of_a_month(world: World) -> None:
    week = next(back for n in range(6) if is_due(back := last_week() - n, "monthly"))
    FacilityStatus.objects.filter(facility__in=[world.puskesmas, world.pustu]).update(
        ilp_stage="implemented"
    )
    compute_week(world.district, week)
    assert figure(world.dinkes, "ILP01", week) == (1, 2)
    assert figure(world.dinkes, "ILP02", week) == (1, 2)
    compute_week(world.district, week - 1)
    assert figure(world.dinkes, "ILP01", week - 1) == (None, None)


def collect_doses() -> None:
    Indicator.objects.filter(code__in=["IMM10", "IMM12"]).update(is_collected=True)


def doses(place: Facility, week: Week, first: int, third: int) -> None:
    for code, count in (("IMM10", first), ("IMM12", third)):
        Achievement.objects.create(
            facility=place, indicator_code=code, week=week, year=week.year, numerator=count,
            source="page",
        )  # fmt: skip


def test_drop_out_follows_from_the_doses_of_the_year(world: World) -> None:
    collect_doses()
    week = next(back for n in range(6) if is_due(back := last_week() - n, "monthly"))
    doses(world.pustu, week - 8, 20, 15)
    doses(world.pustu, week, 10, 9)
    doses(world.other_pustu, week, 3, 5)  # more third doses than first ones: an error
    compute_week(world.district, week)
    assert figure(world.pustu, "IMM25", week) == (6, 30)
    assert figure(world.other_pustu, "IMM25", week) == (None, None)
    assert figure(world.puskesmas, "IMM25", week) == (None, None)


def test_twice_changes_nothing_and_a_sent_week_is_never_touched(world: World) -> None:
    plan(world, last_week().start, None)
    assert compute_week(world.district, last_week()) > 0
    history = apps.get_model("clusters", "AchievementEvent").objects.count()
    assert compute_week(world.district, last_week()) == 0
    assert apps.get_model("clusters", "AchievementEvent").objects.count() == history
    sent = send(world, world.puskesmas, "puskesmas_head")
    assert figure(world.puskesmas, "MAN03") == (0, 1)
    FollowUp.objects.update(done_on=last_week().start)
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN03") == (0, 1)
    return_review(
        review=sent, by=world["dinkes"], expected_version=sent.version, reason="Periksa lagi"
    )
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN03") == (1, 1)


def test_what_was_typed_before_stays_in_history(world: World) -> None:
    typed = Achievement.objects.create(
        facility=world.puskesmas, indicator_code="MAN03", week=last_week(),
        year=last_week().year, numerator=9, denominator=9, source="page",
    )  # fmt: skip
    older = Achievement.objects.create(
        facility=world.sibling, indicator_code="MAN01", week=last_week(),
        year=last_week().year, numerator=4, denominator=5, source="page",
    )  # fmt: skip
    compute_week(world.district, last_week())
    assert figure(world.puskesmas, "MAN03") == (0, 0)
    old = apps.get_model("clusters", "AchievementEvent").objects.get(
        pgh_obj_id=typed.pk, pgh_label="update"
    )
    assert (old.numerator, old.source) == (9, "page")
    older.refresh_from_db()
    assert (older.numerator, older.source) == (4, "page")  # nothing better is known there


def test_the_clock_looks_at_the_weeks_that_may_still_change(world: World) -> None:
    compute_figures()
    for back in range(5):
        assert figure(world.puskesmas, "MAN02", last_week() - back) == (0, 1)
    assert figure(world.puskesmas, "MAN02", last_week() - 5) == (None, None)


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    compute_week(world.district, last_week())
    with CaptureQueriesContext(connection) as few:
        compute_week(world.district, last_week())
    FacilityStatus.objects.filter(facility=world.sibling).update(operating="closed")
    with CaptureQueriesContext(connection) as fewer:
        compute_week(world.district, last_week())
    assert len(few) == len(fewer)
