"""Signs of life of the running parts, and the steps of the first start.

One migration for everything up to November 2026; see docs/adr/0009-one-migration-per-app.md.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("ilp", "0001_heartbeat"),
        ("ilp", "0002_setup_step"),
    ]
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SetupStep",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("done_at", models.DateTimeField(db_default=Now())),
            ],
        ),
    ]
