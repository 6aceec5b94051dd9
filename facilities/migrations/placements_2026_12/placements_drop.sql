DROP TRIGGER facility_place_insert ON facilities_facility;
DROP TRIGGER facility_place_update ON facilities_facility;
DROP FUNCTION facilities_place();
DELETE FROM facilities_placement;
