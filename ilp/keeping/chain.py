"""The chain over the history: each day's digest includes the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Identifier

from ilp.keeping.walls import CONTEXTS, history_tables
from ilp.models import HistoryDigest

# A transaction that began before midnight may still write into the day: an import takes an hour.
_SETTLED = dt.timedelta(hours=3)
_LOCK = 0x494C5043  # "ILPC"
# A row as text must not depend on who asks.
_AS_TEXT = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL statement_timeout = 0"
)
_DIGESTS = """
SELECT greatest((t.{moment} AT TIME ZONE 'UTC')::date, %(first)s) AS day, count(*),
  encode(sha256(string_agg(sha256(convert_to(ROW({columns})::text, 'UTF8')), ''::bytea
    ORDER BY t.{key})), 'hex')
FROM {table} t
WHERE t.{moment} >= %(since)s AND t.{moment} < %(until)s
GROUP BY 1
"""


@dataclass(frozen=True)
class Found:
    """What the chain looks like now: the last day sealed, and what differs from it."""

    last: dt.date | None
    differences: list[str]


def seal_days(now: dt.datetime | None = None) -> int:
    """Seal every day that has settled and has no digest yet; how many."""
    newest = newest_settled(now or timezone.now())
    sealed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Two clocks do no harm: one waits and finds the day done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = HistoryDigest.objects.order_by("-day").first()
        day = last.day + dt.timedelta(days=1) if last else newest
        while day <= newest:
            tables = _tables_of(day, is_first=last is None)
            before = last.sha256 if last else ""
            last = HistoryDigest.objects.create(
                day=day, tables=tables, sha256=_sealed(before, day, tables)
            )
            day += dt.timedelta(days=1)
            sealed += 1
    return sealed


def newest_settled(now: dt.datetime) -> dt.date:
    """The last day (UTC) into which nobody writes any more."""
    return (now.astimezone(dt.UTC) - _SETTLED).date() - dt.timedelta(days=1)


def check_chain() -> Found:
    """Compute every day anew. One pass over each table, however many days there are."""
    digests = list(HistoryDigest.objects.order_by("day"))
    differences = list(_broken_links(digests))
    with transaction.atomic():
        for table, columns, days in _by_columns(digests):
            found = _digests(table, columns, first=digests[0].day, last=digests[-1].day)
            differences += [
                f"{day} {table}"
                for day, wanted in days.items()
                if found.get(day, (0, "")) != wanted
            ]
    return Found(digests[-1].day if digests else None, sorted(differences))


def _broken_links(digests: list[HistoryDigest]) -> Iterator[str]:
    before, expected = "", None
    for digest in digests:
        if expected is not None and digest.day != expected:
            yield f"{expected} –"
        if digest.sha256 != _sealed(before, digest.day, digest.tables):
            yield str(digest.day)
        before, expected = digest.sha256, digest.day + dt.timedelta(days=1)


def _by_columns(
    digests: list[HistoryDigest],
) -> Iterator[tuple[str, list[str], dict[dt.date, tuple[int, str]]]]:
    """(table, columns, day → (rows, hash)): a table has other columns after an upgrade."""
    groups: dict[tuple[str, tuple[str, ...]], dict[dt.date, tuple[int, str]]] = {}
    for digest in digests:
        for table, (columns, rows, sha256) in digest.tables.items():
            groups.setdefault((table, tuple(columns)), {})[digest.day] = (rows, sha256)
    for (table, columns), days in groups.items():
        yield table, list(columns), days


def _tables_of(day: dt.date, *, is_first: bool) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for table in [*history_tables(), CONTEXTS]:
        columns = _columns(table)
        found = _digests(table, columns, first=day, last=day, is_all=is_first)
        rows, sha256 = found.get(day, (0, ""))
        tables[table] = [columns, rows, sha256]
    return tables


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    # When a request last added to its context says nothing about what was done.
    return sorted(column.name for column in description if column.name != "updated_at")


def _digests(
    table: str, columns: list[str], *, first: dt.date, last: dt.date, is_all: bool = True
) -> dict[dt.date, tuple[int, str]]:
    """Day → (rows, hash); with ``is_all`` what is older than ``first`` counts as that day."""
    moment, key = ("created_at", "id") if table == CONTEXTS else ("pgh_created_at", "pgh_id")
    query = SQL(_DIGESTS).format(
        moment=Identifier(moment),
        key=Identifier(key),
        table=Identifier(table),
        columns=SQL(", ").join(SQL("t.{}").format(Identifier(name)) for name in columns),
    )
    since = dt.date.min if is_all else first
    values = {
        "first": first,
        "since": dt.datetime.combine(since, dt.time.min, dt.UTC),
        "until": dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, dt.UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AS_TEXT)
        cursor.execute(query, values)
        return {day: (rows, sha256) for day, rows, sha256 in cursor.fetchall()}


def _sealed(before: str, day: dt.date, tables: dict[str, Any]) -> str:
    text = json.dumps([before, str(day), tables], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
