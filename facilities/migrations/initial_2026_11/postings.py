"""What people may do where, and from when until when."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

posting = migrations.CreateModel(
    name="Posting",
    fields=[
        ID,
        (
            "user",
            models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="postings"),
        ),
        (
            "role",
            models.CharField(
                "role",
                max_length=20,
                choices=[
                    ("admin", "Administrator"),
                    ("dinkes", "District staff"),
                    ("puskesmas_head", "Head of Puskesmas"),
                    ("cluster_officer", "Cluster officer"),
                    ("pustu_head", "Head of Pustu"),
                    ("kader", "Kader"),
                    ("province", "Provincial client"),
                ],
            ),
        ),
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="postings",
                verbose_name="facility",
            ),
        ),
        (
            "cluster_code",
            models.CharField(
                "cluster",
                max_length=4,
                blank=True,
                help_text="For a cluster officer: K1 to K4 or LK.",
            ),
        ),
        ("start_on", models.DateField("from")),
        ("end_on", models.DateField("until (exclusive)", null=True, blank=True)),
    ],
    options={
        "verbose_name": "posting",
        "verbose_name_plural": "postings",
        "ordering": ["user", "start_on"],
        "constraints": [
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            models.CheckConstraint(
                name="posting_only_admin_without_facility",
                condition=Q(role="admin") | Q(facility__isnull=False),
            ),
        ],
    },
)

operations: list[Operation] = [
    *with_history("facilities", posting),
]
