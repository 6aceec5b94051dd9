from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.actions import LARGEST_COUNT
from ilp.api.filters import WEEK_SCHEMA
from reports.forms.counts import NOTE_LENGTH


class WholeNumber(serializers.Field[int, Any, int, Any]):
    """A JSON number without a fraction, from 0; text and true are refused."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or data < 0:
            raise serializers.ValidationError(
                _("Enter a whole number, 0 or more. You entered ‘%(value)s’.")
                % {"value": str(data)[:40]}
            )
        if data > LARGEST_COUNT:
            raise serializers.ValidationError(
                _("This number is too large: ‘%(value)s’.") % {"value": str(data)[:40]}
            )
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT, "nullable": True})
class PeopleField(WholeNumber):
    pass


@extend_schema_field({"type": "integer", "minimum": 0})
class VersionField(WholeNumber):
    pass


class CountWriteSerializer(serializers.Serializer[Any]):
    """What somebody counted. An unknown field is refused: ignored, a misspelt one would clear
    a figure."""

    numerator = PeopleField(
        allow_null=True, help_text="null: no data yet; 0: none happened. Always needed"
    )
    denominator = PeopleField(
        allow_null=True, default=None, help_text="Only where needs_denominator is true"
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=NOTE_LENGTH,
        help_text="Left out: the note stays as it is. No names, no NIK",
    )
    version = VersionField(help_text="The version you last read; 0 when there was no figure yet")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            choice = ", ".join(self.fields)
            message = _("Unknown field. Known: {known}.").format(known=choice)
            raise serializers.ValidationError({str(name): [message] for name in unknown})
        return super().to_internal_value(data)

    def validate_note(self, value: str) -> str:
        return " ".join(value.split())


class WarningSerializer(serializers.Serializer[Any]):
    """A figure that deserves a second look; it is saved all the same."""

    rule = serializers.CharField()
    message = serializers.CharField()
    is_confirmed = serializers.BooleanField()


class CountSerializer(serializers.Serializer[Any]):
    """One facility's own count of a week; ``version`` 0: nobody has entered anything yet."""

    facility = serializers.CharField()
    week = extend_schema_field(WEEK_SCHEMA)(serializers.CharField)()
    indicator = serializers.CharField()
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    entered_at = serializers.DateTimeField(allow_null=True)


class SavedCountSerializer(CountSerializer):
    note = serializers.CharField(allow_blank=True)
    warnings = WarningSerializer(many=True)


class ValuesSerializer(serializers.Serializer[Any]):
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(allow_null=True, allow_blank=True)


class CurrentValuesSerializer(ValuesSerializer):
    version = serializers.IntegerField(help_text="Send this one to replace the figure knowingly")
    entered_by = serializers.CharField(allow_blank=True)
    entered_at = serializers.DateTimeField()


class CountConflictSerializer(serializers.Serializer[Any]):
    """Nothing was saved. ``current`` and ``yours`` are left out when the review has been sent."""

    code = serializers.ChoiceField(choices=["stale_version", "review_sent"])
    detail = serializers.CharField()
    current = CurrentValuesSerializer(required=False)
    yours = ValuesSerializer(required=False)
