"""Rows that many tests begin with, made once a process and then copied in.

Loading the catalogues and making the cast takes a tenth of a second of computing, more than most
tests need for themselves. The rows are those of the first time: ``COPY`` out, ``COPY`` in.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Identifier

# Generated columns compute themselves.
_COLUMNS = """
SELECT c.table_name, string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position)
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
GROUP BY c.table_name ORDER BY c.table_name
"""
_SEQUENCES = """
SELECT quote_ident(sequencename), last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@dataclass(frozen=True)
class Snapshot[T]:
    """What ``make`` put into a database that had none of it, and what it returned."""

    tables: dict[str, tuple[str, bytes]]  # name: (columns, rows as COPY writes them)
    sequences: tuple[tuple[str, int], ...]
    result: T

    @classmethod
    def of(cls, make: Callable[[], T]) -> Snapshot[T]:
        """Run ``make`` and keep its rows; tables that had rows before must not gain any."""
        with connection.cursor() as cursor:
            cursor.execute(_COLUMNS)
            columns = dict(cursor.fetchall())
            before = {table: _count(cursor, table) for table in columns}
            result = make()
            grown = [table for table in columns if _count(cursor, table) != before[table]]
            if mixed := [table for table in grown if before[table]]:
                raise RuntimeError(f"rows were there already: {mixed}")
            tables = {
                table: (columns[table], _rows(cursor, table, columns[table])) for table in grown
            }
            cursor.execute(_SEQUENCES)
            return cls(tables, tuple(cursor.fetchall()), copy.deepcopy(result))

    def restore(self) -> T:
        """The same rows with the same keys, and a fresh copy of the result."""
        with connection.cursor() as cursor:
            # No triggers: history and sums are among the rows already.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, (columns, rows) in self.tables.items():
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as stream:
                    stream.write(rows)
            cursor.execute("SET LOCAL session_replication_role = origin")
            for name, value in self.sequences:
                cursor.execute("SELECT setval(%s, greatest(%s, nextval(%s)))", [name, value, name])
        return copy.deepcopy(self.result)


def _count(cursor: Any, table: str) -> int:
    cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
    return int(cursor.fetchone()[0])


def _rows(cursor: Any, table: str, columns: str) -> bytes:
    with cursor.copy(f'COPY "{table}" ({columns}) TO STDOUT') as stream:
        return b"".join(bytes(part) for part in stream)
