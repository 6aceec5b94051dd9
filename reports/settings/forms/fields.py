"""Numbers with a decimal comma, as people write them."""

from __future__ import annotations

from typing import Any

from django import forms


class PercentField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            localize=True,
            decimal_places=2,
            widget=forms.TextInput(
                attrs={"class": "field", "inputmode": "decimal", "autocomplete": "off"}
            ),
            **kwargs,
        )
