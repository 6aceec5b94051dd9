-- Back to the roll-up of the initial migration, which is dropped and made anew after this.
DROP TRIGGER placement_rollup ON facilities_placement;
DROP FUNCTION clusters_placement_changed();
DROP TRIGGER indicator_rollup_insert ON clusters_indicator;
DROP TRIGGER indicator_rollup_update ON clusters_indicator;
DROP TRIGGER indicator_rollup_delete ON clusters_indicator;
DROP FUNCTION clusters_indicator_inserted();
DROP FUNCTION clusters_indicator_updated();
DROP FUNCTION clusters_indicator_deleted();
DROP FUNCTION clusters_redefined(jsonb);
DROP FUNCTION clusters_rollup_rebuild(varchar[]);
DROP TRIGGER sumoverride_rollup_update ON clusters_sumoverride;
DROP FUNCTION clusters_sumoverride_updated();
CREATE TRIGGER sumoverride_rollup_update AFTER UPDATE ON clusters_sumoverride
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION clusters_achievement_updated();
DROP FUNCTION clusters_states_moved(bigint, varchar, smallint, date, clusters_definition[]);
DROP FUNCTION clusters_own_contribution(bigint, varchar, smallint, clusters_definition[]);
DROP FUNCTION clusters_rollup_series(bigint, varchar, smallint, date, clusters_definition[]);
DROP FUNCTION clusters_definitions_of(varchar);
DROP TYPE clusters_definition;
DROP FUNCTION clusters_definitions(varchar);
DROP FUNCTION clusters_other_month(date, bigint, bigint);
DROP FUNCTION clusters_week_bit(int, date);
DROP FUNCTION clusters_first_week(int);
DROP FUNCTION clusters_week_of(date);
-- What is dropped next must be there.
CREATE FUNCTION clusters_own_contribution(bigint, varchar, smallint) RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION clusters_rollup_series(bigint, varchar, smallint, date) RETURNS void
LANGUAGE sql AS '';
