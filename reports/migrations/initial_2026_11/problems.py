"""Problems, their follow-ups and steps, and what the figures suggest."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q

from clusters.fields import WeekField
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

problem = migrations.CreateModel(
    name="Problem",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility",
                models.PROTECT,
                related_name="problems",
                verbose_name="facility",
            ),
        ),
        ("week", WeekField("week reported")),
        ("title", models.CharField("problem", max_length=200)),
        ("description", models.TextField("description", max_length=4000, blank=True)),
        (
            "village",
            models.ForeignKey(
                "facilities.Area",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="+",
                verbose_name="village",
            ),
        ),
        ("cluster_code", models.CharField("cluster", max_length=4, blank=True)),
        ("group_code", models.CharField("group", max_length=12, blank=True)),
        ("indicator_code", models.CharField("indicator", max_length=8, blank=True)),
        ("people_count", models.PositiveIntegerField("number of people", null=True, blank=True)),
        ("cause", models.CharField("root cause", max_length=500, blank=True)),
        (
            "category",
            models.CharField(
                "category",
                max_length=14,
                choices=[
                    ("staff", "Staff"),
                    ("equipment", "Equipment"),
                    ("supplies", "Medicines and vaccines"),
                    ("funds", "Funds"),
                    ("access", "Access"),
                    ("data", "Data"),
                    ("acceptance", "Acceptance by people"),
                    ("referral", "Referral"),
                    ("outbreak", "Outbreak"),
                    ("cross_sector", "Cross-sector"),
                    ("other", "Other"),
                ],
                default="other",
            ),
        ),
        (
            "priority",
            models.CharField(
                "priority",
                max_length=10,
                choices=[
                    ("emergency", "Emergency"),
                    ("high", "High"),
                    ("medium", "Medium"),
                    ("low", "Low"),
                ],
                default="medium",
            ),
        ),
        (
            "urgency",
            models.PositiveSmallIntegerField(
                "urgency",
                null=True,
                blank=True,
                validators=[MinValueValidator(1), MaxValueValidator(5)],
            ),
        ),
        (
            "seriousness",
            models.PositiveSmallIntegerField(
                "seriousness",
                null=True,
                blank=True,
                validators=[MinValueValidator(1), MaxValueValidator(5)],
            ),
        ),
        (
            "growth",
            models.PositiveSmallIntegerField(
                "growth",
                null=True,
                blank=True,
                validators=[MinValueValidator(1), MaxValueValidator(5)],
            ),
        ),
        (
            "status",
            models.CharField(
                "status",
                max_length=12,
                choices=[
                    ("reported", "Reported"),
                    ("accepted", "Accepted"),
                    ("planned", "Follow-up planned"),
                    ("in_progress", "In progress"),
                    ("done", "Done"),
                    ("verified", "Verified"),
                    ("escalated", "Escalated"),
                    ("rejected", "Rejected"),
                    ("reopened", "Reopened again"),
                ],
                default="reported",
            ),
        ),
        (
            "reported_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("reported_at", models.DateTimeField("reported", auto_now_add=True)),
        ("client_key", models.UUIDField(unique=True, null=True, blank=True, editable=False)),
        (
            "event",
            models.CharField(
                "urgent event",
                max_length=10,
                blank=True,
                choices=[("death", "Death"), ("outbreak", "Outbreak"), ("violence", "Violence")],
            ),
        ),
        (
            "origin",
            models.CharField(
                "origin",
                max_length=10,
                choices=[
                    ("person", "Reported by a person"),
                    ("row", "Decided on a row of the review"),
                    ("suggestion", "Accepted suggestion"),
                ],
                default="person",
            ),
        ),
        ("closed_at", models.DateTimeField("closed", null=True, blank=True)),
        (
            "done_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("closing_evidence", models.CharField("evidence of closing", max_length=500, blank=True)),
        (
            "verified_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("verified_at", models.DateTimeField("verified", null=True, blank=True)),
        ("version", models.PositiveIntegerField(default=1)),
        ("is_demo", models.BooleanField(default=False)),
    ],
    options={
        "verbose_name": "problem",
        "verbose_name_plural": "problems",
        "ordering": ["-reported_at"],
        "indexes": [models.Index(name="problem_by_facility_status", fields=["facility", "status"])],
        "constraints": [
            models.CheckConstraint(
                name="problem_closed_when_done",
                condition=~Q(status__in=["done", "verified", "rejected"])
                | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="problem_verified_by_another_than_the_doer",
                condition=Q(verified_by=None) | Q(done_by=None) | ~Q(verified_by=F("done_by")),
            ),
        ],
    },
)

follow_up = migrations.CreateModel(
    name="FollowUp",
    fields=[
        ID,
        (
            "problem",
            models.ForeignKey("reports.Problem", models.CASCADE, related_name="follow_ups"),
        ),
        ("action", models.CharField("follow-up", max_length=500, blank=True)),
        ("owner_name", models.CharField("person in charge", max_length=150)),
        (
            "owner",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                models.PROTECT,
                null=True,
                blank=True,
                related_name="follow_ups",
            ),
        ),
        ("due_on", models.DateField("due")),
        ("done_on", models.DateField("done on", null=True, blank=True)),
        ("evidence", models.CharField("evidence", max_length=500, blank=True)),
        ("escalated_to", models.CharField("escalated to", max_length=150, blank=True)),
        (
            "owner_kind",
            models.CharField(
                "owner belongs to",
                max_length=16,
                choices=[
                    ("health", "Health service"),
                    ("district_office", "Other district office"),
                    ("subdistrict", "Camat"),
                    ("village", "Village head"),
                    ("village_forum", "Village health forum (FKD)"),
                    ("religious_office", "Religious affairs office (KUA)"),
                    ("school", "School"),
                    ("other", "Other"),
                ],
                default="health",
            ),
        ),
        ("letter_number", models.CharField("letter number", max_length=100, blank=True)),
        ("letter_on", models.DateField("letter of", null=True, blank=True)),
        ("answer", models.TextField("answer", max_length=2000, blank=True)),
        ("answered_on", models.DateField("answered on", null=True, blank=True)),
        (
            "done_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        (
            "created_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("client_key", models.UUIDField(unique=True, null=True, blank=True, editable=False)),
        ("created_at", models.DateTimeField(auto_now_add=True)),
    ],
    options={
        "verbose_name": "follow-up",
        "verbose_name_plural": "follow-ups",
        "ordering": ["due_on", "pk"],
    },
)

problem_step = migrations.CreateModel(
    name="ProblemStep",
    fields=[
        ID,
        ("problem", models.ForeignKey("reports.Problem", models.CASCADE, related_name="steps")),
        ("action", models.CharField(max_length=20)),
        ("from_status", models.CharField(max_length=12, blank=True)),
        (
            "to_status",
            models.CharField(
                max_length=12,
                choices=[
                    ("reported", "Reported"),
                    ("accepted", "Accepted"),
                    ("planned", "Follow-up planned"),
                    ("in_progress", "In progress"),
                    ("done", "Done"),
                    ("verified", "Verified"),
                    ("escalated", "Escalated"),
                    ("rejected", "Rejected"),
                    ("reopened", "Reopened again"),
                ],
            ),
        ),
        ("week", WeekField(null=True)),
        (
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
            ),
        ),
        ("at", models.DateTimeField(auto_now_add=True)),
        ("comment", models.CharField(max_length=500, blank=True)),
    ],
    options={
        "ordering": ["at", "pk"],
    },
)

problem_suggestion = migrations.CreateModel(
    name="ProblemSuggestion",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility", models.PROTECT, related_name="problem_suggestions"
            ),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8)),
        ("week", WeekField("week")),
        ("weeks_running", models.PositiveSmallIntegerField(default=3)),
        ("figures", models.JSONField(default=dict)),
        (
            "state",
            models.CharField(
                "state",
                max_length=10,
                choices=[
                    ("open", "Open"),
                    ("accepted", "Accepted"),
                    ("dismissed", "Dismissed"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
            ),
        ),
        (
            "problem",
            models.ForeignKey(
                "reports.Problem", models.PROTECT, null=True, blank=True, related_name="suggestions"
            ),
        ),
        ("reason", models.CharField("reason for dismissing", max_length=500, blank=True)),
        (
            "decided_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("decided_at", models.DateTimeField(null=True, blank=True)),
        ("created_at", models.DateTimeField(auto_now_add=True)),
    ],
    options={
        "verbose_name": "suggested problem",
        "verbose_name_plural": "suggested problems",
        "ordering": ["facility", "indicator_code"],
        "constraints": [
            models.UniqueConstraint(
                name="suggestion_one_open_per_row",
                fields=("facility", "indicator_code"),
                condition=Q(state="open"),
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("reports", problem),
    *with_history("reports", follow_up),
    problem_step,
    *with_history("reports", problem_suggestion),
]
