DROP TRIGGER facility_move_subtree ON facilities_facility;
DROP TRIGGER facility_set_path ON facilities_facility;
DROP FUNCTION facility_move_subtree();
DROP FUNCTION facility_set_path();
