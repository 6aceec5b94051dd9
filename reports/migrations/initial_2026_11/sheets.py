"""Uploaded forms between checking and saving."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from clusters.fields import WeekField
from facilities.migrations.tools.fields import ID
from reports.models.upload import two_hours_from_now

sheet_upload = migrations.CreateModel(
    name="SheetUpload",
    fields=[
        ID,
        ("public_id", models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
        ("facility", models.ForeignKey("facilities.Facility", models.CASCADE, related_name="+")),
        ("week", WeekField("week")),
        ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")),
        ("file_name", models.CharField(max_length=100, blank=True)),
        ("content", models.JSONField(default=dict)),
        ("created_at", models.DateTimeField(auto_now_add=True)),
        ("expires_at", models.DateTimeField(default=two_hours_from_now, db_index=True)),
        ("saved_at", models.DateTimeField(null=True, blank=True)),
    ],
    options={
        "verbose_name": "uploaded form",
        "verbose_name_plural": "uploaded forms",
    },
)

operations: list[Operation] = [
    sheet_upload,
]
