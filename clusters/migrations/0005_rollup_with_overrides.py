"""The roll-up also knows sums that a person replaced.

Where a facility has an override for a week, its total of that week is the figure of the override,
and everything above adds that up. The rows below stay as reported, and so does ``reports``. A
snapshot holds changes against the value before, which no replaced week can tell: overrides of
snapshots are left out of account (the pages refuse them). See docs/adr/0003-rollup.md.
"""

from importlib import import_module

from django.db import migrations

# The series without overrides, for the way back.
_first = import_module("clusters.migrations.0003_rollup_triggers").SQL
_BEFORE = _first[
    _first.index("CREATE FUNCTION clusters_rollup_series") : _first.index(
        "CREATE FUNCTION clusters_rollup_refresh"
    )
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

SQL = """
CREATE OR REPLACE FUNCTION clusters_rollup_series(p_facility bigint, p_indicator varchar,
                                                  p_year smallint, p_from date)
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
    SELECT week,
      CASE WHEN o.week IS NULL THEN p.numerator ELSE o.numerator END AS numerator,
      CASE WHEN o.week IS NULL THEN p.denominator ELSE o.denominator END AS denominator,
      CASE WHEN o.week IS NULL THEN p.numerator_change ELSE o.numerator END AS numerator_change,
      CASE WHEN o.week IS NULL THEN p.denominator_change
        ELSE COALESCE(o.denominator, 0) END AS denominator_change,
      COALESCE(p.reports, 0) AS reports
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
    ) p
    FULL JOIN (
      SELECT week, numerator::bigint, denominator::bigint FROM clusters_sumoverride
      WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
        AND week >= p_from
        AND COALESCE((SELECT calc_type FROM clusters_indicator WHERE code = p_indicator
          ORDER BY valid_from DESC LIMIT 1), '') <> 'snapshot'
    ) o USING (week)
  ) s
  LEFT JOIN LATERAL (
    SELECT running_numerator, running_denominator FROM clusters_achievementtotal
    WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
      AND week < p_from
    ORDER BY week DESC LIMIT 1
  ) b ON true
  WINDOW w AS (ORDER BY s.week);
END $$;

-- The functions of the achievements serve: they read the same columns from rows of the same name.
CREATE TRIGGER sumoverride_rollup_insert AFTER INSERT ON clusters_sumoverride
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_inserted();
CREATE TRIGGER sumoverride_rollup_update AFTER UPDATE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_updated();
CREATE TRIGGER sumoverride_rollup_delete AFTER DELETE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_deleted();
"""

REVERSE = f"""
DROP TRIGGER sumoverride_rollup_insert ON clusters_sumoverride;
DROP TRIGGER sumoverride_rollup_update ON clusters_sumoverride;
DROP TRIGGER sumoverride_rollup_delete ON clusters_sumoverride;
{_BEFORE}
"""


class Migration(migrations.Migration):
    dependencies = [("clusters", "0004_plausibility_and_overrides")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
