"""The settings of a district's weeks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from facilities.models import District
from facilities.models.district import DEADLINE_NAMES, DEADLINES, Weekday
from facilities.text.form_fields import CountField, NameField
from reports.deadlines.actions import FIELDS, settings_version
from reports.form_fields import DateInput


class TimeInput(forms.TimeInput):
    """The browser's own clock; the value is always written as HH:MM for it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "field"}, format="%H:%M")


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Checks itself as the model does: weekdays, order of the four, pattern."""

    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    class Meta:
        model = District
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = settings_version(self.instance)
        for name, field in self.fields.items():
            if name.endswith("_at") or name.startswith("quiet"):
                self.fields[name] = forms.TimeField(label=field.label, widget=TimeInput())
            elif name.endswith("_weekday"):
                self.fields[name] = forms.TypedChoiceField(
                    label=_("Day"), choices=Weekday.choices, coerce=int,
                    widget=forms.Select(attrs={"class": "field"}),
                )  # fmt: skip
        for name in DEADLINES:
            self.fields[f"{name}_at"].label = _("Time")
        self.fields["closing_day"] = CountField(
            label=self.fields["closing_day"].label,
            widget=forms.TextInput(attrs={"class": "field", "inputmode": "numeric"}),
        )
        self.fields["document_number_pattern"].widget.attrs["class"] = "field"

    @property
    def deadlines(self) -> list[tuple[Any, Any, Any]]:
        """(name, weekday, time) of each of the four."""
        return [
            (DEADLINE_NAMES[name], self[f"{name}_weekday"], self[f"{name}_at"])
            for name in DEADLINES
        ]


class LocalDayForm(forms.Form):
    day = forms.DateField(label=_("Date"), widget=DateInput)
    name = NameField(
        label=_("What day it is"), max_length=100,
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )  # fmt: skip
    is_working = forms.ChoiceField(
        label=_("On this day"),
        choices=[("", _("off")), ("1", _("worked all the same"))],
        required=False,
        widget=forms.Select(attrs={"class": "field"}),
    )

    def clean_is_working(self) -> bool:
        return bool(self.cleaned_data["is_working"])

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if not 2000 <= day.year <= 2100:
            raise ValidationError(gettext("Write a date of our time."))
        return day
