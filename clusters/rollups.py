"""Is the stored roll-up equal to the sum of the facts? Computed a second way and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

# Nothing here shares code with the triggers: facts and replaced sums go up to every ancestor by
# ltree in one step, unless a replaced sum stands in their way, and running figures are window
# sums over the year.
_EXPECTED = """
WITH kinds AS (
  SELECT DISTINCT ON (code) code, calc_type = 'snapshot' AS is_snapshot
  FROM clusters_indicator ORDER BY code, valid_from DESC
), facts AS (
  SELECT a.facility_id, a.indicator_code, a.year, a.week,
    a.numerator::bigint AS numerator, a.denominator::bigint AS denominator,
    CASE WHEN k.is_snapshot THEN a.numerator - coalesce(lag(a.numerator) OVER w, 0)
      ELSE a.numerator END::bigint AS numerator_change,
    CASE WHEN k.is_snapshot
      THEN coalesce(a.denominator, 0) - coalesce(lag(coalesce(a.denominator, 0)) OVER w, 0)
      ELSE coalesce(a.denominator, 0) END::bigint AS denominator_change
  FROM clusters_achievement a LEFT JOIN kinds k ON k.code = a.indicator_code
  JOIN facilities_facility f ON f.id = a.facility_id
  WHERE a.numerator IS NOT NULL AND (%(district)s::bigint IS NULL OR f.district_id = %(district)s)
  WINDOW w AS (PARTITION BY a.facility_id, a.indicator_code, a.year ORDER BY a.week)
), replaced AS (
  SELECT o.facility_id, f.path, o.indicator_code, o.year, o.week,
    o.numerator::bigint AS numerator, o.denominator::bigint AS denominator
  FROM clusters_sumoverride o LEFT JOIN kinds k ON k.code = o.indicator_code
  JOIN facilities_facility f ON f.id = o.facility_id
  WHERE NOT coalesce(k.is_snapshot, false)
    AND (%(district)s::bigint IS NULL OR f.district_id = %(district)s)
), sources AS (
  SELECT x.*, f.path, NULL::bigint AS replacing FROM facts x
  JOIN facilities_facility f ON f.id = x.facility_id
  UNION ALL
  SELECT facility_id, indicator_code, year, week, numerator, denominator, numerator,
    coalesce(denominator, 0), path, facility_id FROM replaced
), counted AS (
  SELECT anc.id AS facility_id, x.indicator_code, x.year, x.week, sum(x.numerator) AS numerator,
    sum(x.denominator) AS denominator, sum(x.numerator_change) AS numerator_change,
    sum(x.denominator_change) AS denominator_change
  FROM sources x JOIN facilities_facility anc ON anc.path @> x.path
  WHERE NOT EXISTS (
    SELECT 1 FROM replaced r WHERE r.indicator_code = x.indicator_code AND r.week = x.week
      AND anc.path @> r.path AND r.path @> x.path AND r.facility_id IS DISTINCT FROM x.replacing)
  GROUP BY anc.id, x.indicator_code, x.year, x.week
), reported AS (
  SELECT anc.id AS facility_id, x.indicator_code, x.year, x.week, count(x.numerator) AS reports
  FROM facts x JOIN facilities_facility f ON f.id = x.facility_id
  JOIN facilities_facility anc ON anc.path @> f.path
  GROUP BY anc.id, x.indicator_code, x.year, x.week
), weekly AS (
  SELECT c.*, coalesce(r.reports, 0) AS reports
  FROM counted c LEFT JOIN reported r USING (facility_id, indicator_code, year, week)
)
SELECT facility_id, indicator_code, year, week, numerator::bigint, denominator::bigint,
  numerator_change::bigint, denominator_change::bigint,
  (sum(numerator_change) OVER v)::bigint AS running_numerator,
  (sum(denominator_change) OVER v)::bigint AS running_denominator, reports::bigint
