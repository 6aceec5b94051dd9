"""Districts, facilities and people: what everything else stands on.

One migration for everything up to November 2026; see docs/adr/0009-one-migration-per-app.md.
"""

from __future__ import annotations

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension
from django.db import migrations

from facilities.migrations.initial_2026_11 import (
    areas,
    districts,
    network,
    postings,
    users,
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("facilities", "0001_initial"),
        ("facilities", "0002_facility_path_trigger"),
        ("facilities", "0003_logo"),
        ("facilities", "0004_district_deadlines"),
        ("facilities", "0005_deadlines_and_quiet_hours"),
        ("facilities", "0006_weekdays_and_pattern"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        CreateExtension("ltree"),  # Facility.path
        BtreeGistExtension(),  # one status, one service area at a time
        CreateExtension("pg_trgm"),  # searching names
        *users.operations,
        *areas.operations,
        *districts.operations,
        *network.operations,
        *postings.operations,
    ]
