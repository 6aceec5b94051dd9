"""Is the stored roll-up equal to the sum of the facts? Computed a second way and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

# Nothing here shares code with the triggers. Facts and replaced sums go up to every ancestor of
# their week in one step (``reach``), unless a replaced sum stands in their way. States are pieces
# that hold from one report to the next, for as long as the facility hangs there: each comes in
# its first week and goes after its last. Running figures are window sums over the year.
_EXPECTED = """
WITH RECURSIVE reach AS (
  SELECT id AS below, id AS above, '-infinity'::date AS since, 'infinity'::date AS until
  FROM facilities_facility
  WHERE %(district)s::bigint IS NULL OR district_id = %(district)s
  UNION ALL
  SELECT r.below, p.parent_id, greatest(r.since, p.start_on),
    least(r.until, coalesce(p.end_on, 'infinity'))
  FROM reach r JOIN facilities_placement p ON p.facility_id = r.above
  WHERE greatest(r.since, p.start_on) < least(r.until, coalesce(p.end_on, 'infinity'))
), weeks_of_reach AS (
  -- The Saturdays on which the one hung below the other.
  SELECT below, above, since - 6 AS from_week, until - 6 AS to_week FROM reach
), versions AS (
  SELECT DISTINCT a.indicator_code, a.week, v.calc_type
  FROM (SELECT indicator_code, week FROM clusters_achievement
    UNION SELECT indicator_code, week FROM clusters_sumoverride
    UNION SELECT i.code, d::date FROM clusters_indicator i,
      LATERAL (VALUES (i.valid_from), (i.valid_until)) b(day),
      LATERAL generate_series(b.day - extract(dow FROM b.day)::int - 7,
        b.day - extract(dow FROM b.day)::int, '7 days') d) a
  LEFT JOIN LATERAL (
    SELECT coalesce(
      (SELECT calc_type FROM clusters_indicator WHERE code = a.indicator_code
        AND valid_from <= a.week + 6 AND coalesce(valid_until > a.week + 6, true)
        ORDER BY valid_from DESC LIMIT 1),
      (SELECT calc_type FROM clusters_indicator WHERE code = a.indicator_code
        AND valid_from <= a.week + 6 ORDER BY valid_from DESC LIMIT 1),
      (SELECT calc_type FROM clusters_indicator WHERE code = a.indicator_code
        ORDER BY valid_from LIMIT 1),
      'cumulative') AS calc_type
  ) v ON true
), kinds AS (
  -- How often the type had changed by then numbers the sums.
  SELECT indicator_code, week, calc_type = 'snapshot' AS is_snapshot,
    count(*) FILTER (WHERE calc_type <> before) OVER (PARTITION BY indicator_code ORDER BY week)
      AS part
  FROM (SELECT *, lag(calc_type) OVER (PARTITION BY indicator_code ORDER BY week) AS before
    FROM versions) v
), parts AS (
  SELECT indicator_code, part, CASE WHEN part = 0 THEN '-infinity' ELSE min(week) END AS starts,
    coalesce(lead(min(week)) OVER (PARTITION BY indicator_code ORDER BY part), 'infinity') AS ends
  FROM kinds GROUP BY indicator_code, part
), facts AS (
  SELECT a.facility_id, a.indicator_code, a.year, a.week, k.is_snapshot, k.part,
    a.numerator::bigint AS numerator, a.denominator::bigint AS denominator,
    CASE WHEN a.first_month_numerator IS NULL OR x.same THEN 0
      WHEN x.in_second THEN a.first_month_numerator
      ELSE a.numerator - a.first_month_numerator END AS moved_numerator,
    CASE WHEN a.first_month_denominator IS NULL OR x.same THEN 0
      WHEN x.in_second THEN a.first_month_denominator
      ELSE a.denominator - a.first_month_denominator END AS moved_denominator
  FROM clusters_achievement a JOIN kinds k USING (indicator_code, week)
  JOIN facilities_facility f ON f.id = a.facility_id
  CROSS JOIN LATERAL (SELECT k.is_snapshot
      OR date_trunc('month', a.week) = date_trunc('month', a.week + 6) AS same,
    date_trunc('month', a.week + 3) = date_trunc('month', a.week + 6) AS in_second) x
  WHERE a.numerator IS NOT NULL AND (%(district)s::bigint IS NULL OR f.district_id = %(district)s)
), replaced AS (
  SELECT o.facility_id, o.indicator_code, o.year, o.week,
    o.numerator::bigint AS numerator, o.denominator::bigint AS denominator
  FROM clusters_sumoverride o JOIN kinds k USING (indicator_code, week)
  JOIN facilities_facility f ON f.id = o.facility_id
  WHERE NOT k.is_snapshot
    AND (%(district)s::bigint IS NULL OR f.district_id = %(district)s)
), in_the_way AS (
  SELECT r.facility_id AS by, d.below, u.above, r.indicator_code, r.week
  FROM replaced r
  JOIN weeks_of_reach d ON d.above = r.facility_id AND r.week >= d.from_week AND r.week < d.to_week
  JOIN weeks_of_reach u ON u.below = r.facility_id AND r.week >= u.from_week AND r.week < u.to_week
), sources AS (
  SELECT facility_id, indicator_code, year, week, numerator, denominator, moved_numerator,
    moved_denominator, is_snapshot, NULL::bigint AS replacing
  FROM facts
  UNION ALL
  SELECT facility_id, indicator_code, year, week, numerator, denominator, 0, 0, false, facility_id
  FROM replaced
), counted AS (
  SELECT u.above AS facility_id, x.indicator_code, x.year, x.week, sum(x.numerator) AS numerator,
    sum(x.denominator) AS denominator,
    sum(x.numerator) FILTER (WHERE NOT x.is_snapshot) AS numerator_change,
    sum(x.denominator) FILTER (WHERE NOT x.is_snapshot) AS denominator_change,
    sum(x.moved_numerator) AS moved_numerator, sum(x.moved_denominator) AS moved_denominator
  FROM sources x
  JOIN weeks_of_reach u ON u.below = x.facility_id AND x.week >= u.from_week AND x.week < u.to_week
  WHERE NOT EXISTS (
    SELECT 1 FROM in_the_way r WHERE r.indicator_code = x.indicator_code AND r.week = x.week
      AND r.above = u.above AND r.below = x.facility_id
      AND r.by IS DISTINCT FROM x.replacing)
  GROUP BY u.above, x.indicator_code, x.year, x.week
), states AS (
  SELECT s.facility_id, s.indicator_code, s.year, s.week AS from_week,
    least(e.ends, lead(s.week) OVER v) AS to_week,
    least(e.ends, make_date(s.year + 1, 1, 4) - extract(dow FROM make_date(s.year + 1, 1, 4))::int)
      AS last,
    s.numerator, coalesce(s.denominator, 0) AS denominator
  FROM facts s JOIN parts e USING (indicator_code, part) WHERE s.is_snapshot
  WINDOW v AS (PARTITION BY s.facility_id, s.indicator_code, s.year, s.part ORDER BY s.week)
), held AS (
  SELECT u.above AS facility_id, s.indicator_code, s.year, s.numerator, s.denominator, s.last,
    greatest(s.from_week, u.from_week + (7 - extract(dow FROM u.from_week)::int) %% 7) AS from_week,
    least(s.to_week, CASE WHEN isfinite(u.to_week)
      THEN u.to_week + (7 - extract(dow FROM u.to_week)::int) %% 7 END) AS to_week
  FROM states s JOIN weeks_of_reach u ON u.below = s.facility_id
), changed AS (
  SELECT facility_id, indicator_code, year, from_week AS week, numerator, denominator FROM held
  WHERE from_week < least(to_week, last)
  UNION ALL
  SELECT facility_id, indicator_code, year, to_week, -numerator, -denominator FROM held
  WHERE from_week < to_week AND to_week < last
), state_changes AS (
  SELECT facility_id, indicator_code, year, week, sum(numerator) AS numerator,
    sum(denominator) AS denominator
  FROM changed GROUP BY facility_id, indicator_code, year, week
), reported AS (
  SELECT u.above AS facility_id, x.indicator_code, x.year, x.week, count(*) AS reports,
    bool_or(u.above = x.facility_id) AS is_own
  FROM facts x
  JOIN weeks_of_reach u ON u.below = x.facility_id AND x.week >= u.from_week AND x.week < u.to_week
  GROUP BY u.above, x.indicator_code, x.year, x.week
), weekly AS (
  SELECT facility_id, indicator_code, year, week, c.numerator, c.denominator,
    coalesce(c.numerator_change, 0) + coalesce(s.numerator, 0) AS numerator_change,
    coalesce(c.denominator_change, 0) + coalesce(s.denominator, 0) AS denominator_change,
    coalesce(r.reports, 0) AS reports, coalesce(r.is_own, false) AS is_own,
    coalesce(c.moved_numerator, 0) AS moved_numerator,
    coalesce(c.moved_denominator, 0) AS moved_denominator,
    p.part,
    power(2, (week - make_date(year, 1, 4) + extract(dow FROM make_date(year, 1, 4))::int) / 7)
      ::bigint AS bit
  FROM counted c
  FULL JOIN state_changes s USING (facility_id, indicator_code, year, week)
  LEFT JOIN reported r USING (facility_id, indicator_code, year, week)
  JOIN parts p USING (indicator_code)
  WHERE week >= p.starts AND week < p.ends
    AND (c.numerator IS NOT NULL OR s.numerator <> 0 OR s.denominator <> 0)
)
SELECT facility_id, indicator_code, year, week, numerator::bigint, denominator::bigint,
  numerator_change::bigint, denominator_change::bigint,
  (sum(numerator_change) OVER v)::bigint AS running_numerator,
  (sum(denominator_change) OVER v)::bigint AS running_denominator, reports::bigint,
  (sum(CASE WHEN reports > 0 THEN bit ELSE 0 END) OVER y)::bigint AS weeks_reported,
  (sum(CASE WHEN is_own THEN bit ELSE 0 END) OVER y)::bigint AS own_weeks,
  moved_numerator::bigint, moved_denominator::bigint
FROM weekly
WINDOW v AS (PARTITION BY facility_id, indicator_code, year, part ORDER BY week),
  y AS (PARTITION BY facility_id, indicator_code, year ORDER BY week)
"""
_COLUMNS = (
    "numerator", "denominator", "numerator_change", "denominator_change", "running_numerator",
    "running_denominator", "reports", "weeks_reported", "own_weeks", "moved_numerator",
    "moved_denominator",
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
    """Every total that differs from its recomputation; all districts without an id. However long
    it takes: nobody waits for it, and the history grows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
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
