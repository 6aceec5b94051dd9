"""Messages to people, and the ledger of every report."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from facilities.migrations.tools.fields import ID

delivery = migrations.CreateModel(
    name="Delivery",
    fields=[
        ID,
        ("public_id", models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
        ("key", models.CharField(max_length=200)),
        (
            "kind",
            models.CharField(
                "kind",
                max_length=12,
                choices=[
                    ("report", "Report"),
                    ("reminder", "Reminder"),
                    ("digest", "Monday digest"),
                    ("escalation", "Escalation"),
                    ("returned", "Returned for correction"),
                ],
            ),
        ),
        (
            "channel",
            models.CharField(
                "channel", max_length=8, choices=[("inbox", "Inbox"), ("mail", "E-mail")]
            ),
        ),
        (
            "recipient",
            models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries"),
        ),
        ("address", models.CharField("address", max_length=254, blank=True)),
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.PROTECT, related_name="deliveries"),
        ),
        (
            "document",
            models.ForeignKey(
                "reports.ReportDocument",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="deliveries",
            ),
        ),
        ("subject", models.CharField("subject", max_length=200)),
        ("body", models.TextField("text", blank=True)),
        ("url", models.CharField(max_length=300, blank=True)),
        (
            "state",
            models.CharField(
                "state",
                max_length=8,
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("opened", "Opened"),
                    ("dropped", "No longer needed"),
                ],
                default="queued",
            ),
        ),
        ("attempts", models.PositiveSmallIntegerField(default=0)),
        ("fence", models.PositiveIntegerField(default=0)),
        ("lease_until", models.DateTimeField(null=True, blank=True)),
        ("is_urgent", models.BooleanField("urgent", default=False)),
        ("next_attempt_at", models.DateTimeField(null=True, blank=True)),
        ("error", models.CharField("error", max_length=500, blank=True)),
        ("created_at", models.DateTimeField("made", auto_now_add=True)),
        ("sent_at", models.DateTimeField("sent", null=True, blank=True)),
        ("opened_at", models.DateTimeField("opened", null=True, blank=True)),
    ],
    options={
        "verbose_name": "delivery",
        "verbose_name_plural": "deliveries",
        "ordering": ["-created_at", "-pk"],
        "indexes": [
            models.Index(
                name="delivery_pending",
                fields=["next_attempt_at"],
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                name="delivery_inbox",
                fields=["recipient", "-created_at"],
                condition=Q(channel="inbox"),
            ),
        ],
        "constraints": [
            models.UniqueConstraint(
                name="delivery_once_per_thing", fields=("key", "channel", "recipient")
            ),
            models.CheckConstraint(
                name="delivery_sent_has_moment",
                condition=~Q(state__in=["sent", "opened"]) | Q(sent_at__isnull=False),
            ),
        ],
    },
)

ledger_entry = migrations.CreateModel(
    name="LedgerEntry",
    fields=[
        ID,
        (
            "document",
            models.ForeignKey("reports.ReportDocument", models.PROTECT, related_name="ledger"),
        ),
        (
            "kind",
            models.CharField(
                "event",
                max_length=8,
                choices=[
                    ("made", "Made"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("opened", "Opened"),
                    ("shared", "Shared"),
                ],
            ),
        ),
        (
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("at", models.DateTimeField(auto_now_add=True)),
        ("detail", models.CharField(max_length=300, blank=True)),
    ],
    options={
        "ordering": ["at", "pk"],
        "indexes": [models.Index(name="ledger_by_document", fields=["document", "at"])],
    },
)

operations: list[Operation] = [
    delivery,
    ledger_entry,
]
