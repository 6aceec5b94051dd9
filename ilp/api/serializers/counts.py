from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from facilities.text.cleaning import shown
from facilities.text.errors import UnfitText
from facilities.text.numbers import LARGEST_COUNT, not_whole, too_large, whole_number
from ilp.api.serializers.achievements import WeekLabelField
from ilp.api.serializers.problems import ProblemSerializer
from ilp.api.serializers.text import LineField
from reports.review.forms.counts import NOTE_LENGTH


class WholeNumber(serializers.Field[int | None, Any, int, Any]):
    """A JSON number without a fraction, from 0; true is refused, and so is text."""

    def to_internal_value(self, data: Any) -> int | None:
        if isinstance(data, bool) or not isinstance(data, int) or data < 0:
            raise serializers.ValidationError(not_whole(str(data)))
        if data > LARGEST_COUNT:
            raise serializers.ValidationError(too_large(str(data)))
        return data

    def to_representation(self, value: int | None) -> int:
        return value or 0


_PLAIN = "0{0,5}[0-9]{1,7}"
_GROUPED = r"[1-9][0-9]{0,2}\.[0-9]{3}|[1-9]\.[0-9]{3}\.[0-9]{3}"


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT},
            {
                "type": "string",
                "maxLength": 20,
                "pattern": f"^ *({_PLAIN}|{_GROUPED})? *$",
                "description": "As it is typed: 12 or 1.234; blank: no data",
            },
        ],
        "nullable": True,
    }
)
class PeopleField(WholeNumber):
    """Text is read as a field of the page is: ‘1.234’ and ‘ 12 ’ are numbers, ‘12 13’ is none."""

    def to_internal_value(self, data: Any) -> int | None:
        if not isinstance(data, str):
            return super().to_internal_value(data)
        try:
            return whole_number(data)
        except UnfitText as error:
            raise serializers.ValidationError(str(error)) from error


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT})
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
    note = LineField(
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
            raise serializers.ValidationError({shown(str(name), 60): [message] for name in unknown})
        return super().to_internal_value(data)


class WarningSerializer(serializers.Serializer[Any]):
    """A figure that deserves a second look; it is saved all the same."""

    rule = serializers.CharField()
    message = serializers.CharField()
    is_confirmed = serializers.BooleanField()


class CountSerializer(serializers.Serializer[Any]):
    """One facility's own count of a week; ``version`` 0: nobody has entered anything yet."""

    facility = serializers.CharField()
    week = WeekLabelField()
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


class CountConflictSerializer(ProblemSerializer):
    """Nothing was saved. ``current`` and ``yours`` are left out when the review has been sent."""

    code = serializers.ChoiceField(  # type: ignore[assignment]
        choices=["stale_version", "review_sent"],
        help_text="Somebody saved the row since your version; the review is signed",
    )
    errors = None  # type: ignore[assignment]
    current = CurrentValuesSerializer(required=False, help_text="What stands there")
    yours = ValuesSerializer(required=False, help_text="What you sent")
