"""Clusters, services, indicators and targets."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

cluster = migrations.CreateModel(
    name="Cluster",
    fields=[
        ("name_id", models.CharField("name (Indonesian)", max_length=200)),
        ("name_en", models.CharField("name (English)", max_length=200)),
        ("code", models.CharField("code", max_length=4, primary_key=True, serialize=False)),
        ("sort_order", models.PositiveSmallIntegerField("order", default=0)),
    ],
    options={
        "verbose_name": "cluster",
        "verbose_name_plural": "clusters",
        "ordering": ["sort_order", "code"],
    },
)

service = migrations.CreateModel(
    name="Service",
    fields=[
        ("name_id", models.CharField("name (Indonesian)", max_length=200)),
        ("name_en", models.CharField("name (English)", max_length=200)),
        ("code", models.CharField("code", max_length=8, primary_key=True, serialize=False)),
        ("cluster", models.ForeignKey("clusters.Cluster", models.PROTECT, related_name="services")),
        (
            "group_codes",
            ArrayField(
                blank=True,
                default=list,
                base_field=models.CharField(max_length=12),
                verbose_name="groups",
            ),
        ),
        ("source", models.TextField("source", blank=True)),
        ("confidence", models.CharField("confidence", max_length=12, blank=True)),
    ],
    options={
        "verbose_name": "service",
        "verbose_name_plural": "services",
        "ordering": ["code"],
    },
)

indicator = migrations.CreateModel(
    name="Indicator",
    fields=[
        ID,
        ("name_id", models.CharField("name (Indonesian)", max_length=200)),
        ("name_en", models.CharField("name (English)", max_length=200)),
        ("code", models.CharField("code", max_length=8)),
        ("valid_from", models.DateField("valid from")),
        ("valid_until", models.DateField("valid until (exclusive)", null=True, blank=True)),
        (
            "cluster",
            models.ForeignKey("clusters.Cluster", models.PROTECT, related_name="indicators"),
        ),
        (
            "group_codes",
            ArrayField(
                blank=True,
                default=list,
                base_field=models.CharField(max_length=12),
                verbose_name="groups",
            ),
        ),
        ("numerator", models.CharField("numerator", max_length=300)),
        ("denominator", models.CharField("denominator", max_length=300, blank=True)),
        (
            "denominator_groups",
            ArrayField(
                blank=True,
                default=list,
                base_field=models.CharField(max_length=12),
                verbose_name="denominator groups",
            ),
        ),
        (
            "denominator_factor",
            models.DecimalField("denominator factor", max_digits=6, decimal_places=4, default=1),
        ),
        (
            "denominator_constant",
            models.PositiveIntegerField(
                "denominator per Puskesmas and year", null=True, blank=True
            ),
        ),
        ("unit", models.CharField("unit", max_length=12, default="%")),
        ("annual_target", models.DecimalField("annual target", max_digits=7, decimal_places=2)),
        (
            "direction",
            models.CharField(
                "direction",
                max_length=6,
                choices=[("higher", "higher is better"), ("lower", "lower is better")],
            ),
        ),
        (
            "level",
            models.CharField(
                "level",
                max_length=10,
                choices=[
                    ("posyandu", "Posyandu"),
                    ("pustu", "Pustu"),
                    ("puskesmas", "Puskesmas"),
                    ("dinkes", "Dinkes"),
                ],
            ),
        ),
        (
            "frequency",
            models.CharField(
                "frequency",
                max_length=10,
                choices=[("weekly", "weekly"), ("monthly", "monthly"), ("quarterly", "quarterly")],
            ),
        ),
        (
            "calc_type",
            models.CharField(
                "calculation",
                max_length=16,
                choices=[
                    ("cumulative", "cumulative over the year"),
                    ("period_rate", "rate of a period"),
                    ("snapshot", "state at a moment"),
                    ("ratio_of_found", "share of the cases found"),
                    ("count", "number of events"),
                ],
            ),
        ),
        (
            "monthly_profile",
            ArrayField(
                blank=True,
                default=list,
                base_field=models.DecimalField(max_digits=6, decimal_places=3),
                size=12,
                verbose_name="monthly profile",
            ),
        ),
        ("is_spm", models.BooleanField("SPM", default=False)),
        ("spm_no", models.PositiveSmallIntegerField("SPM number", null=True, blank=True)),
        ("is_alert", models.BooleanField("every case is an urgent event", default=False)),
        ("source", models.TextField("source", blank=True)),
        ("confidence", models.CharField("confidence", max_length=12, blank=True)),
        ("note", models.CharField("note", max_length=300, blank=True)),
        ("sort_order", models.PositiveSmallIntegerField("order", default=0)),
    ],
    options={
        "verbose_name": "indicator",
        "verbose_name_plural": "indicators",
        "ordering": ["cluster__sort_order", "sort_order", "code"],
        "constraints": [
            models.UniqueConstraint(
                name="indicator_one_per_validity", fields=("code", "valid_from")
            )
        ],
    },
)

target = migrations.CreateModel(
    name="Target",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.CASCADE, related_name="targets"),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8)),
        ("year", models.PositiveSmallIntegerField("year")),
        ("annual_target", models.DecimalField("annual target", max_digits=7, decimal_places=2)),
        (
            "monthly_profile",
            ArrayField(
                blank=True,
                default=list,
                base_field=models.DecimalField(max_digits=6, decimal_places=3),
                size=12,
                verbose_name="monthly profile",
            ),
        ),
    ],
    options={
        "verbose_name": "target",
        "verbose_name_plural": "targets",
        "ordering": ["year", "indicator_code"],
        "constraints": [
            models.UniqueConstraint(
                name="target_one_per_facility_year", fields=("facility", "indicator_code", "year")
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("clusters", cluster),
    *with_history("clusters", service),
    *with_history("clusters", indicator),
    *with_history("clusters", target),
]
