"""The form that replaces a sum: figures as typed, a reason, the version that was seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.actions.sums import LONGEST_REASON
from reports.forms.counts import parse_count

_NUMBER = {"class": "field n", "inputmode": "numeric", "autocomplete": "off"}


class CountField(forms.CharField):
    """A whole number as the review form takes it («1.284»)."""

    widget = forms.TextInput(attrs=_NUMBER)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_count(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class ReplaceSumForm(forms.Form):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    numerator = CountField(label=_("Figure to use"))
    denominator = CountField(label=_("Denominator to use"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "field", "rows": 3}),
        help_text=_("Do not write names or NIK of patients."),
    )

    def __init__(self, *args: Any, needs_denominator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_denominator:
            del self.fields["denominator"]
