"""Read shapes of target population."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lifecycle.moved import CHANGED, YearOfPeople, load_moves, with_moves

# The villages each facility answers for: those it serves on the day, or, for the district
# health office, all of the district. Posyandu have no figure but their own.
_FROM_VILLAGES = """
WITH wanted AS (
  SELECT f.id, f.kind, d.area_id
  FROM facilities_facility f JOIN facilities_district d ON d.id = f.district_id
  WHERE f.id = ANY(%(ids)s)
), serves AS (
  SELECT w.id AS facility_id, s.village_id
  FROM wanted w JOIN facilities_servicearea s ON s.facility_id = w.id
  WHERE w.kind IN ('puskesmas', 'pustu')
    AND s.start_on <= %(on)s AND (s.end_on IS NULL OR s.end_on > %(on)s)
  UNION
  SELECT w.id, a.code FROM wanted w
  JOIN facilities_area a ON a.kind = 'village' AND a.code LIKE w.area_id || '.%%'
  WHERE w.kind = 'dinkes'
)
SELECT s.facility_id, t.group_code,
  sum(CASE t.official WHEN 'counted' THEN t.counted ELSE t.estimated END) AS people
FROM serves s JOIN lifecycle_targetpopulation t ON t.village_id = s.village_id
JOIN (SELECT facility_id, count(*) AS villages FROM serves GROUP BY 1) v
  ON v.facility_id = s.facility_id
WHERE t.year = %(year)s
GROUP BY 1, 2, v.villages
HAVING count(CASE t.official WHEN 'counted' THEN t.counted ELSE t.estimated END) = v.villages
"""
_WITHOUT = """
SELECT s.facility_id, g.group_code, a.name
FROM facilities_servicearea s
JOIN facilities_area a ON a.code = s.village_id
CROSS JOIN unnest(%(groups)s::varchar[]) AS g(group_code)
LEFT JOIN lifecycle_targetpopulation t
  ON t.village_id = s.village_id AND t.group_code = g.group_code AND t.year = %(year)s
WHERE s.facility_id = ANY(%(ids)s)
  AND s.start_on <= %(on)s AND (s.end_on IS NULL OR s.end_on > %(on)s)
  AND CASE t.official WHEN 'counted' THEN t.counted ELSE t.estimated END IS NULL
ORDER BY a.code
"""
_OWN = """
SELECT facility_id, group_code,
  CASE official WHEN 'counted' THEN counted ELSE estimated END AS people
FROM lifecycle_targetpopulation
WHERE facility_id = ANY(%(ids)s) AND year = %(year)s
  AND CASE official WHEN 'counted' THEN counted ELSE estimated END IS NOT NULL
"""
# Beside them, without a facility: whether anything changed hands at all. Mostly nothing did.
_OWN_OR_CHANGED = f"""{_OWN}
UNION ALL SELECT NULL, NULL, count(*) FROM ({CHANGED}) AS changed
"""  # noqa: S608 - our own texts


@dataclass(frozen=True, slots=True)
class YearlyPeople:
    """``on_day``: people by facility and group; ``changed``: those that changed in the year."""

    on_day: dict[int, dict[str, int]]
    changed: dict[int, dict[str, YearOfPeople]]


def target_population_by_group(
    facility_ids: Sequence[int], year: int, on: dt.date
) -> dict[int, dict[str, int]]:
    """Official people per facility and group: ``{facility id: {"BUMIL": 412, ...}}``.

    A facility's own figure wins; else a Puskesmas or Pustu has the sum over the villages it
    serves on the day ``on``, the district office that over all its villages. A Posyandu that was
    moved counts with those it hangs below. Where a figure is unknown in one of the villages the
    group is absent: unknown, neither zero nor the sum of the others (``villages_without`` names
    them). Two queries, and six more where anything changed hands.
    """
    return target_population_of_year(facility_ids, year, on).on_day


def target_population_of_year(facility_ids: Sequence[int], year: int, on: dt.date) -> YearlyPeople:
    """The same, and by month where people changed hands in the year up to ``on``."""
    figures: dict[int, dict[str, int]] = {pk: {} for pk in facility_ids}
    first = dt.date(year, 1, 1)
    parameters: dict[str, Any] = {
        "ids": list(facility_ids), "year": year, "on": on, "first": first
    }  # fmt: skip
    own: set[tuple[int, str]] = set()
    changes = 0
    with connection.cursor() as cursor:
        cursor.execute(_FROM_VILLAGES, parameters)
        for facility_id, group, people in cursor.fetchall():
            figures[facility_id][group] = int(people)
        cursor.execute(_OWN_OR_CHANGED, parameters)
        for facility_id, group, people in cursor.fetchall():
            if facility_id is None:
                changes = people
                continue
            figures[facility_id][group] = int(people)  # wins over the villages
            own.add((facility_id, group))
    if not changes:
        return YearlyPeople(figures, {})
    return YearlyPeople(figures, with_moves(figures, own, load_moves(facility_ids, year, on)))


def villages_without(
    facility_ids: Sequence[int], groups: Sequence[str], year: int, on: dt.date
) -> dict[int, dict[str, list[str]]]:
    """Names of the villages a facility serves that have no figure: ``{id: {group: [names]}}``."""
    found: dict[int, dict[str, list[str]]] = {pk: {} for pk in facility_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            _WITHOUT, {"ids": list(facility_ids), "groups": list(groups), "year": year, "on": on}
        )
        for facility_id, group, name in cursor.fetchall():
            found[facility_id].setdefault(group, []).append(name)
    return found
