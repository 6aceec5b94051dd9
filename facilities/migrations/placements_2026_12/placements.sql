-- facilities_placement says under whom a facility hung when. The database sees to it that it agrees
-- with facilities_facility.parent_id, whatever wrote the row.

-- A new facility has hung there ever since; one that is hung elsewhere without a word about the date
-- moves today, by the calendar of its district. Who moves it with a date writes the placement first.
CREATE FUNCTION facilities_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  today date;
  last facilities_placement%ROWTYPE;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO facilities_placement (facility_id, parent_id, start_on)
    VALUES (NEW.id, NEW.parent_id, '1900-01-01');
    RETURN NULL;
  END IF;
  SELECT (now() AT TIME ZONE d.timezone)::date INTO today
  FROM facilities_district d WHERE d.id = NEW.district_id;
  SELECT * INTO last FROM facilities_placement
  WHERE facility_id = NEW.id AND start_on <= today AND (end_on IS NULL OR end_on > today);
  IF last.parent_id = NEW.parent_id THEN
    RETURN NULL;
  END IF;
  IF last.start_on = today THEN
    UPDATE facilities_placement SET parent_id = NEW.parent_id WHERE id = last.id;
    RETURN NULL;
  END IF;
  UPDATE facilities_placement SET end_on = today WHERE id = last.id;
  INSERT INTO facilities_placement (facility_id, parent_id, start_on, end_on)
  VALUES (NEW.id, NEW.parent_id, today, last.end_on);
  RETURN NULL;
END $$;

CREATE TRIGGER facility_place_insert AFTER INSERT ON facilities_facility
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION facilities_place();
CREATE TRIGGER facility_place_update AFTER UPDATE OF parent_id ON facilities_facility
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL AND NEW.parent_id IS DISTINCT FROM OLD.parent_id)
EXECUTE FUNCTION facilities_place();

-- Nothing is known of the parents of the past: they were those of today.
INSERT INTO facilities_placement (facility_id, parent_id, start_on)
SELECT id, parent_id, '1900-01-01' FROM facilities_facility WHERE parent_id IS NOT NULL;
