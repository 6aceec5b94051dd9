"""Figures frozen when signed, and the PDFs asked for."""

from __future__ import annotations

import uuid

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from clusters.fields import WeekField
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

snapshot = migrations.CreateModel(
    name="Snapshot",
    fields=[
        ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
        ("kind", models.CharField(max_length=20)),
        ("content", models.TextField()),
        ("created_at", models.DateTimeField(auto_now_add=True)),
    ],
)

report_document = migrations.CreateModel(
    name="ReportDocument",
    fields=[
        ID,
        ("public_id", models.UUIDField(unique=True, default=uuid.uuid4, editable=False)),
        (
            "kind",
            models.CharField(
                "kind",
                max_length=20,
                choices=[
                    ("puskesmas_weekly", "Weekly report of a Puskesmas"),
                    ("pustu_weekly", "Weekly report of a Pustu"),
                    ("district_weekly", "Weekly recap of the district"),
                ],
            ),
        ),
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.PROTECT, related_name="documents"),
        ),
        ("week", WeekField("week")),
        ("revision", models.PositiveSmallIntegerField("revision", default=1)),
        ("is_draft", models.BooleanField("draft", default=False)),
        (
            "snapshot",
            models.ForeignKey("reports.Snapshot", models.PROTECT, related_name="documents"),
        ),
        ("template_version", models.CharField(max_length=64)),
        ("document_number", models.CharField("number", max_length=100, blank=True)),
        (
            "state",
            models.CharField(
                "state",
                max_length=10,
                choices=[
                    ("queued", "Queued"),
                    ("building", "Building"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                ],
                default="queued",
            ),
        ),
        ("progress", models.PositiveSmallIntegerField(default=0)),
        ("fence", models.PositiveIntegerField(default=0)),
        ("lease_until", models.DateTimeField(null=True, blank=True)),
        ("attempts", models.PositiveSmallIntegerField(default=0)),
        ("next_attempt_at", models.DateTimeField(null=True, blank=True)),
        ("error", models.CharField("error", max_length=500, blank=True)),
        ("file_sha256", models.CharField(max_length=64, blank=True)),
        ("size", models.PositiveIntegerField("size", null=True, blank=True)),
        ("pages", models.PositiveSmallIntegerField("pages", null=True, blank=True)),
        ("engine", models.CharField(max_length=200, blank=True)),
        ("created_at", models.DateTimeField("asked for", auto_now_add=True)),
        ("finished_at", models.DateTimeField("finished", null=True, blank=True)),
    ],
    options={
        "verbose_name": "report",
        "verbose_name_plural": "reports",
        "ordering": ["-week", "facility__code", "-created_at"],
        "indexes": [
            models.Index(
                name="report_document_pending",
                fields=["state", "next_attempt_at"],
                condition=Q(state__in=["queued", "building"]),
            ),
            models.Index(name="report_document_by_week", fields=["facility", "week"]),
        ],
        "constraints": [
            models.UniqueConstraint(
                name="report_document_one_per_data_version",
                fields=("kind", "facility", "week", "snapshot", "template_version"),
            ),
            models.CheckConstraint(
                name="report_document_ready_has_file",
                condition=~Q(state="ready") | (~Q(file_sha256="") & Q(finished_at__isnull=False)),
            ),
        ],
    },
)

operations: list[Operation] = [
    snapshot,
    *with_history("reports", report_document, only_when_changed="state"),
]