FROM weekly WINDOW v AS (PARTITION BY facility_id, indicator_code, year ORDER BY week)
"""
_COLUMNS = (
    "numerator", "denominator", "numerator_change", "denominator_change", "running_numerator",
    "running_denominator", "reports",
)  # fmt: skip
_DIFFERENCES = f"""
WITH expected AS ({_EXPECTED}), stored AS (
  SELECT t.facility_id, t.indicator_code, t.year, t.week, {", ".join(f"t.{c}" for c in _COLUMNS)}
  FROM clusters_achievementtotal t JOIN facilities_facility f ON f.id = t.facility_id
  WHERE %(district)s::bigint IS NULL OR f.district_id = %(district)s
)
SELECT f.code, coalesce(e.indicator_code, s.indicator_code), coalesce(e.week, s.week),
  e.facility_id IS NOT NULL, ARRAY[{", ".join(f"e.{c}::bigint" for c in _COLUMNS)}],
  s.facility_id IS NOT NULL, ARRAY[{", ".join(f"s.{c}::bigint" for c in _COLUMNS)}]
FROM expected e FULL JOIN stored s USING (facility_id, indicator_code, year, week)
JOIN facilities_facility f ON f.id = facility_id
WHERE ROW({", ".join(f"e.{c}" for c in _COLUMNS)})
  IS DISTINCT FROM ROW({", ".join(f"s.{c}::bigint" for c in _COLUMNS)})
  OR e.reports IS NULL OR s.reports IS NULL
ORDER BY 1, 2, 3
"""  # noqa: S608 - column names of this module, no input
_REFRESH = """
SELECT clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
FROM (
  SELECT a.facility_id, a.indicator_code, a.year, min(a.week) AS week
  FROM (
    SELECT facility_id, indicator_code, year, week FROM clusters_achievement
    UNION ALL SELECT facility_id, indicator_code, year, week FROM clusters_sumoverride
  ) a JOIN facilities_facility f ON f.id = a.facility_id
  WHERE %(district)s::bigint IS NULL OR f.district_id = %(district)s
  GROUP BY 1, 2, 3
) cells HAVING count(*) > 0
"""  # noqa: E501
_LOCK = """
SELECT pg_advisory_xact_lock(hashtext('clusters_rollup'), id::int)
FROM (SELECT id FROM facilities_district
  WHERE %(district)s::bigint IS NULL OR id = %(district)s ORDER BY id) districts
"""
_CLEAR = """
DELETE FROM clusters_achievementtotal t USING facilities_facility f
WHERE f.id = t.facility_id AND (%(district)s::bigint IS NULL OR f.district_id = %(district)s)
"""


@dataclass(frozen=True)
class Difference:
    """One stored total that is not what the facts say; None: the row is missing there."""

    facility: str
    indicator: str
    week: Any
    expected: dict[str, int | None] | None
    stored: dict[str, int | None] | None

    def __str__(self) -> str:
        if self.expected is None or self.stored is None:
            return f"{self.facility} {self.indicator} {self.week}: {self.expected} / {self.stored}"
        parts = [
            f"{name} {self.stored[name]} (facts: {self.expected[name]})"
            for name in _COLUMNS
            if self.stored[name] != self.expected[name]
        ]
        return f"{self.facility} {self.indicator} {self.week}: {', '.join(parts)}"


def rollup_differences(district_id: int | None = None) -> Iterator[Difference]:
    """Every total that differs from its recomputation; all districts without an id."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"district": district_id})
        rows = cursor.fetchall()
    for facility, indicator, week, is_expected, expected, is_stored, stored in rows:
        yield Difference(
            facility=facility,
            indicator=indicator,
            week=week,
            expected=dict(zip(_COLUMNS, expected, strict=True)) if is_expected else None,
            stored=dict(zip(_COLUMNS, stored, strict=True)) if is_stored else None,
        )


def hold_totals(district_id: int) -> None:
    """Let no count of a district change until the end of the transaction (the triggers' lock).

    What is read afterwards, in however many queries, belongs together.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"district": district_id})


@transaction.atomic
def rebuild_rollups(district_id: int | None = None) -> None:
    """Write all totals anew from facts and replaced sums; readers see the old ones meanwhile."""
    with connection.cursor() as cursor:
        # The same lock the triggers take, before the old totals go: no writer comes between.
        cursor.execute(_LOCK, {"district": district_id})
        cursor.execute(_CLEAR, {"district": district_id})
        cursor.execute(_REFRESH, {"district": district_id})
