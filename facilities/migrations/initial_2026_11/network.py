"""The facilities as a tree, what they were when, and which villages they serve."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q

from facilities.fields import LtreeField
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history
from facilities.migrations.tools.sql import run_sql
from facilities.models.facility import DateRange

facility = migrations.CreateModel(
    name="Facility",
    fields=[
        ID,
        (
            "district",
            models.ForeignKey(
                "facilities.District",
                models.PROTECT,
                related_name="facilities",
                verbose_name="district",
            ),
        ),
        (
            "kind",
            models.CharField(
                "kind",
                max_length=10,
                choices=[
                    ("dinkes", "District health office"),
                    ("puskesmas", "Puskesmas"),
                    ("pustu", "Pustu"),
                    ("posyandu", "Posyandu"),
                ],
            ),
        ),
        ("code", models.CharField("code", max_length=30, unique=True)),
        ("name", models.CharField("name", max_length=100)),
        (
            "parent",
            models.ForeignKey(
                "facilities.Facility",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="children",
                verbose_name="parent",
            ),
        ),
        ("path", LtreeField(default="", editable=False)),
        ("ministry_code", models.CharField("ministry code", max_length=20, blank=True)),
        ("ministry_code_old", models.CharField("older ministry code", max_length=20, blank=True)),
        (
            "satusehat_id",
            models.CharField("SATUSEHAT id", max_length=40, unique=True, null=True, blank=True),
        ),
        (
            "village",
            models.ForeignKey(
                "facilities.Area",
                models.PROTECT,
                null=True,
                blank=True,
                related_name="facilities",
                verbose_name="village it stands in",
            ),
        ),
        ("address", models.CharField("address", max_length=200, blank=True)),
        ("phone", models.CharField("telephone", max_length=50, blank=True)),
        ("email", models.EmailField("e-mail", max_length=254, blank=True)),
        (
            "latitude",
            models.DecimalField("latitude", max_digits=9, decimal_places=6, null=True, blank=True),
        ),
        (
            "longitude",
            models.DecimalField("longitude", max_digits=9, decimal_places=6, null=True, blank=True),
        ),
        (
            "basis",
            models.CharField(
                "basis", max_length=20, blank=True, help_text="source, derived or estimated"
            ),
        ),
        ("note", models.CharField("note", max_length=200, blank=True)),
    ],
    options={
        "verbose_name": "facility",
        "verbose_name_plural": "facilities",
        "ordering": ["code"],
        "indexes": [
            GistIndex(name="facility_path_gist", fields=["path"]),
            models.Index(name="facility_by_kind", fields=["district", "kind", "code"]),
        ],
        "constraints": [
            models.CheckConstraint(
                name="facility_only_dinkes_has_no_parent",
                condition=Q(kind="dinkes", parent=None)
                | (~Q(kind="dinkes") & Q(parent__isnull=False)),
            ),
            models.UniqueConstraint(
                name="facility_one_dinkes_per_district",
                fields=("district",),
                condition=Q(kind="dinkes"),
            ),
        ],
    },
)

facility_status = migrations.CreateModel(
    name="FacilityStatus",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.CASCADE, related_name="statuses"),
        ),
        (
            "operating",
            models.CharField(
                "operating",
                max_length=10,
                choices=[("planned", "Planned"), ("open", "Open"), ("closed", "Closed")],
            ),
        ),
        (
            "ilp_stage",
            models.CharField(
                "ILP stage",
                max_length=12,
                choices=[
                    ("none", "Not yet"),
                    ("preparing", "Preparing"),
                    ("pilot", "Pilot"),
                    ("implemented", "ILP implemented"),
                    ("delayed", "Delayed"),
                ],
                default="none",
            ),
        ),
        (
            "ilp_target_year",
            models.PositiveSmallIntegerField("ILP target year", null=True, blank=True),
        ),
        ("start_on", models.DateField("from")),
        ("end_on", models.DateField("until (exclusive)", null=True, blank=True)),
        ("basis", models.CharField("basis", max_length=20, blank=True)),
    ],
    options={
        "verbose_name": "facility status",
        "verbose_name_plural": "facility statuses",
        "ordering": ["facility", "start_on"],
        "constraints": [
            models.CheckConstraint(
                name="facility_status_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            ExclusionConstraint(
                name="facility_status_one_at_a_time",
                expressions=[
                    ("facility", "="),
                    (DateRange("start_on", "end_on", RangeBoundary()), "&&"),
                ],
            ),
        ],
    },
)

service_area = migrations.CreateModel(
    name="ServiceArea",
    fields=[
        ID,
        (
            "facility",
            models.ForeignKey("facilities.Facility", models.CASCADE, related_name="service_areas"),
        ),
        ("village", models.ForeignKey("facilities.Area", models.PROTECT, related_name="served_by")),
        ("start_on", models.DateField("from")),
        ("end_on", models.DateField("until (exclusive)", null=True, blank=True)),
        ("basis", models.CharField("basis", max_length=20, blank=True)),
    ],
    options={
        "verbose_name": "service area",
        "verbose_name_plural": "service areas",
        "ordering": ["facility", "village", "start_on"],
        "constraints": [
            models.CheckConstraint(
                name="service_area_ends_after_start",
                condition=Q(end_on=None) | Q(end_on__gt=F("start_on")),
            ),
            ExclusionConstraint(
                name="service_area_once_at_a_time",
                expressions=[
                    ("facility", "="),
                    ("village", "="),
                    (DateRange("start_on", "end_on", RangeBoundary()), "&&"),
                ],
            ),
        ],
    },
)

operations: list[Operation] = [
    *with_history("facilities", facility, excluded=["path"]),
    *with_history("facilities", facility_status),
    *with_history("facilities", service_area),
    run_sql(__file__, "facility_path"),
]
