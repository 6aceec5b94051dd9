"""Photos and documents of a problem."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

attachment = migrations.CreateModel(
    name="Attachment",
    fields=[
        ID,
        ("public_id", models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
        (
            "problem",
            models.ForeignKey("reports.Problem", models.CASCADE, related_name="attachments"),
        ),
        (
            "follow_up",
            models.ForeignKey(
                "reports.FollowUp",
                models.CASCADE,
                null=True,
                blank=True,
                related_name="attachments",
            ),
        ),
        (
            "purpose",
            models.CharField(
                "purpose",
                max_length=10,
                choices=[("report", "Report"), ("evidence", "Evidence"), ("answer", "Answer")],
            ),
        ),
        ("file_name", models.CharField("file name", max_length=150)),
        ("media_type", models.CharField("type", max_length=100)),
        ("size", models.PositiveIntegerField("size")),
        ("sha256", models.CharField(max_length=64)),
        (
            "uploaded_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
            ),
        ),
        ("uploaded_at", models.DateTimeField("uploaded", auto_now_add=True)),
    ],
    options={
        "verbose_name": "attachment",
        "verbose_name_plural": "attachments",
        "ordering": ["uploaded_at", "pk"],
        "constraints": [
            models.UniqueConstraint(
                name="attachment_once_per_problem",
                fields=("problem", "follow_up", "purpose", "sha256"),
                nulls_distinct=False,
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("reports", attachment),
]
