from __future__ import annotations

from typing import Any

from rest_framework import serializers

from reports.shapes import TimelinessRow


class TimelinessSerializer(serializers.Serializer[Any]):
    facility = serializers.SerializerMethodField(help_text="Code; empty: all of them")
    facility_name = serializers.SerializerMethodField()
    week = serializers.CharField(help_text="Such as 2026-W24; empty: all weeks asked for")
    expected = serializers.IntegerField(help_text="Reviews that were due; 0: none was")
    reported = serializers.IntegerField(help_text="Of these, sent and standing")
    in_time = serializers.IntegerField(help_text="Of these, sent before the deadline")
    is_due = serializers.BooleanField(help_text="false: a week whose deadline has not passed")

    def get_facility(self, row: TimelinessRow) -> str:
        return row.facility.code if row.facility else ""

    def get_facility_name(self, row: TimelinessRow) -> str:
        return row.facility.name if row.facility else ""
