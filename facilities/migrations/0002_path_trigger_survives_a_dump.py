"""A database that was dumped and restored keeps the trigger that moves a facility's subtree.

``pg_dump`` writes an empty search path, where ``=`` of ltree cannot be found: restoring said so in
one line among thousands and went on without the trigger. Text compares everywhere.
"""

from django.db import migrations

SQL = """
DROP TRIGGER IF EXISTS facility_move_subtree ON facilities_facility;
CREATE TRIGGER facility_move_subtree AFTER UPDATE OF parent_id ON facilities_facility
FOR EACH ROW WHEN (OLD.path::text IS DISTINCT FROM NEW.path::text)
EXECUTE FUNCTION facility_move_subtree();
"""

REVERSE = """
DROP TRIGGER facility_move_subtree ON facilities_facility;
CREATE TRIGGER facility_move_subtree AFTER UPDATE OF parent_id ON facilities_facility
FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path)
EXECUTE FUNCTION facility_move_subtree();
"""


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial_2026_11")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
