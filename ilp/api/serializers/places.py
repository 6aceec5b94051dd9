from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from facilities.models import District, Facility, FacilityStatus
from facilities.models.facility import IlpStage, OperatingStatus


class AreaSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Code of the Ministry of Home Affairs")
    name = serializers.CharField()


class DistrictSerializer(serializers.ModelSerializer[District]):
    code = serializers.CharField(source="area_id", help_text="Such as 19.06")
    name = serializers.CharField(source="area.name")
    province = AreaSerializer(source="area.parent", allow_null=True)
    facility = serializers.SerializerMethodField(help_text="Code of the district health office")
    zone_name = serializers.CharField(help_text="WIB, WITA or WIT")

    class Meta:
        model = District
        fields = ["code", "name", "province", "facility", "timezone", "zone_name", "is_demo"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_facility(self, district: District) -> str | None:
        dinkes = getattr(district, "dinkes", [])  # prefetched: empty when out of sight
        return dinkes[0].code if dinkes else None


class StatusSerializer(serializers.ModelSerializer[FacilityStatus]):
    operating = serializers.ChoiceField(choices=OperatingStatus.choices)
    ilp_stage = serializers.ChoiceField(choices=IlpStage.choices)

    class Meta:
        model = FacilityStatus
        fields = ["operating", "ilp_stage", "ilp_target_year", "start_on", "end_on"]


class FacilitySerializer(serializers.ModelSerializer[Facility]):
    district = serializers.CharField(source="district.area_id")
    parent = serializers.SlugRelatedField[Facility](  # type: ignore[assignment]
        slug_field="code", read_only=True, allow_null=True
    )
    village = AreaSerializer(allow_null=True, help_text="The village it stands in")
    status = serializers.SerializerMethodField(help_text="As of today")

    class Meta:
        model = Facility
        fields = [
            "code",
            "name",
            "kind",
            "district",
            "parent",
            "ministry_code",
            "satusehat_id",
            "village",
            "latitude",
            "longitude",
            "status",
        ]

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_status(self, facility: Facility) -> dict[str, Any] | None:
        current = getattr(facility, "current_statuses", [])
        return dict(StatusSerializer(current[0]).data) if current else None
