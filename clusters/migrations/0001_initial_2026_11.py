"""Indicators, achievements and the roll-up.

One migration for everything up to November 2026; see docs/adr/0009-one-migration-per-app.md.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from clusters.migrations.initial_2026_11 import (
    achievements,
    catalogue,
    plausibility,
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("clusters", "0001_initial"),
        ("clusters", "0002_initial"),
        ("clusters", "0003_rollup_triggers"),
        ("clusters", "0004_plausibility_and_overrides"),
        ("clusters", "0005_rollup_with_overrides"),
        ("clusters", "0006_sum_override_withdrawals"),
    ]
    dependencies = [
        ("facilities", "0001_initial_2026_11"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *catalogue.operations,
        *achievements.operations,
        *plausibility.operations,
    ]
