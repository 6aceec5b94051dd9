"""What the meeting decided, on each row behind its target and in free words."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

row_decision = migrations.CreateModel(
    name="RowDecision",
    fields=[
        ID,
        (
            "review",
            models.ForeignKey("reports.WeeklyReview", models.CASCADE, related_name="row_decisions"),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8)),
        (
            "kind",
            models.CharField(
                "decision",
                max_length=10,
                choices=[
                    ("follow_up", "Follow-up"),
                    ("escalate", "Escalated"),
                    ("monitor", "Monitored"),
                ],
            ),
        ),
        ("reason", models.CharField("reason", max_length=500, blank=True)),
        (
            "problem",
            models.ForeignKey(
                "reports.Problem",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="row_decisions",
            ),
        ),
        (
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
            ),
        ),
        ("at", models.DateTimeField(auto_now=True)),
        ("version", models.PositiveIntegerField(default=1)),
    ],
    options={
        "verbose_name": "decision on a row",
        "verbose_name_plural": "decisions on rows",
        "ordering": ["indicator_code"],
        "constraints": [
            models.UniqueConstraint(
                name="row_decision_one_per_row", fields=("review", "indicator_code")
            ),
            models.CheckConstraint(
                name="row_decision_monitor_has_reason", condition=~Q(kind="monitor") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="row_decision_action_has_problem",
                condition=Q(kind="monitor") | Q(problem__isnull=False),
            ),
        ],
    },
)

meeting_decision = migrations.CreateModel(
    name="MeetingDecision",
    fields=[
        ID,
        (
            "review",
            models.ForeignKey(
                "reports.WeeklyReview", models.CASCADE, related_name="meeting_decisions"
            ),
        ),
        ("number", models.PositiveSmallIntegerField("number")),
        ("text", models.CharField("decision", max_length=500)),
        ("is_withdrawn", models.BooleanField("withdrawn", default=False)),
        (
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
            ),
        ),
        ("at", models.DateTimeField(auto_now=True)),
        ("client_key", models.UUIDField(unique=True, null=True, blank=True, editable=False)),
    ],
    options={
        "verbose_name": "decision of the meeting",
        "verbose_name_plural": "decisions of the meeting",
        "ordering": ["number"],
        "constraints": [
            models.UniqueConstraint(
                name="meeting_decision_number_once", fields=("review", "number")
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("reports", row_decision),
    *with_history("reports", meeting_decision),
]
