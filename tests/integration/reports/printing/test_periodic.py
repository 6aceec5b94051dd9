"""What the clock starts does its work once, however often it is started."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from clusters.weeks import Week
from facilities.models.district import LocalHoliday
from reports.models import ReportDocument, ReviewStep, WeeklyReview
from reports.models.document import DocumentKind
from reports.periodic import (
    build_district_recaps,
    open_weekly_reviews,
    rebuild_pending_documents,
)
from reports.tasks import build_report_document
from tests import clock
from tests.factories.world import World


def running_week(world: World) -> Week:
    return clock.this_week()


def test_reviews_are_opened_once_for_this_week_and_the_last(world: World) -> None:
    open_weekly_reviews()
    open_weekly_reviews()

    week = running_week(world)
    opened = WeeklyReview.objects.filter(facility__district=world.district)
    assert sorted(opened.values_list("facility__code", "week")) == [
        (code, each) for code in ("P1", "P1-PT01", "P1-PT02", "P2") for each in (week - 1, week)
    ]
    assert ReviewStep.objects.filter(action="open").count() == WeeklyReview.objects.count() == 10


def test_closed_facilities_get_no_review(world: World) -> None:
    week = running_week(world)
    world.other_pustu.statuses.update(end_on=week.start)
    open_weekly_reviews()
    assert [r.week for r in WeeklyReview.objects.filter(facility=world.other_pustu)] == [week - 1]


def recaps() -> set[tuple[str, str]]:
    rows = ReportDocument.objects.filter(kind=DocumentKind.DISTRICT_WEEKLY)
    return {(row.facility.code, str(row.week)) for row in rows}


@pytest.mark.at("2026-11-22T00:20+09:00")
def test_no_recap_on_sunday_where_the_district_is(world: World) -> None:
    build_district_recaps()  # the server's Saturday, its district's Sunday
    assert recaps() == set()
    clock.move_to(clock.parse("2026-11-23T00:20+09:00"))  # the server's Sunday
    build_district_recaps()
    assert recaps() == {("DINKES-19.06", "2026-W46"), ("DINKES-33.03", "2026-W46")}


@pytest.mark.at("2026-11-30T12:20+07:00")
def test_recap_is_made_again_when_days_off_closed_the_data_a_week_later(world: World) -> None:
    LocalHoliday.objects.bulk_create(
        LocalHoliday(district=world.district, day=dt.date(2026, 11, day), name="Libur")
        for day in range(23, 28)
    )
    build_district_recaps()
    assert recaps() == {
        ("DINKES-19.06", "2026-W46"), ("DINKES-19.06", "2026-W47"), ("DINKES-33.03", "2026-W47"),
    }  # fmt: skip


@pytest.mark.at("2026-11-24T09:20+07:00")
def test_recap_is_asked_for_once_and_again_after_the_data_closed(world: World) -> None:
    build_district_recaps()
    build_district_recaps()

    recaps = ReportDocument.objects.filter(kind=DocumentKind.DISTRICT_WEEKLY)
    assert sorted(d.facility.code for d in recaps) == ["DINKES-19.06", "DINKES-33.03"]
    assert {d.week for d in recaps} == {running_week(world) - 1}


@pytest.mark.at("2026-11-24T09:20+07:00")
def test_recap_of_an_earlier_moment_does_not_count(world: World) -> None:
    build_district_recaps()
    recaps = ReportDocument.objects.filter(kind=DocumentKind.DISTRICT_WEEKLY)
    sunday = datetime.combine(running_week(world).start, datetime.min.time(), UTC)
    recaps.update(created_at=sunday - timedelta(days=1))
    before = recaps.count()
    build_district_recaps()
    # The same figures are the same document: asked again, not made twice.
    assert before <= recaps.count() <= 2 * before


def test_task_builds_and_does_nothing_the_second_time(document: ReportDocument) -> None:
    build_report_document(document.pk)
    build_report_document(document.pk)
    document.refresh_from_db()
    assert (document.state, document.attempts) == ("ready", 1)


def test_only_one_reconciler_works_at_a_time(document: ReportDocument, own_broker) -> None:
    ReportDocument.objects.update(created_at=clock.now() - timedelta(minutes=5))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('reports_reconcile'))")
        rebuild_pending_documents()
        assert own_broker.llen("reports") == 0
        # Given back before the connection ends: the server notices an ended one only later.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('reports_reconcile'))")
    finally:
        other.close()
    rebuild_pending_documents()
    assert own_broker.llen("reports") == 1
