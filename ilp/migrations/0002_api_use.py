"""Requests of the API counted in the database: one bound for all processes together."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ilp", "0001_initial_2026_11"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ApiUse",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("minute", models.BigIntegerField()),
                ("requests", models.PositiveIntegerField()),
            ],
        ),
        # Written with every request and worth nothing a minute later: not in the write-ahead log.
        migrations.RunSQL(
            "ALTER TABLE ilp_apiuse SET UNLOGGED", "ALTER TABLE ilp_apiuse SET LOGGED"
        ),
    ]
