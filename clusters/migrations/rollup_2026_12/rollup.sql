-- The roll-up with dated parents, changes of definition, weeks of two months and the weeks reported
-- (docs/adr/0003-rollup.md). Triggers on counts and replaced sums stay as they were: they call
-- clusters_rollup_refresh(cells), which recomputes the series of the touched (facility, indicator,
-- year) from the touched week on, then those of each facility above from its children, bottom up.
--
-- Above whom a count goes up is said by facilities_placement, on the last day of its week.

DROP FUNCTION clusters_own_contribution(bigint, varchar, smallint);
DROP FUNCTION clusters_rollup_series(bigint, varchar, smallint, date);

-- The Sunday of the week that holds a day.
CREATE FUNCTION clusters_week_of(p_day date) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT p_day - extract(dow FROM p_day)::int $$;

-- Week 1 is the one with 4 January.
CREATE FUNCTION clusters_first_week(p_year int) RETURNS date LANGUAGE sql IMMUTABLE AS
$$ SELECT make_date(p_year, 1, 4) - extract(dow FROM make_date(p_year, 1, 4))::int $$;

-- A week as one bit: week 1 is bit 0.
CREATE FUNCTION clusters_week_bit(p_year int, p_week date) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT 1::bigint << ((p_week - (make_date(p_year, 1, 4)
  - extract(dow FROM make_date(p_year, 1, 4))::int)) / 7) $$;

