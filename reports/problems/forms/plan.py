"""Who does it until when: what a report of a problem and a further follow-up both ask."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import NameField
from reports.form_fields import DateInput
from reports.models.problem import OwnerKind


class PlanForm(forms.Form):
    """One person, one date. ``today`` is the day where the facility stands."""

    today: dt.date

    owner_name = NameField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    owner_kind = forms.ChoiceField(
        label=_("Person in charge belongs to"), required=False, choices=OwnerKind
    )
    due_on = forms.DateField(
        label=_("Due date"), widget=DateInput, required=False, help_text=_("Empty: by priority.")
    )

    def clean_owner_kind(self) -> str:
        return self.cleaned_data["owner_kind"] or str(OwnerKind.HEALTH)

    def clean_due_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["due_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("The due date is already past."))
        return day
