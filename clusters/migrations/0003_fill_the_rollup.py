"""The new columns of totals written before, and the sums of indicators that changed their type.

Until now every facility had one parent and every indicator one type, that of its last version: all
other sums are right as they stand, and rebuilding ten million rows is not needed.
"""

from django.db import migrations

WEEKS = """
UPDATE clusters_achievementtotal t SET weeks_reported = m.weeks_reported, own_weeks = m.own_weeks
FROM (
  SELECT t.id,
    bit_or(CASE WHEN t.reports > 0 THEN clusters_week_bit(t.year, t.week) ELSE 0 END) OVER y
      AS weeks_reported,
    bit_or(CASE WHEN a.id IS NOT NULL THEN clusters_week_bit(t.year, t.week) ELSE 0 END) OVER y
      AS own_weeks
  FROM clusters_achievementtotal t
  LEFT JOIN clusters_achievement a ON a.facility_id = t.facility_id
    AND a.indicator_code = t.indicator_code AND a.week = t.week AND a.numerator IS NOT NULL
  WINDOW y AS (PARTITION BY t.facility_id, t.indicator_code, t.year ORDER BY t.week)
) m WHERE m.id = t.id
"""
TYPES = """
SELECT clusters_rollup_rebuild(array_agg(code)) FROM (
  SELECT code FROM clusters_indicator GROUP BY code HAVING count(DISTINCT calc_type) > 1
) changed HAVING count(*) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("clusters", "0002_rollup_of_dated_places")]
    operations = [migrations.RunSQL([WEEKS, TYPES], migrations.RunSQL.noop)]
