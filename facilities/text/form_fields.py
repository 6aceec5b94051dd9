"""Form fields for what people write: cleaned, or refused with what was typed still there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from facilities.text.cleaning import clean
from facilities.text.errors import UnfitText
from facilities.text.numbers import whole_number
from facilities.text.rules import fit


class LineField(forms.CharField):
    """One line of text. ``is_name``: of an official or a place; ``is_code``: a number or code
    that an office gave, only cleaned."""

    has_lines = False

    def __init__(self, *, is_name: bool = False, is_code: bool = False, **kwargs: Any) -> None:
        kwargs["strip"] = False  # the rule does it
        super().__init__(**kwargs)
        self.is_name, self.is_code = is_name, is_code

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: a browser cuts off what is pasted and says nothing."""
        return {
            name: one for name, one in super().widget_attrs(widget).items() if name != "maxlength"
        }

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        try:
            if self.is_code:
                return clean(text, is_name=True) or self.empty_value
            return fit(text, has_lines=self.has_lines, is_name=self.is_name) or self.empty_value
        except UnfitText as error:
            raise ValidationError(str(error), code="unfit") from error


class NameField(LineField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"is_name": True, **kwargs})


class LinesField(LineField):
    """Text with line breaks."""

    has_lines = True


class CountField(forms.CharField):
    """A whole number as people write it («1.284»); cleans to int, or None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        for bound in ("min_value", "max_value"):  # of a model field, which asks for its own
            kwargs.pop(bound, None)
        super().__init__(**{"strip": False, "empty_value": None, **kwargs})

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return whole_number(str(value))
        except UnfitText as error:
            raise ValidationError(str(error), code="invalid") from error
