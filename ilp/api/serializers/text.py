"""What people write, as the API takes it: the same rule as on pages and in files."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from facilities.text.errors import UnfitText
from facilities.text.rules import fit


class LineField(serializers.CharField):
    """One line of text, clean; numbers and lists are no text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return fit(text)
        except UnfitText as error:
            raise serializers.ValidationError(str(error)) from error
