"""The second wall: rows that name people are only there for the area a session works for.

The first is ``visible_to``; this one stands where a query forgot it. The session says its area in
``pantau.area`` (ilp/database/area.py): ``*``, or paths of the tree; without it there is nothing.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from psycopg.sql import SQL, Identifier, Literal

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_SAID = "(SELECT current_setting('pantau.area', true))"
_PATHS = f"string_to_array(NULLIF({_SAID}, ''), ',')::ltree[]"
# Sub-selects that do not depend on the row: worked out once a query.
_FACILITY = f"""
{_SAID} = '*' OR facility_id IN (
  SELECT id FROM facilities_facility WHERE path <@ ANY ({_PATHS}))
"""  # noqa: S608 - our own names
# The problem's own policy decides.
_PROBLEM = f"""
{_SAID} = '*' OR EXISTS (SELECT 1 FROM reports_problem p WHERE p.id = problem_id)
"""  # noqa: S608 - our own names
# Who signs, decides or is told something may work above the area; a person without a post, or
# without a place, belongs to nobody. Sign-in must find a person before any area is known.
_USER = f"""
coalesce({_SAID}, '') IN ('', '*') OR is_superuser OR id IN (
  SELECT p.user_id FROM facilities_posting p
  LEFT JOIN facilities_facility f ON f.id = p.facility_id
  WHERE f.id IS NULL OR f.path <@ ANY ({_PATHS}) OR f.path @> ANY ({_PATHS}))
OR NOT EXISTS (SELECT 1 FROM facilities_posting p WHERE p.user_id = facilities_user.id)
"""  # noqa: S608 - our own names
_USER_EVENT = f"""
coalesce({_SAID}, '') IN ('', '*')
OR EXISTS (SELECT 1 FROM facilities_user u WHERE u.id = pgh_obj_id)
"""  # noqa: S608 - our own names
POLICIES = {
    "reports_problem": _FACILITY,
    "reports_problemevent": _FACILITY,
    "reports_healthevent": _FACILITY,
    "reports_healtheventevent": _FACILITY,
    "reports_followup": _PROBLEM,
    "reports_followupevent": _PROBLEM,
    "reports_attachment": _PROBLEM,
    "reports_attachmentevent": _PROBLEM,
    "facilities_user": _USER,
    "facilities_userevent": _USER_EVENT,
}
_NAME = "pantau_area"
_KNOWN = """
SELECT c.relrowsecurity, obj_description(p.oid, 'pg_policy') FROM pg_class c
LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = %s
WHERE c.oid = %s::regclass
"""


def raise_second_wall(cursor: CursorWrapper) -> None:
    """Give each table its policy; one that has it already is not touched, nor locked."""
    for table, rule in POLICIES.items():
        mark = hashlib.sha256(rule.encode()).hexdigest()
        cursor.execute(_KNOWN, [_NAME, table])
        if cursor.fetchone() == (True, mark):
            continue
        names = {"policy": Identifier(_NAME), "table": Identifier(table), "mark": Literal(mark)}
        for statement in (
            "DROP POLICY IF EXISTS {policy} ON {table}",
            "CREATE POLICY {policy} ON {table} USING (" + rule + ")",
            "COMMENT ON POLICY {policy} ON {table} IS {mark}",
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        ):
            cursor.execute(SQL(statement).format(**names))
