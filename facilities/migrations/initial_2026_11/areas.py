"""The Ministry of Home Affairs' areas, from province to village."""

from __future__ import annotations

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from facilities.migrations.tools.history import with_history

area = migrations.CreateModel(
    name="Area",
    fields=[
        ("code", models.CharField("code", max_length=13, primary_key=True, serialize=False)),
        ("name", models.CharField("name", max_length=100)),
        (
            "kind",
            models.CharField(
                "kind",
                max_length=12,
                choices=[
                    ("province", "Province"),
                    ("regency", "Regency or city"),
                    ("subdistrict", "Subdistrict"),
                    ("village", "Village"),
                ],
            ),
        ),
        ("status", models.CharField("status", max_length=12, blank=True)),
        (
            "parent",
            models.ForeignKey(
                "facilities.Area",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="children",
                verbose_name="parent",
            ),
        ),
        ("postal_code", models.CharField("postal code", max_length=5, blank=True)),
        (
            "latitude",
            models.DecimalField("latitude", max_digits=9, decimal_places=6, null=True, blank=True),
        ),
        (
            "longitude",
            models.DecimalField("longitude", max_digits=9, decimal_places=6, null=True, blank=True),
        ),
        ("population", models.PositiveIntegerField("population", null=True, blank=True)),
        (
            "population_year",
            models.PositiveSmallIntegerField("population year", null=True, blank=True),
        ),
        ("population_basis", models.CharField("population basis", max_length=20, blank=True)),
    ],
    options={
        "verbose_name": "area",
        "verbose_name_plural": "areas",
        "ordering": ["code"],
    },
)

operations: list[Operation] = [
    *with_history("facilities", area),
]
