"""Dated parents: under whom a facility hung when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.db import migrations, models
from django.db.models import F, Q

from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history
from facilities.models.facility import DateRange

placement = migrations.CreateModel(
    name="Placement",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey(
                "facilities.Facility",
                models.CASCADE,
                related_name="placements",
                verbose_name="facility",
            ),
        ),
        (
            "parent",
            models.ForeignKey(
                "facilities.Facility",
                models.PROTECT,
                related_name="placed_below",
                verbose_name="parent",
            ),
        ),
        ("start_on", models.DateField("from")),
        ("end_on", models.DateField("until (exclusive)", null=True, blank=True)),
    ],
    options={
        "verbose_name": "placement",
        "verbose_name_plural": "placements",
        "ordering": ["facility", "start_on"],
        "constraints": [
            models.CheckConstraint(
                name="placement_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            models.CheckConstraint(
                name="placement_not_below_itself", condition=~Q(facility=F("parent"))
            ),
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[
                    ("facility", "="),
                    (DateRange("start_on", "end_on", RangeBoundary()), "&&"),
                ],
            ),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_path_trigger_survives_a_dump"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = with_history("facilities", placement)
