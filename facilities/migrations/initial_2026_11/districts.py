"""The district health offices with letterhead and deadlines, and their days off."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import Q

from facilities.document_numbers import check_pattern
from facilities.migrations.tools.fields import ID
from facilities.migrations.tools.history import with_history

logo = migrations.CreateModel(
    name="Logo",
    fields=[
        ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
        ("content", models.BinaryField()),
        ("media_type", models.CharField(max_length=20)),
    ],
)

district = migrations.CreateModel(
    name="District",
    fields=[
        ID,
        ("area", models.OneToOneField("facilities.Area", models.PROTECT, verbose_name="area")),
        (
            "timezone",
            models.CharField(
                "time zone",
                max_length=20,
                choices=[
                    ("Asia/Jakarta", "WIB"),
                    ("Asia/Makassar", "WITA"),
                    ("Asia/Jayapura", "WIT"),
                ],
                default="Asia/Jakarta",
            ),
        ),
        ("is_demo", models.BooleanField("demo data", default=False)),
        (
            "logo",
            models.ForeignKey(
                "facilities.Logo", models.PROTECT, null=True, blank=True, verbose_name="logo"
            ),
        ),
        ("address", models.CharField("address", max_length=200, blank=True)),
        ("phone", models.CharField("telephone", max_length=50, blank=True)),
        ("email", models.EmailField("e-mail", max_length=254, blank=True)),
        ("postal_code", models.CharField("postal code", max_length=5, blank=True)),
        (
            "seat",
            models.CharField("seat (place named beside the date)", max_length=100, blank=True),
        ),
        ("head_name", models.CharField("name of the head", max_length=100, blank=True)),
        ("head_title", models.CharField("office of the head", max_length=100, blank=True)),
        ("head_rank", models.CharField("rank of the head", max_length=100, blank=True)),
        ("head_nip", models.CharField("NIP of the head", max_length=30, blank=True)),
        ("legal_basis", models.TextField("legal basis", blank=True)),
        (
            "document_number_pattern",
            models.CharField(
                "document number pattern",
                max_length=100,
                default="440/{sequence:03d}/{facility}/{roman_month}/{year}",
                help_text="May contain {sequence}, {facility}, {week}, {roman_month} and {year}; {facility}, {year} and {week} or {sequence} are needed, so that no number is given twice.",
                validators=[check_pattern],
            ),
        ),
        (
            "data_closes_weekday",
            models.PositiveSmallIntegerField(
                "data close: weekday",
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                default=0,
                validators=[MaxValueValidator(6)],
            ),
        ),
        ("data_closes_at", models.TimeField("data close: time", default=dt.time(12, 0))),
        (
            "sent_by_weekday",
            models.PositiveSmallIntegerField(
                "sent by: weekday",
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                default=1,
                validators=[MaxValueValidator(6)],
            ),
        ),
        ("sent_by_at", models.TimeField("sent by: time", default=dt.time(16, 0))),
        (
            "meeting_by_weekday",
            models.PositiveSmallIntegerField(
                "meeting held by: weekday",
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                default=1,
                validators=[MaxValueValidator(6)],
            ),
        ),
        ("meeting_by_at", models.TimeField("meeting held by: time", default=dt.time(12, 0))),
        (
            "answered_by_weekday",
            models.PositiveSmallIntegerField(
                "answered by: weekday",
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                default=3,
                validators=[MaxValueValidator(6)],
            ),
        ),
        ("answered_by_at", models.TimeField("answered by: time", default=dt.time(16, 0))),
        ("quiet_from", models.TimeField("quiet hours from", default=dt.time(20, 0))),
        ("quiet_until", models.TimeField("quiet hours until", default=dt.time(6, 0))),
    ],
    options={
        "verbose_name": "district",
        "verbose_name_plural": "districts",
        "ordering": ["area__code"],
        "constraints": [
            models.CheckConstraint(
                name="district_weekdays_are_days",
                condition=Q(
                    answered_by_weekday__lte=6,
                    data_closes_weekday__lte=6,
                    meeting_by_weekday__lte=6,
                    sent_by_weekday__lte=6,
                ),
            )
        ],
    },
)

local_holiday = migrations.CreateModel(
    name="LocalHoliday",
    fields=[
        ID,
        (
            "district",
            models.ForeignKey(
                "facilities.District",
                models.CASCADE,
                related_name="local_holidays",
                verbose_name="district",
            ),
        ),
        ("day", models.DateField("day")),
        ("name", models.CharField("name", max_length=100)),
        ("is_working", models.BooleanField("worked all the same", default=False)),
    ],
    options={
        "verbose_name": "local holiday",
        "verbose_name_plural": "local holidays",
        "ordering": ["day"],
        "constraints": [
            models.UniqueConstraint(name="local_holiday_once", fields=("district", "day"))
        ],
    },
)

operations: list[Operation] = [
    logo,
    *with_history("facilities", district),
    *with_history("facilities", local_holiday),
]
