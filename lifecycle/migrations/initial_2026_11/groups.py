"""Life-cycle groups with their age bands and shares."""

from __future__ import annotations

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

lifecycle_group = migrations.CreateModel(
    name="LifecycleGroup",
    fields=[
        ID,
        ("code", models.CharField("code", max_length=12)),
        ("name_id", models.CharField("name (Indonesian)", max_length=120)),
        ("name_en", models.CharField("name (English)", max_length=120)),
        ("cluster_code", models.CharField("cluster", max_length=4)),
        (
            "group_type",
            models.CharField(
                "type",
                max_length=12,
                choices=[
                    ("base", "base figure"),
                    ("household", "households"),
                    ("lifecycle", "life-cycle group"),
                    ("risk", "group at risk"),
                ],
            ),
        ),
        ("age_min", models.PositiveSmallIntegerField("age from", null=True, blank=True)),
        ("age_min_unit", models.CharField(max_length=6, blank=True)),
        ("age_max", models.PositiveSmallIntegerField("age to", null=True, blank=True)),
        ("age_max_unit", models.CharField(max_length=6, blank=True)),
        ("sex", models.CharField("sex", max_length=2, default="LP")),
        (
            "people_noun_id",
            models.CharField("people, Indonesian noun", max_length=30, default="orang"),
        ),
        (
            "people_noun_en",
            models.CharField("people, English noun", max_length=30, default="people"),
        ),
        ("estimation_formula", models.CharField("estimation formula", max_length=200, blank=True)),
        (
            "default_share",
            models.DecimalField(
                "share of the population", max_digits=9, decimal_places=6, null=True, blank=True
            ),
        ),
        ("coefficient_note", models.CharField(max_length=300, blank=True)),
        ("real_data_source", models.CharField("source of real counts", max_length=200, blank=True)),
        ("source", models.TextField("source", blank=True)),
        ("confidence", models.CharField("confidence", max_length=12, blank=True)),
        ("sort_order", models.PositiveSmallIntegerField("order", default=0)),
        ("valid_from", models.DateField("valid from")),
        ("valid_until", models.DateField("valid until (exclusive)", null=True, blank=True)),
    ],
    options={
        "verbose_name": "life-cycle group",
        "verbose_name_plural": "life-cycle groups",
        "ordering": ["sort_order", "code"],
        "constraints": [
            models.UniqueConstraint(
                name="lifecycle_group_one_per_validity", fields=("code", "valid_from")
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("lifecycle", lifecycle_group),
]
