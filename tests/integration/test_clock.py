"""The tests' own clock: the process and its database sessions agree, also on other days."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from reports.models import ReportDocument
from tests import clock
from tests.factories.world import build_world, last_week

NEAR = dt.timedelta(seconds=30)


def database_times() -> list[dt.datetime]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now(), statement_timestamp(), clock_timestamp()")
        return list(cursor.fetchone())


def test_begins_at_the_given_moment() -> None:
    assert clock.now() - clock.given_moment() < NEAR
    assert clock.today() == clock.given_moment().astimezone(clock.zone()).date()


@pytest.mark.at("2031-12-31T23:59+09:00")
def test_database_has_the_time_of_the_process(db) -> None:
    assert all(abs(moment - clock.now()) < NEAR for moment in database_times())
    assert clock.now().astimezone(clock.zone()).date() == dt.date(2031, 12, 31)
    assert str(clock.zone()) == "Asia/Jayapura"


@pytest.mark.at("2028-02-29T00:01+08:00")
def test_column_defaults_and_history_have_it_too(db) -> None:
    from reports.review.documents import request_facility_document

    world = build_world()
    document = request_facility_document(world.pustu, last_week())
    row = ReportDocument.objects.get(pk=document.pk)
    assert abs(row.created_at - clock.now()) < NEAR


@pytest.mark.at("2028-02-29T00:01+08:00")
@pytest.mark.django_db(transaction=True)
def test_threads_have_it_too() -> None:
    found: list[dt.datetime] = []

    def look() -> None:
        found.extend(database_times())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert all(abs(moment - clock.now()) < NEAR for moment in found)


@pytest.mark.real_time
def test_real_time_is_real_in_both(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() - pg_catalog.now()")
        assert cursor.fetchone() == (dt.timedelta(0),)
    assert all(abs(moment - clock.now()) < NEAR for moment in database_times())
