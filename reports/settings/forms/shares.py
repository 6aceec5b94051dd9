"""Twelve shares of a year, in percent, and the day they count from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from reports.form_fields import DateInput
from reports.settings.forms.fields import PercentField


class SharesForm(forms.Form):
    valid_from = forms.DateField(label=_("Counts from"), widget=DateInput)
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for month in range(1, 13):
            self.fields[f"month_{month}"] = PercentField(
                label=MONTHS[month], min_value=0, max_value=100
            )

    @property
    def months(self) -> list[BoundField]:
        return [self[f"month_{month}"] for month in range(1, 13)]

    @property
    def percents(self) -> list[Decimal]:
        """Of a valid form."""
        return [self.cleaned_data[f"month_{month}"] for month in range(1, 13)]
