"""The one clock of the tests: where they take "now" and "today" from (docs/testing.md).

Every test begins at the same moment, whatever day it is outside: ``NOON`` below, or the one that
``scripts/test --at`` names, or its own (``@pytest.mark.at``). Process and database show the same
time: the sessions of this process have PostgreSQL's ``now()`` shifted by as much as ours. From
that moment the time goes on at its own pace, so that nothing hangs that waits for a while to
pass. Other processes and browsers see the real time; a test that starts some keeps to it
(``@pytest.mark.real_time``).
"""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo
from typing import Any

import time_machine
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.db.models.signals import pre_migrate
from django.utils import timezone

from clusters.weeks import Week
from facilities.days import DistrictTimeZone

# A Wednesday in the middle of a month and of an epidemiological year's last quarter; noon, so
# that it is the same day in every zone.
NOON = "2026-11-18T12:00+07:00"
VARIABLE = "PANTAU_TEST_NOW"

# public stands before pg_catalog for the sessions of the tests, so these are found first, also
# by column defaults and triggers. A session that has not been told the shift has none.
_SEARCH_PATH = "-c search_path=public,pg_catalog"
SHIFTED = ("now", "transaction_timestamp", "statement_timestamp", "clock_timestamp")
_FUNCTION = """
CREATE OR REPLACE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql {kind} PARALLEL SAFE
RETURN pg_catalog.{name}()
    + make_interval(secs => coalesce(nullif(current_setting('tests.ahead', true), ''), '0')::float8)
"""
_SET = "SELECT set_config('tests.ahead', %s, false)"

_travel: time_machine.travel | None = None
_zone = zoneinfo.ZoneInfo(DistrictTimeZone.WIB)


def now() -> dt.datetime:
    """This moment."""
    return timezone.now()


def today() -> dt.date:
    """This day where the districts of the tests are."""
    return timezone.localdate(timezone=_zone)


def this_week() -> Week:
    """The running week there."""
    return Week.of(today())


def zone() -> zoneinfo.ZoneInfo:
    """Where the districts of the tests are: the Indonesian zone in which the moment was named."""
    return _zone


def real_seconds() -> float:
    """The real time, as other processes have it, in seconds since 1970."""
    return time_machine.escape_hatch.time.time()


def given_moment() -> dt.datetime:
    """The moment at which tests begin that do not name their own."""
    return parse(os.environ.get(VARIABLE) or NOON)


def parse(text: str) -> dt.datetime:
    """A moment as people write it; one without an offset is meant in WIB."""
    moment = dt.datetime.fromisoformat(text)
    wib = zoneinfo.ZoneInfo(DistrictTimeZone.WIB)
    return moment if moment.tzinfo else moment.replace(tzinfo=wib)


def move_to(moment: dt.datetime) -> None:
    """Go on from another moment, in the process and in the database."""
    global _zone  # noqa: PLW0603 - one clock per process
    _zone = _indonesian_zone(moment)
    _start_again_from(moment)


def be_real() -> None:
    """Show the real time from here on."""
    global _zone  # noqa: PLW0603
    _zone = zoneinfo.ZoneInfo(DistrictTimeZone.WIB)
    _start_again_from(None)


def shift_database(options: dict[str, Any]) -> None:
    """Prepare connections that are not made yet: their ``now()`` is ours."""
    options["options"] = f"{options.get('options', '')} {_SEARCH_PATH}".strip()
    pre_migrate.connect(_create_functions, dispatch_uid="tests.clock")
    connection_created.connect(_tell_new_session, dispatch_uid="tests.clock")


def _start_again_from(moment: dt.datetime | None) -> None:
    global _travel  # noqa: PLW0603
    if _travel is not None:
        _travel.stop()
        _travel = None
    if moment is not None:
        # In UTC: a destination with a named zone would change the process's own zone as well.
        _travel = time_machine.travel(moment.astimezone(dt.UTC), tick=True)
        _travel.start()
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.connection.closed:
            # Below Django: a test without the database may have inherited an open session.
            connection.connection.execute(_SET, [_ahead()])


def _ahead() -> str:
    """By how many seconds our time is ahead of the real one."""
    return str(now().timestamp() - real_seconds() if _travel is not None else 0)


def _indonesian_zone(moment: dt.datetime) -> zoneinfo.ZoneInfo:
    for name in DistrictTimeZone.values:
        found = zoneinfo.ZoneInfo(name)
        if moment.astimezone(found).utcoffset() == moment.utcoffset():
            return found
    return zoneinfo.ZoneInfo(DistrictTimeZone.WIB)


def _create_functions(using: str, **_more: Any) -> None:
    with connections[using].cursor() as cursor:
        _create_in(cursor)


def _create_in(cursor: CursorWrapper) -> None:
    for name in SHIFTED:
        kind = "VOLATILE" if name == "clock_timestamp" else "STABLE"
        cursor.execute(_FUNCTION.format(name=name, kind=kind))


def _tell_new_session(connection: Any, **_more: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [_ahead()])
