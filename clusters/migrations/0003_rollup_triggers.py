"""Roll-up of achievements, kept true by the database in the transaction of every write.

``clusters_rollup_refresh(cells)`` recomputes the series of the touched (facility, indicator,
year) from the touched week on, then those of each ancestor from its children, bottom up.
Writers of one district take turns (advisory lock until the end of their transaction), so two
Pustu saving at once cannot overwrite each other's share in the Puskesmas total. See
docs/adr/0003-rollup.md.
"""

from django.db import migrations

SQL = """
CREATE TYPE clusters_rollup_cell AS (facility_id bigint, indicator_code varchar, year smallint, week date);

-- A facility's own contribution per week. For a snapshot the change against its value before.
CREATE FUNCTION clusters_own_contribution(p_facility bigint, p_indicator varchar, p_year smallint)
RETURNS TABLE (week date, numerator bigint, denominator bigint, numerator_change bigint,
               denominator_change bigint, reports int)
LANGUAGE sql STABLE AS $$
  SELECT a.week, a.numerator::bigint, a.denominator::bigint,
    CASE WHEN i.is_snapshot
      THEN a.numerator - COALESCE(lag(a.numerator) OVER (ORDER BY a.week), 0)
      ELSE a.numerator END::bigint,
    CASE WHEN i.is_snapshot
      THEN COALESCE(a.denominator, 0) - COALESCE(lag(a.denominator) OVER (ORDER BY a.week), 0)
      ELSE COALESCE(a.denominator, 0) END::bigint,
    1
  FROM clusters_achievement a,
    LATERAL (SELECT COALESCE((SELECT calc_type = 'snapshot' FROM clusters_indicator
      WHERE code = p_indicator ORDER BY valid_from DESC LIMIT 1), false) AS is_snapshot) i
  WHERE a.facility_id = p_facility AND a.indicator_code = p_indicator AND a.year = p_year
    AND a.numerator IS NOT NULL
$$;

CREATE FUNCTION clusters_rollup_series(p_facility bigint, p_indicator varchar, p_year smallint,
                                       p_from date)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM clusters_achievementtotal
  WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
    AND week >= p_from;
  INSERT INTO clusters_achievementtotal (facility_id, indicator_code, year, week, numerator,
    denominator, numerator_change, denominator_change, running_numerator, running_denominator,
    reports)
  SELECT p_facility, p_indicator, p_year, s.week, s.numerator, s.denominator, s.numerator_change,
    s.denominator_change,
    COALESCE(b.running_numerator, 0) + sum(s.numerator_change) OVER w,
    COALESCE(b.running_denominator, 0) + sum(s.denominator_change) OVER w,
    s.reports
  FROM (
    SELECT week, sum(numerator) AS numerator, sum(denominator) AS denominator,
      sum(numerator_change) AS numerator_change, sum(denominator_change) AS denominator_change,
      sum(reports) AS reports
    FROM (
      SELECT * FROM clusters_own_contribution(p_facility, p_indicator, p_year)
      UNION ALL
      SELECT t.week, t.numerator, t.denominator, t.numerator_change, t.denominator_change,
        t.reports
      FROM facilities_facility f JOIN clusters_achievementtotal t ON t.facility_id = f.id
      WHERE f.parent_id = p_facility AND t.indicator_code = p_indicator AND t.year = p_year
        AND t.week >= p_from
    ) parts
    WHERE week >= p_from
    GROUP BY week
  ) s
  LEFT JOIN LATERAL (
    SELECT running_numerator, running_denominator FROM clusters_achievementtotal
    WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
      AND week < p_from
    ORDER BY week DESC LIMIT 1
  ) b ON true
  WINDOW w AS (ORDER BY s.week);
END $$;

CREATE FUNCTION clusters_rollup_refresh(cells clusters_rollup_cell[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN
    SELECT DISTINCT f.district_id FROM unnest(cells) c
    JOIN facilities_facility f ON f.id = c.facility_id ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(hashtext('clusters_rollup'), r.district_id::int);
  END LOOP;
  FOR r IN
    SELECT anc.id AS facility_id, c.indicator_code, c.year, min(c.week) AS from_week
    FROM unnest(cells) c
    JOIN facilities_facility f ON f.id = c.facility_id
    JOIN facilities_facility anc ON anc.path @> f.path
    GROUP BY anc.id, anc.path, c.indicator_code, c.year
    ORDER BY nlevel(anc.path) DESC, anc.id, c.indicator_code, c.year
  LOOP
    PERFORM clusters_rollup_series(r.facility_id, r.indicator_code, r.year, r.from_week);
  END LOOP;
END $$;

CREATE FUNCTION clusters_achievement_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM new_rows HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE FUNCTION clusters_achievement_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM old_rows HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE FUNCTION clusters_achievement_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A note or an author may change without any figure changing: then there is nothing to add up.
  PERFORM clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM (
    SELECT facility_id, indicator_code, year, week FROM (
      SELECT facility_id, indicator_code, year, week, numerator, denominator FROM new_rows
      EXCEPT
      SELECT facility_id, indicator_code, year, week, numerator, denominator FROM old_rows) n
    UNION
    SELECT facility_id, indicator_code, year, week FROM (
      SELECT facility_id, indicator_code, year, week, numerator, denominator FROM old_rows
      EXCEPT
      SELECT facility_id, indicator_code, year, week, numerator, denominator FROM new_rows) o
  ) changed HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE TRIGGER achievement_rollup_insert AFTER INSERT ON clusters_achievement
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_inserted();
CREATE TRIGGER achievement_rollup_update AFTER UPDATE ON clusters_achievement
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_updated();
CREATE TRIGGER achievement_rollup_delete AFTER DELETE ON clusters_achievement
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_deleted();
"""

REVERSE = """
DROP TRIGGER achievement_rollup_insert ON clusters_achievement;
DROP TRIGGER achievement_rollup_update ON clusters_achievement;
DROP TRIGGER achievement_rollup_delete ON clusters_achievement;
DROP FUNCTION clusters_achievement_inserted();
DROP FUNCTION clusters_achievement_updated();
DROP FUNCTION clusters_achievement_deleted();
DROP FUNCTION clusters_rollup_refresh(clusters_rollup_cell[]);
DROP FUNCTION clusters_rollup_series(bigint, varchar, smallint, date);
DROP FUNCTION clusters_own_contribution(bigint, varchar, smallint);
DROP TYPE clusters_rollup_cell;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0002_initial"),
        ("facilities", "0002_facility_path_trigger"),
    ]
    operations = [migrations.RunSQL(SQL, REVERSE)]
