-- facilities_facility.path (ltree) is kept by the database, whatever wrote the row: it is the ids from
-- the Dinkes down to the facility itself. Who may see what and the roll-up of figures rest on it.

-- A new facility, or one that moves: its path follows from its parent's.
CREATE FUNCTION facility_set_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE parent_path ltree;
BEGIN
  IF NEW.parent_id IS NULL THEN
    NEW.path := NEW.id::text::ltree;
  ELSE
    SELECT path INTO parent_path FROM facilities_facility WHERE id = NEW.parent_id;
    IF TG_OP = 'UPDATE' AND parent_path <@ OLD.path THEN
      RAISE EXCEPTION 'facility % cannot hang below itself', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    NEW.path := parent_path || NEW.id::text;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER facility_set_path BEFORE INSERT OR UPDATE OF parent_id, path ON facilities_facility
FOR EACH ROW EXECUTE FUNCTION facility_set_path();

-- A facility that moved takes everything below it along.
CREATE FUNCTION facility_move_subtree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Touching a child runs its own trigger, so the move reaches every depth.
  UPDATE facilities_facility SET parent_id = parent_id WHERE parent_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER facility_move_subtree AFTER UPDATE OF parent_id ON facilities_facility
FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION facility_move_subtree();
