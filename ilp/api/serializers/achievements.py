from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.models import Achievement, AchievementTotal, Indicator
from facilities.models.facility import FacilityKind
from ilp.api.filters import WEEK_SCHEMA


@extend_schema_field(WEEK_SCHEMA)
class WeekLabelField(serializers.CharField):
    """``2026-W24``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    cluster = serializers.CharField(source="cluster_id")
    needs_denominator = serializers.BooleanField(read_only=True)

    class Meta:
        model = Indicator
        fields = [
            "code",
            "name_id",
            "name_en",
            "cluster",
            "group_codes",
            "numerator",
            "denominator",
            "denominator_groups",
            "needs_denominator",
            "unit",
            "annual_target",
            "direction",
            "level",
            "frequency",
            "calc_type",
            "monthly_profile",
            "is_spm",
            "spm_no",
            "is_alert",
            "valid_from",
            "valid_until",
            "source",
        ]


class AchievementSerializer(serializers.ModelSerializer[Achievement]):
    """One weekly count. Authors and notes stay in the district."""

    facility = serializers.CharField(source="facility.code")
    kind = serializers.ChoiceField(source="facility.kind", choices=FacilityKind.choices)
    indicator = serializers.CharField(source="indicator_code")
    week = WeekLabelField()

    class Meta:
        model = Achievement
        fields = [
            "facility",
            "kind",
            "week",
            "indicator",
            "numerator",
            "denominator",
            "source",
            "entered_at",
            "version",
        ]
        extra_kwargs = {
            "numerator": {"help_text": "null: no data yet; 0: none happened"},
        }


class AchievementTotalSerializer(serializers.ModelSerializer[AchievementTotal]):
    """Sums of a facility and everything below it."""

    facility = serializers.CharField(source="facility.code")
    kind = serializers.ChoiceField(source="facility.kind", choices=FacilityKind.choices)
    indicator = serializers.CharField(source="indicator_code")
    week = WeekLabelField()
    running_numerator = serializers.SerializerMethodField(
        help_text="Since week 1 of the year, for a snapshot the latest values, in the unit of the "
        "indicator; null: a week in it is not open to you"
    )
    running_denominator = serializers.SerializerMethodField(help_text="As running_numerator")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_running_numerator(self, row: AchievementTotal) -> int | None:
        return row.running_numerator if row.is_running_open else None  # type: ignore[attr-defined]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_running_denominator(self, row: AchievementTotal) -> int | None:
        return row.running_denominator if row.is_running_open else None  # type: ignore[attr-defined]

    class Meta:
        model = AchievementTotal
        fields = [
            "facility",
            "kind",
            "week",
            "indicator",
            "numerator",
            "denominator",
            "running_numerator",
            "running_denominator",
            "reports",
        ]
        extra_kwargs = {
            "reports": {"help_text": "How many facilities counted in this week"},
        }
