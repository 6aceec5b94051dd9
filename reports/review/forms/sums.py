"""The form that replaces a sum: figures as typed, a reason, the version that was seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import CountField, LinesField
from reports.review.actions.sums import LONGEST_REASON

_NUMBER = {"class": "field n", "inputmode": "numeric", "autocomplete": "off"}


class ReplaceSumForm(forms.Form):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    numerator = CountField(label=_("Figure to use"), widget=forms.TextInput(attrs=_NUMBER))
    denominator = CountField(label=_("Denominator to use"), widget=forms.TextInput(attrs=_NUMBER))
    reason = LinesField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "field", "rows": 3}),
        help_text=_("Do not write names or NIK of patients."),
    )

    def __init__(self, *args: Any, needs_denominator: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_denominator:
            del self.fields["denominator"]
