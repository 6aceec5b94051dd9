-- A locked figure is the year's official denominator: the database refuses to change or delete it,
-- whoever asks. The constraint's name is what the pages turn into a sentence.

CREATE FUNCTION target_population_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Unlocking touches only who and when; whoever wants another figure must unlock first.
  IF TG_OP = 'DELETE' OR ROW(NEW.village_id, NEW.facility_id, NEW.group_code, NEW.year,
       NEW.estimated, NEW.counted, NEW.official)
     IS DISTINCT FROM ROW(OLD.village_id, OLD.facility_id, OLD.group_code, OLD.year,
       OLD.estimated, OLD.counted, OLD.official) THEN
    RAISE EXCEPTION 'target population % is locked', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'target_population_locked';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER target_population_refuse_locked
BEFORE UPDATE OR DELETE ON lifecycle_targetpopulation
FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION target_population_refuse_locked();