-- Of a week that crosses two months: how much belongs to the month that does not hold its Wednesday.
CREATE FUNCTION clusters_other_month(p_week date, p_count bigint, p_first bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_first IS NULL OR p_count IS NULL
      OR extract(month FROM p_week) = extract(month FROM p_week + 6) THEN 0
    WHEN extract(month FROM p_week + 3) = extract(month FROM p_week) THEN p_count - p_first
    ELSE p_first END
$$;

-- Which calc_type holds in which weeks: of the version in force on the week's last day; where none
-- is, of the last one begun, before all of them of the first. Sums start anew with each row.
CREATE FUNCTION clusters_definitions(p_indicator varchar)
RETURNS TABLE (since date, until date, calc_type varchar) LANGUAGE sql STABLE AS $$
  WITH turns AS (
    SELECT '-infinity'::date AS week
    UNION SELECT clusters_week_of(valid_from) FROM clusters_indicator WHERE code = p_indicator
    UNION SELECT clusters_week_of(valid_until) FROM clusters_indicator
    WHERE code = p_indicator AND valid_until IS NOT NULL
  ), typed AS (
    SELECT t.week, COALESCE(v.calc_type, 'cumulative') AS calc_type,
      lag(v.calc_type) OVER (ORDER BY t.week) AS before
    FROM turns t LEFT JOIN LATERAL (
      SELECT i.calc_type FROM clusters_indicator i WHERE i.code = p_indicator
      ORDER BY i.valid_from <= t.week + 6 DESC,
        i.valid_from <= t.week + 6 AND COALESCE(i.valid_until > t.week + 6, true) DESC,
        CASE WHEN i.valid_from <= t.week + 6 THEN i.valid_from END DESC, i.valid_from
      LIMIT 1
    ) v ON true
  )
  SELECT week, COALESCE(lead(week) OVER (ORDER BY week), 'infinity'::date), calc_type
  FROM typed WHERE calc_type IS DISTINCT FROM before
$$;

-- The same as one row of arrays: read once per write and handed down.
CREATE TYPE clusters_definition AS (since date, until date, calc_type varchar);
CREATE FUNCTION clusters_definitions_of(p_indicator varchar) RETURNS clusters_definition[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(ROW(since, until, calc_type)::clusters_definition)
  FROM clusters_definitions(p_indicator)
$$;

-- A facility's own contribution per week. For a snapshot the change against its value before.
CREATE FUNCTION clusters_own_contribution(p_facility bigint, p_indicator varchar, p_year smallint,
                                          p_definitions clusters_definition[])
RETURNS TABLE (week date, numerator bigint, denominator bigint, numerator_change bigint,
               denominator_change bigint, moved_numerator bigint, moved_denominator bigint)
LANGUAGE sql STABLE AS $$
  SELECT a.week, a.numerator::bigint, a.denominator::bigint,
    CASE WHEN d.calc_type = 'snapshot'
      THEN a.numerator - COALESCE(lag(a.numerator) OVER w, 0)
      ELSE a.numerator END::bigint,
    CASE WHEN d.calc_type = 'snapshot'
      THEN COALESCE(a.denominator, 0) - COALESCE(lag(a.denominator) OVER w, 0)
      ELSE COALESCE(a.denominator, 0) END::bigint,
    CASE WHEN d.calc_type = 'snapshot' THEN 0
      ELSE clusters_other_month(a.week, a.numerator, a.first_month_numerator) END,
    CASE WHEN d.calc_type = 'snapshot' THEN 0
      ELSE clusters_other_month(a.week, a.denominator, a.first_month_denominator) END
  FROM clusters_achievement a
  JOIN unnest(p_definitions) d ON a.week >= d.since AND a.week < d.until
  WHERE a.facility_id = p_facility AND a.indicator_code = p_indicator AND a.year = p_year
    AND a.numerator IS NOT NULL
  WINDOW w AS (PARTITION BY d.since ORDER BY a.week)
$$;

-- Counts stay with the parent of their week. A state goes along with the facility: in the first week
-- under another parent it leaves the old one and comes to the new one. (In plpgsql, so that nothing
-- of it is planned where no state is counted.)
CREATE FUNCTION clusters_states_moved(p_facility bigint, p_indicator varchar, p_year smallint,
                                      p_from date, p_definitions clusters_definition[])
RETURNS TABLE (week date, numerator_change bigint, denominator_change bigint)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT m.week, m.sign * t.running_numerator, m.sign * t.running_denominator
  FROM (
    SELECT facility_id, clusters_week_of(start_on) AS week, 1 AS sign
    FROM facilities_placement WHERE parent_id = p_facility
    UNION ALL
    SELECT facility_id, clusters_week_of(end_on), -1
    FROM facilities_placement WHERE parent_id = p_facility AND end_on IS NOT NULL
  ) m
  JOIN unnest(p_definitions) d
    ON m.week >= d.since AND m.week < d.until AND d.calc_type = 'snapshot'
  CROSS JOIN LATERAL (
    SELECT running_numerator, running_denominator FROM clusters_achievementtotal
    WHERE facility_id = m.facility_id AND indicator_code = p_indicator AND year = p_year
      AND week < m.week AND week >= d.since
    ORDER BY week DESC LIMIT 1
  ) t
  WHERE m.week >= p_from AND m.week < clusters_first_week(p_year + 1);
END $$;

-- The weeks of one facility from p_from on: its own contribution and its children's totals, or, in a
-- week where a person replaced the sum (clusters_sumoverride), the figure that person gave. Everything
-- above then adds that up; the rows below stay as reported, and so do "reports" and the weeks
-- reported. A replaced sum is one number: nothing of it belongs to another month. A snapshot holds
-- changes against the value before, which no replaced week can tell: overrides of snapshots are left
-- out of account (the pages refuse them).
CREATE FUNCTION clusters_rollup_series(p_facility bigint, p_indicator varchar, p_year smallint,
                                       p_from date, p_definitions clusters_definition[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM clusters_achievementtotal
  WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
    AND week >= p_from;
  INSERT INTO clusters_achievementtotal (facility_id, indicator_code, year, week, numerator,
    denominator, numerator_change, denominator_change, running_numerator, running_denominator,
    reports, weeks_reported, own_weeks, moved_numerator, moved_denominator)
  WITH parts AS (
    SELECT week, numerator, denominator, numerator_change, denominator_change, 1 AS reports,
      true AS is_own, moved_numerator, moved_denominator
    FROM clusters_own_contribution(p_facility, p_indicator, p_year, p_definitions)
    WHERE week >= p_from
    UNION ALL
    SELECT t.week, t.numerator, t.denominator, t.numerator_change, t.denominator_change,
      t.reports, false, t.moved_numerator, t.moved_denominator
    FROM facilities_placement p JOIN clusters_achievementtotal t ON t.facility_id = p.facility_id
    WHERE p.parent_id = p_facility AND t.indicator_code = p_indicator AND t.year = p_year
      AND t.week >= p_from
      AND p.start_on <= t.week + 6 AND (p.end_on IS NULL OR p.end_on > t.week + 6)
    UNION ALL
    SELECT week, NULL, NULL, numerator_change, denominator_change, 0, false, 0, 0
    FROM clusters_states_moved(p_facility, p_indicator, p_year, p_from, p_definitions)
    WHERE 'snapshot' IN (SELECT calc_type FROM unnest(p_definitions))
  ), below AS (
    SELECT week, sum(numerator) AS numerator, sum(denominator) AS denominator,
      sum(numerator_change) AS numerator_change, sum(denominator_change) AS denominator_change,
      sum(reports) AS reports, bool_or(is_own) AS is_own,
      sum(moved_numerator) AS moved_numerator, sum(moved_denominator) AS moved_denominator
    FROM parts GROUP BY week
  ), replaced AS (
    SELECT o.week, o.numerator::bigint, o.denominator::bigint
    FROM clusters_sumoverride o
    JOIN unnest(p_definitions) d ON o.week >= d.since AND o.week < d.until AND d.calc_type <> 'snapshot'
    WHERE o.facility_id = p_facility AND o.indicator_code = p_indicator AND o.year = p_year
      AND o.week >= p_from
  ), weekly AS (
    SELECT week,
      CASE WHEN o.week IS NULL THEN b.numerator ELSE o.numerator END AS numerator,
      CASE WHEN o.week IS NULL THEN b.denominator ELSE o.denominator END AS denominator,
      CASE WHEN o.week IS NULL THEN b.numerator_change ELSE o.numerator END AS numerator_change,
      CASE WHEN o.week IS NULL THEN b.denominator_change
        ELSE COALESCE(o.denominator, 0) END AS denominator_change,
      COALESCE(b.reports, 0) AS reports,
      CASE WHEN b.reports > 0 THEN clusters_week_bit(p_year, week) ELSE 0 END AS bit,
      CASE WHEN b.is_own THEN clusters_week_bit(p_year, week) ELSE 0 END AS own_bit,
      CASE WHEN o.week IS NULL THEN b.moved_numerator ELSE 0 END AS moved_numerator,
      CASE WHEN o.week IS NULL THEN b.moved_denominator ELSE 0 END AS moved_denominator
    FROM below b FULL JOIN replaced o USING (week)
  )
  SELECT p_facility, p_indicator, p_year, s.week, s.numerator, s.denominator, s.numerator_change,
    s.denominator_change,
    CASE WHEN b.week >= d.since THEN b.running_numerator ELSE 0 END + sum(s.numerator_change) OVER w,
    CASE WHEN b.week >= d.since THEN b.running_denominator ELSE 0 END
      + sum(s.denominator_change) OVER w,
    s.reports,
    COALESCE(b.weeks_reported, 0) | bit_or(s.bit) OVER y,
    COALESCE(b.own_weeks, 0) | bit_or(s.own_bit) OVER y,
    s.moved_numerator, s.moved_denominator
  FROM weekly s
  JOIN unnest(p_definitions) d ON s.week >= d.since AND s.week < d.until
  LEFT JOIN LATERAL (
    SELECT week, running_numerator, running_denominator, weeks_reported, own_weeks
    FROM clusters_achievementtotal
    WHERE facility_id = p_facility AND indicator_code = p_indicator AND year = p_year
      AND week < p_from
    ORDER BY week DESC LIMIT 1
  ) b ON true
  -- States that came and went alike in one week leave no trace.
  WHERE s.numerator IS NOT NULL OR s.numerator_change <> 0 OR s.denominator_change <> 0
  WINDOW w AS (PARTITION BY d.since ORDER BY s.week), y AS (ORDER BY s.week);
END $$;

-- Writers of one district take turns, until the end of their transaction: two Pustu saving at once
-- would otherwise each overwrite the other's share in the total of their Puskesmas.
-- One plan for every series: planning it anew takes longer than carrying it out.
CREATE OR REPLACE FUNCTION clusters_rollup_refresh(cells clusters_rollup_cell[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  r record;
  code varchar;
  definitions clusters_definition[];
BEGIN
  FOR r IN
    SELECT DISTINCT f.district_id FROM unnest(cells) c
    JOIN facilities_facility f ON f.id = c.facility_id ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(hashtext('clusters_rollup'), r.district_id::int);
  END LOOP;
  -- Whoever was above from the touched week to the end of its year; the longest way up says the
  -- order, so that nobody comes before one below.
  FOR r IN
    WITH RECURSIVE touched AS (
      SELECT facility_id, indicator_code, year, min(week) AS from_week
      FROM unnest(cells) c GROUP BY 1, 2, 3
    ), up AS (
      SELECT facility_id, indicator_code, year, from_week, 0 AS steps FROM touched
      UNION
      SELECT p.parent_id, u.indicator_code, u.year, u.from_week, u.steps + 1
      FROM up u JOIN facilities_placement p ON p.facility_id = u.facility_id
      WHERE (p.end_on IS NULL OR p.end_on > u.from_week + 6)
        AND p.start_on < clusters_first_week(u.year + 1)
    )
    SELECT facility_id, indicator_code, year, min(from_week) AS from_week, max(steps) AS steps
    FROM up GROUP BY 1, 2, 3 ORDER BY 2, 5, 1, 3
  LOOP
    IF r.indicator_code IS DISTINCT FROM code THEN
      code := r.indicator_code;
      definitions := clusters_definitions_of(code);
    END IF;
    PERFORM clusters_rollup_series(r.facility_id, code, r.year, r.from_week, definitions);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION clusters_achievement_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A note or an author may change without any figure changing: then there is nothing to add up.
  PERFORM clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM (
    SELECT facility_id, indicator_code, year, week FROM (
      SELECT facility_id, indicator_code, year, week, numerator, denominator,
        first_month_numerator, first_month_denominator FROM new_rows
      EXCEPT
      SELECT facility_id, indicator_code, year, week, numerator, denominator,
        first_month_numerator, first_month_denominator FROM old_rows) n
    UNION
    SELECT facility_id, indicator_code, year, week FROM (
      SELECT facility_id, indicator_code, year, week, numerator, denominator,
        first_month_numerator, first_month_denominator FROM old_rows
      EXCEPT
      SELECT facility_id, indicator_code, year, week, numerator, denominator,
        first_month_numerator, first_month_denominator FROM new_rows) o
  ) changed HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE FUNCTION clusters_sumoverride_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM (
    SELECT facility_id, indicator_code, year, week FROM new_rows
    UNION
    SELECT facility_id, indicator_code, year, week FROM old_rows
  ) changed HAVING count(*) > 0;
  RETURN NULL;
END $$;
DROP TRIGGER sumoverride_rollup_update ON clusters_sumoverride;
CREATE TRIGGER sumoverride_rollup_update AFTER UPDATE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_sumoverride_updated();

-- Everything of some indicators anew, in every district.
CREATE FUNCTION clusters_rollup_rebuild(p_indicators varchar[]) RETURNS void
LANGUAGE sql AS $$
  SELECT clusters_rollup_refresh(array_agg(ROW(facility_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM (
    SELECT facility_id, indicator_code, year, min(week) AS week
    FROM (
      SELECT facility_id, indicator_code, year, week FROM clusters_achievement
      WHERE indicator_code = ANY (p_indicators)
      UNION ALL
      SELECT facility_id, indicator_code, year, week FROM clusters_sumoverride
      WHERE indicator_code = ANY (p_indicators)
    ) facts GROUP BY 1, 2, 3
  ) cells HAVING count(*) > 0
$$;

-- Another definition of an indicator: its sums anew, unless it was and is always of one type. An
-- indicator nobody defined adds up.
CREATE FUNCTION clusters_redefined(p_before jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Before the facts are read: a writer who still knows the old definition ends first.
  PERFORM pg_advisory_xact_lock(hashtext('clusters_rollup'), id::int)
  FROM (SELECT id FROM facilities_district ORDER BY id) districts;
  PERFORM clusters_rollup_rebuild(array_agg(code))
  FROM (
    SELECT code FROM (
      SELECT o.code, o.calc_type FROM jsonb_to_recordset(p_before) o(code varchar, calc_type varchar)
      UNION
      SELECT i.code, i.calc_type FROM clusters_indicator i
      WHERE i.code IN (SELECT o.code FROM jsonb_to_recordset(p_before) o(code varchar))
    ) types WHERE calc_type IS NOT NULL
    GROUP BY code HAVING count(*) > 1
  ) changed HAVING count(*) > 0;
END $$;

CREATE FUNCTION clusters_indicator_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_redefined(jsonb_agg(jsonb_build_object('code', n.code, 'calc_type',
    CASE WHEN NOT EXISTS (
      SELECT FROM clusters_indicator i WHERE i.code = n.code AND i.id NOT IN (SELECT id FROM new_rows)
    ) THEN 'cumulative' END)))
  FROM new_rows n HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE FUNCTION clusters_indicator_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_redefined(jsonb_agg(jsonb_build_object('code', code, 'calc_type', calc_type)))
  FROM (
    SELECT code, calc_type FROM old_rows
    UNION
    SELECT code, 'cumulative' FROM old_rows o
    WHERE NOT EXISTS (SELECT FROM clusters_indicator i WHERE i.code = o.code)
  ) before HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE FUNCTION clusters_indicator_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM clusters_redefined(jsonb_agg(jsonb_build_object('code', t.code, 'calc_type', t.calc_type)))
  FROM (
    SELECT o.code, o.calc_type FROM old_rows o JOIN new_rows n USING (id)
    WHERE (o.code, o.calc_type, o.valid_from) IS DISTINCT FROM (n.code, n.calc_type, n.valid_from)
      OR o.valid_until IS DISTINCT FROM n.valid_until
    UNION
    -- A code given up, or taken anew: with no other version it adds up without one.
    SELECT x.code, 'cumulative' FROM old_rows o JOIN new_rows n USING (id),
      LATERAL (VALUES (o.code), (n.code)) x(code)
    WHERE o.code <> n.code
  ) t HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE TRIGGER indicator_rollup_insert AFTER INSERT ON clusters_indicator
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_indicator_inserted();
CREATE TRIGGER indicator_rollup_update AFTER UPDATE ON clusters_indicator
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_indicator_updated();
CREATE TRIGGER indicator_rollup_delete AFTER DELETE ON clusters_indicator
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION clusters_indicator_deleted();

-- Another parent, or another date: what the facility brings to both, in every year from then on.
CREATE FUNCTION clusters_placement_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was facilities_placement%ROWTYPE;
  becomes facilities_placement%ROWTYPE;
  since date;
BEGIN
  IF TG_OP <> 'INSERT' THEN was := OLD; END IF;
  IF TG_OP <> 'DELETE' THEN becomes := NEW; END IF;
  since := LEAST(was.start_on, becomes.start_on);
  IF (was.facility_id, was.parent_id, was.start_on)
      = (becomes.facility_id, becomes.parent_id, becomes.start_on) THEN
    since := LEAST(was.end_on, becomes.end_on);
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('clusters_rollup'), district_id::int)
  FROM facilities_facility WHERE id = COALESCE(becomes.facility_id, was.facility_id);
  PERFORM clusters_rollup_refresh(array_agg(ROW(parent_id, indicator_code, year, week)::clusters_rollup_cell))
  FROM (
    SELECT DISTINCT e.parent_id, t.indicator_code, t.year,
      GREATEST(clusters_week_of(since), clusters_first_week(t.year)) AS week
    FROM (VALUES (was.facility_id, was.parent_id), (becomes.facility_id, becomes.parent_id))
      e(facility_id, parent_id)
    JOIN clusters_achievementtotal t ON t.facility_id = e.facility_id
    WHERE clusters_first_week(t.year + 1) > since
  ) cells HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE TRIGGER placement_rollup AFTER INSERT OR UPDATE OR DELETE ON facilities_placement
FOR EACH ROW EXECUTE FUNCTION clusters_placement_changed();
