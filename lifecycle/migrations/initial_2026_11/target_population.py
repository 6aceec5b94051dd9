"""Target population by village or facility; the database guards what is locked."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history
from facilities.migrations.tools.sql import run_sql

target_population = migrations.CreateModel(
    name="TargetPopulation",
    fields=[
        ID,
        (
            "village",
            models.ForeignKey(
                "facilities.Area",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="target_populations",
                verbose_name="village",
            ),
        ),
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="target_populations",
                verbose_name="facility",
            ),
        ),
        ("group_code", models.CharField("group", max_length=12)),
        ("year", models.PositiveSmallIntegerField("year")),
        ("estimated", models.PositiveIntegerField("estimated", null=True, blank=True)),
        ("counted", models.PositiveIntegerField("counted", null=True, blank=True)),
        (
            "official",
            models.CharField(
                "official figure",
                max_length=10,
                choices=[("estimated", "estimated"), ("counted", "counted")],
                default="estimated",
            ),
        ),
        ("basis", models.CharField("basis", max_length=20, blank=True)),
        ("locked_at", models.DateTimeField("locked", null=True, blank=True)),
        (
            "locked_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
            ),
        ),
        ("version", models.PositiveIntegerField(default=1)),
    ],
    options={
        "verbose_name": "target population",
        "verbose_name_plural": "target populations",
        "ordering": ["year", "group_code"],
        "constraints": [
            models.CheckConstraint(
                name="target_population_of_village_or_facility",
                condition=Q(facility=None, village__isnull=False)
                | Q(facility__isnull=False, village=None),
            ),
            models.UniqueConstraint(
                name="target_population_one_per_village",
                fields=("village", "group_code", "year"),
                condition=Q(village__isnull=False),
            ),
            models.UniqueConstraint(
                name="target_population_one_per_facility",
                fields=("facility", "group_code", "year"),
                condition=Q(facility__isnull=False),
            ),
            models.CheckConstraint(
                name="target_population_locked_when_and_by",
                condition=Q(locked_at=None, locked_by=None) | Q(locked_at__isnull=False),
            ),
        ],
    },
)

operations: list[Operation] = [
    *with_history("lifecycle", target_population),
    run_sql(__file__, "locked_figures"),
]
