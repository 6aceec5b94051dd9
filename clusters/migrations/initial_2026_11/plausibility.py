"""What makes a figure worth a second look, and who looked."""

from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

plausibility_rule = migrations.CreateModel(
    name="PlausibilityRule",
    fields=[
        ("code", models.CharField("code", max_length=24, primary_key=True, serialize=False)),
        (
            "kind",
            models.CharField(
                "comparison",
                max_length=16,
                choices=[
                    ("above_population", "above a share of the target population"),
                    ("above_usual", "several times the usual"),
                    ("falling", "cumulative figure falling"),
                    ("not_above", "not above another indicator"),
                ],
            ),
        ),
        ("indicator_code", models.CharField("indicator", max_length=8, blank=True)),
        ("other_code", models.CharField("other indicator", max_length=8, blank=True)),
        ("factor", models.DecimalField("factor", max_digits=6, decimal_places=2, default=1)),
        ("minimum", models.PositiveIntegerField("smallest count", default=0)),
        ("is_active", models.BooleanField("in use", default=True)),
        ("source", models.CharField("source", max_length=300, blank=True)),
    ],
    options={
        "verbose_name": "plausibility rule",
        "verbose_name_plural": "plausibility rules",
        "ordering": ["code"],
    },
)

plausibility_confirmation = migrations.CreateModel(
    name="PlausibilityConfirmation",
    fields=[
        ID,
        (
            "achievement",
            models.ForeignKey("clusters.Achievement", models.CASCADE, related_name="confirmations"),
        ),
        ("rule_code", models.CharField(max_length=24)),
        ("numerator", models.PositiveIntegerField(null=True)),
        ("denominator", models.PositiveIntegerField(null=True)),
        ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
        ("at", models.DateTimeField(auto_now_add=True)),
    ],
    options={
        "ordering": ["at", "pk"],
        "constraints": [
            models.UniqueConstraint(
                name="plausibility_confirmed_once",
                fields=("achievement", "rule_code", "numerator", "denominator"),
                nulls_distinct=False,
            )
        ],
    },
)

operations: list[Operation] = [
    *with_history("clusters", plausibility_rule),
    *with_history("clusters", plausibility_confirmation),
]
