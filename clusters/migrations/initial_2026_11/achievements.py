"""Weekly counts, their sums, and sums that a person replaced."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from clusters.fields import WeekField
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import NEW_ROWS, OLD_ROWS, with_history
from facilities.migrations.tools.sql import run_sql

achievement = migrations.CreateModel(
    name="Achievement",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.PROTECT, related_name="achievements"),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8)),
        ("week", WeekField("week")),
        ("year", models.PositiveSmallIntegerField(editable=False)),
        ("numerator", models.PositiveIntegerField("count", null=True, blank=True)),
        ("denominator", models.PositiveIntegerField("denominator", null=True, blank=True)),
        ("note", models.CharField("note", max_length=300, blank=True)),
        (
            "source",
            models.CharField(
                "source",
                max_length=8,
                choices=[
                    ("page", "page"),
                    ("import", "import"),
                    ("api", "API"),
                    ("demo", "demo data"),
                ],
            ),
        ),
        (
            "entered_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("entered_at", models.DateTimeField("entered", auto_now=True)),
        ("version", models.PositiveIntegerField(default=1)),
    ],
    options={
        "verbose_name": "achievement",
        "verbose_name_plural": "achievements",
        "ordering": ["facility", "week", "indicator_code"],
        "indexes": [
            models.Index(
                name="achievement_series", fields=["facility", "indicator_code", "year", "week"]
            )
        ],
        "constraints": [
            models.UniqueConstraint(
                name="achievement_one_per_facility_week",
                fields=("facility", "week", "indicator_code"),
            ),
            models.CheckConstraint(
                name="achievement_week_starts_on_sunday", condition=Q(week__week_day=1)
            ),
        ],
    },
)

achievement_total = migrations.CreateModel(
    name="AchievementTotal",
    fields=[
        ID,
        ("facility", models.ForeignKey("facilities.Facility", models.CASCADE, related_name="+")),
        ("indicator_code", models.CharField(max_length=8)),
        ("year", models.PositiveSmallIntegerField()),
        ("week", WeekField()),
        ("numerator", models.BigIntegerField(null=True)),
        ("denominator", models.BigIntegerField(null=True)),
        ("numerator_change", models.BigIntegerField(default=0)),
        ("denominator_change", models.BigIntegerField(default=0)),
        ("running_numerator", models.BigIntegerField(default=0)),
        ("running_denominator", models.BigIntegerField(default=0)),
        ("reports", models.PositiveIntegerField(default=0)),
    ],
    options={
        "indexes": [models.Index(name="achievement_total_page", fields=["facility", "week"])],
        "constraints": [
            models.UniqueConstraint(
                name="achievement_total_one_per_series_week",
                fields=("facility", "indicator_code", "year", "week"),
            )
        ],
    },
)

sum_override = migrations.CreateModel(
    name="SumOverride",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.PROTECT, related_name="sum_overrides"),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8)),
        ("week", WeekField("week")),
        ("year", models.PositiveSmallIntegerField(editable=False)),
        ("numerator", models.PositiveIntegerField("count used")),
        ("denominator", models.PositiveIntegerField("denominator used", null=True, blank=True)),
        ("sum_numerator", models.BigIntegerField("sum replaced", null=True)),
        ("sum_denominator", models.BigIntegerField(null=True)),
        ("reason", models.CharField("reason", max_length=500)),
        ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
        ("at", models.DateTimeField(auto_now=True)),
        ("version", models.PositiveIntegerField(default=1)),
    ],
    options={
        "verbose_name": "replaced sum",
        "verbose_name_plural": "replaced sums",
        "constraints": [
            models.UniqueConstraint(
                name="sum_override_once", fields=("facility", "week", "indicator_code")
            ),
            models.CheckConstraint(name="sum_override_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="sum_override_week_starts_on_sunday", condition=Q(week__week_day=1)
            ),
        ],
    },
)

operations: list[Operation] = [
    *with_history("clusters", achievement, keeps=OLD_ROWS),
    achievement_total,
    *with_history("clusters", sum_override, keeps={**NEW_ROWS, "delete": "OLD"}),
    run_sql(__file__, "rollup"),
]
