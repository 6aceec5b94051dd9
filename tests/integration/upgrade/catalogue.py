"""What a database consists of, read from PostgreSQL's own catalogue; the order of columns aside."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from tests.clock import SHIFTED

SECTIONS = {
    "extensions": "SELECT extname FROM pg_extension",
    "tables": """
        SELECT relname, relkind, relpersistence, reloptions FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace AND relkind <> 'S'
    """,
    "columns": """
        SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
          attidentity, attgenerated, attcollation, pg_get_expr(adbin, adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'c', 'v', 'p', 'm')
          AND attnum > 0 AND NOT attisdropped
    """,
    "sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle
        FROM pg_sequences WHERE schemaname = 'public'
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass, conname, contype, condeferrable, condeferred, convalidated,
          pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid),
          obj_description(oid, 'pg_trigger')
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    # Extensions bring functions and types of their own.
    "functions": """
        SELECT oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
          AND oid NOT IN (
            SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype = 'e')
    """,
    "types": """
        SELECT typname, typtype, format_type(typbasetype, typtypmod) FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('c', 'd', 'e', 'r')
          AND oid NOT IN (
            SELECT objid FROM pg_depend WHERE classid = 'pg_type'::regclass AND deptype = 'e')
    """,
}
_CLOCK = re.compile(r"public\.((?:now|(?:transaction|statement|clock)_timestamp)\(\))")
_CLOCK_NAMES = {f"{name}()" for name in SHIFTED}


def catalogue(url: str, section: str) -> list[tuple[Any, ...]]:
    """One section, in an order that does not depend on how the database came about."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(SECTIONS[section].encode()).fetchall()
    texts = [tuple(_CLOCK.sub(r"\1", str(value)) for value in row) for row in rows]
    # What the tests' clock brings along is no part of the product.
    return sorted(row for row in texts if not (section == "functions" and row[0] in _CLOCK_NAMES))
