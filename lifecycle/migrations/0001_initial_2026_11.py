"""Life-cycle groups and target population.

One migration for everything up to November 2026; see docs/adr/0009-one-migration-per-app.md.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from lifecycle.migrations.initial_2026_11 import (
    groups,
    target_population,
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("lifecycle", "0001_initial"),
        ("lifecycle", "0002_locked_target_population"),
    ]
    dependencies = [
        ("facilities", "0001_initial_2026_11"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *groups.operations,
        *target_population.operations,
    ]
