"""A target, and the month it counts from."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import LineField
from reports.settings.forms.fields import PercentField


class TargetForm(forms.Form):
    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, widget=forms.Select(attrs={"class": "field"})
    )
    from_month = forms.TypedChoiceField(
        label=_("Counts from month"), coerce=int, choices=list(MONTHS.items()),
        widget=forms.Select(attrs={"class": "field"}),
    )  # fmt: skip
    annual_target = PercentField(label=_("Target of the year"), min_value=0)
    reason = LineField(
        label=_("Reason"), required=False, max_length=300,
        help_text=_("Needed where it counts in months gone by."),
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )  # fmt: skip
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, years: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["year"]).choices = [
            (year, str(year)) for year in years
        ]
