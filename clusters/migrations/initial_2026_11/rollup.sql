-- clusters_achievementtotal is kept true by the database in the transaction of every write
-- (docs/adr/0003-rollup.md): weekly sums of a facility with everything below it, and running totals.
--
-- clusters_rollup_refresh(cells) recomputes the series of the touched (facility, indicator, year)
-- from the touched week on, then those of each facility above from its children, bottom up.

-- What a write touched.
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

-- The weeks of one facility from p_from on: its own contribution and its children's totals, or, in a
-- week where a person replaced the sum (clusters_sumoverride), the figure that person gave. Everything
-- above then adds that up; the rows below stay as reported, and so does "reports". A snapshot holds
-- changes against the value before, which no replaced week can tell: overrides of snapshots are left
-- out of account (the pages refuse them).
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

-- Writers of one district take turns, until the end of their transaction: two Pustu saving at once
-- would otherwise each overwrite the other's share in the total of their Puskesmas.
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

-- What the triggers call, once per statement, with the rows it wrote.
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

-- The functions of the achievements serve: they read the same columns from rows of the same name.
CREATE TRIGGER sumoverride_rollup_insert AFTER INSERT ON clusters_sumoverride
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_inserted();
CREATE TRIGGER sumoverride_rollup_update AFTER UPDATE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_updated();
CREATE TRIGGER sumoverride_rollup_delete AFTER DELETE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_deleted();
