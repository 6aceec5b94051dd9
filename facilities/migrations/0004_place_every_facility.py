"""The database keeps placements beside parents, and every facility has one from the beginning."""

from django.db import migrations

from facilities.migrations import placements_2026_12
from facilities.migrations.tools.sql import run_sql


class Migration(migrations.Migration):
    dependencies = [("facilities", "0003_placements")]
    operations = [run_sql(placements_2026_12.__file__, "placements")]
