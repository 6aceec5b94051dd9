"""What one level asked of the one above, and the answer."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q
from django.utils import timezone

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

escalation = migrations.CreateModel(
    name="Escalation",
    fields=[
        ID,
        (
            "problem",
            models.ForeignKey("reports.Problem", models.CASCADE, related_name="escalations"),
        ),
        (
            "to_facility",
            models.ForeignKey(
                "facilities.Facility", models.PROTECT, related_name="escalations_received"
            ),
        ),
        (
            "reason",
            models.CharField(
                "reason",
                max_length=16,
                choices=[
                    ("asked", "Asked for"),
                    ("overdue_twice", "Overdue twice"),
                    ("many_villages", "Same problem in three or more villages"),
                    ("event", "Death, outbreak or violence"),
                ],
            ),
        ),
        ("comment", models.CharField("what is asked", max_length=500, blank=True)),
        (
            "raised_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("raised_at", models.DateTimeField("escalated", default=timezone.now)),
        ("answer_due_at", models.DateTimeField("answer due")),
        ("answer", models.TextField("answer", max_length=2000, blank=True)),
        (
            "answered_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("answered_at", models.DateTimeField("answered", null=True, blank=True)),
    ],
    options={
        "verbose_name": "escalation",
        "verbose_name_plural": "escalations",
        "ordering": ["raised_at", "pk"],
        "indexes": [
            models.Index(
                name="escalation_open_by_level",
                fields=["to_facility"],
                condition=Q(answered_at__isnull=True),
            )
        ],
        "constraints": [
            models.UniqueConstraint(
                name="escalation_one_open_per_level",
                fields=("problem", "to_facility"),
                condition=Q(answered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="escalation_answered_has_who_and_what",
                condition=Q(answered_at=None, answered_by=None)
                | (Q(answered_at__isnull=False) & Q(answered_by__isnull=False) & ~Q(answer="")),
            ),
        ],
    },
)

operations: list[Operation] = [
    *with_history("reports", escalation),
]
