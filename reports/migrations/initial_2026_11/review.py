"""The weekly review: its states, its signed revisions, who sat in the meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from clusters.fields import WeekField
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

weekly_review = migrations.CreateModel(
    name="WeeklyReview",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.PROTECT, related_name="reviews"),
        ),
        ("week", WeekField("week")),
        (
            "status",
            models.CharField(
                "status",
                max_length=10,
                choices=[
                    ("open", "Open"),
                    ("submitted", "Submitted"),
                    ("approved", "Approved"),
                    ("returned", "Returned"),
                    ("reopened", "Reopened"),
                ],
                default="open",
            ),
        ),
        ("revision", models.PositiveSmallIntegerField("revision", default=1)),
        ("version", models.PositiveIntegerField(default=1)),
        ("meeting_on", models.DateField("meeting held on", null=True, blank=True)),
        ("meeting_place", models.CharField("place", max_length=120, blank=True)),
        ("chair_name", models.CharField("chair", max_length=120, blank=True)),
        ("minutes_by", models.CharField("minutes by", max_length=120, blank=True)),
        ("conclusion", models.TextField("conclusion", max_length=4000, blank=True)),
        ("opened_at", models.DateTimeField("opened", auto_now_add=True)),
        ("submitted_at", models.DateTimeField("submitted", null=True, blank=True)),
        (
            "submitted_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("decided_at", models.DateTimeField("approved or returned", null=True, blank=True)),
        (
            "decided_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("reason", models.CharField("reason of return or reopening", max_length=500, blank=True)),
        (
            "undecided_reason",
            models.CharField("reason for rows without decision", max_length=500, blank=True),
        ),
    ],
    options={
        "verbose_name": "weekly review",
        "verbose_name_plural": "weekly reviews",
        "ordering": ["-week", "facility__code"],
        "indexes": [models.Index(name="weekly_review_week_status", fields=["week", "status"])],
        "constraints": [
            models.UniqueConstraint(
                name="weekly_review_one_per_facility_week", fields=("facility", "week")
            ),
            models.CheckConstraint(
                name="weekly_review_submitted_has_when_and_who",
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="weekly_review_submitted_status_has_moment",
                condition=~Q(status__in=["submitted", "approved"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="weekly_review_returned_has_reason",
                condition=~Q(status__in=["returned", "reopened"]) | ~Q(reason=""),
            ),
        ],
    },
)

review_revision = migrations.CreateModel(
    name="ReviewRevision",
    fields=[
        ID,
        (
            "review",
            models.ForeignKey("reports.WeeklyReview", models.PROTECT, related_name="revisions"),
        ),
        ("number", models.PositiveSmallIntegerField()),
        ("snapshot", models.ForeignKey("reports.Snapshot", models.PROTECT, related_name="+")),
        ("document_number", models.CharField(max_length=100)),
        ("tally", models.JSONField(default=dict)),
        ("signed_at", models.DateTimeField()),
        (
            "signed_by",
            models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"),
        ),
        ("signed_role", models.CharField(max_length=20)),
    ],
    options={
        "ordering": ["review", "number"],
        "constraints": [
            models.UniqueConstraint(name="review_revision_once", fields=("review", "number"))
        ],
    },
)

review_step = migrations.CreateModel(
    name="ReviewStep",
    fields=[
        ID,
        ("review", models.ForeignKey("reports.WeeklyReview", models.PROTECT, related_name="steps")),
        ("action", models.CharField(max_length=20)),
        ("from_status", models.CharField(max_length=10, blank=True)),
        (
            "to_status",
            models.CharField(
                max_length=10,
                choices=[
                    ("open", "Open"),
                    ("submitted", "Submitted"),
                    ("approved", "Approved"),
                    ("returned", "Returned"),
                    ("reopened", "Reopened"),
                ],
            ),
        ),
        ("revision", models.PositiveSmallIntegerField()),
        (
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
            ),
        ),
        ("at", models.DateTimeField(auto_now_add=True)),
        ("reason", models.CharField(max_length=500, blank=True)),
    ],
    options={
        "ordering": ["at", "pk"],
    },
)

correction = migrations.CreateModel(
    name="Correction",
    fields=[
        ID,
        (
            "revision",
            models.ForeignKey("reports.ReviewRevision", models.CASCADE, related_name="corrections"),
        ),
        ("indicator_code", models.CharField(max_length=8)),
        ("before_count", models.BigIntegerField(null=True)),
        ("after_count", models.BigIntegerField(null=True)),
        ("before_denominator", models.BigIntegerField(null=True)),
        ("after_denominator", models.BigIntegerField(null=True)),
        ("before_cumulative", models.BigIntegerField(null=True)),
        ("after_cumulative", models.BigIntegerField(null=True)),
    ],
    options={
        "ordering": ["indicator_code"],
        "constraints": [
            models.UniqueConstraint(
                name="correction_once_per_row", fields=("revision", "indicator_code")
            )
        ],
    },
)

attendance = migrations.CreateModel(
    name="Attendance",
    fields=[
        ID,
        (
            "review",
            models.ForeignKey("reports.WeeklyReview", models.CASCADE, related_name="attendances"),
        ),
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility", models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("name", models.CharField("name", max_length=120, blank=True)),
        ("position", models.CharField("position", max_length=120, blank=True)),
        ("is_present", models.BooleanField("present", default=False)),
    ],
    options={
        "ordering": ["pk"],
        "constraints": [
            models.UniqueConstraint(
                name="attendance_one_per_review_facility",
                fields=("review", "facility"),
                condition=Q(facility__isnull=False),
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("reports", weekly_review),
    *with_history("reports", review_revision),
    review_step,
    correction,
    *with_history("reports", attendance),
]
