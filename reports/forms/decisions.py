"""Decisions on the red rows of a review, answers to escalations, suggestions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.forms.meeting import DateInput, StepForm
from reports.models.decision import RowDecisionKind


class RowDecisionForm(forms.Form):
    """One red row: follow-up (what, who, until when), escalation (what is asked), or monitored
    (why). Its prefix is the code of the indicator."""

    kind = forms.ChoiceField(
        choices=[
            (RowDecisionKind.FOLLOW_UP, pgettext_lazy("row", "Follow-up")),
            (RowDecisionKind.ESCALATE, pgettext_lazy("row", "Escalate")),
            (RowDecisionKind.MONITOR, pgettext_lazy("row", "Monitor")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    action = forms.CharField(label=_("What will be done"), required=False, max_length=500)
    owner_name = forms.CharField(label=_("Person in charge"), required=False, max_length=150)
    due_on = forms.DateField(label=_("Due date"), required=False, widget=DateInput)
    reason = forms.CharField(label=_("Reason, or what is asked"), required=False, max_length=500)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("action", "owner_name", "due_on", "reason"):
            self.fields[name].widget.attrs |= {"class": "field", "autocomplete": "off"}

    @property
    def is_touched(self) -> bool:
        """Whether anything differs from what stands; a date alone, prefilled, says nothing."""
        return bool(set(self.changed_data) - {"version", "due_on"}) or (
            "due_on" in self.changed_data and bool(self.initial.get("kind"))
        )

    def as_typed(self) -> RowDecisionForm:
        """The same fields with what was typed, not judged yet."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return RowDecisionForm(prefix=self.prefix, initial=typed)

    def values(self) -> dict[str, Any]:
        """What ``decide_row`` takes; raises KeyError only for an invalid form."""
        data = self.cleaned_data
        return {name: data[name] for name in ("kind", "reason", "action", "owner_name", "due_on")}

    def add_errors(self, errors: dict[str, str]) -> None:
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)


class SubmitForm(StepForm):
    """Sending, with the reason for rows that have no decision."""

    undecided_choice = forms.ChoiceField(
        required=False, choices=[("puskesmas", ""), ("other", "")], widget=forms.RadioSelect
    )
    undecided_reason = forms.CharField(
        required=False, max_length=500, widget=forms.TextInput(attrs={"class": "field"})
    )

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility = facility

    def given_reason(self) -> str:
        """The ready reason of a Pustu when it was chosen, else what was written."""
        if (
            self.cleaned_data["undecided_choice"] == "puskesmas"
            and self.facility.kind == FacilityKind.PUSTU
        ):
            return gettext("Discussed in the weekly evaluation of the Puskesmas")
        return str(self.cleaned_data["undecided_reason"])


class AnswerForm(forms.Form):
    """What the level that was asked decides."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "field"}),
        error_messages={"required": _("Write what is decided, so that they can act on it.")},
    )


class AcceptForm(forms.Form):
    """A suggestion taken over as a problem; everything is filled in already."""

    title = forms.CharField(label=_("Problem"), max_length=200)
    owner_name = forms.CharField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    due_on = forms.DateField(label=_("Due date"), widget=DateInput)
    action = forms.CharField(label=_("Follow-up"), required=False, max_length=500)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"


class DismissForm(forms.Form):
    """Why a suggestion is not taken over."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "field"}),
        error_messages={"required": _("Write the reason.")},
    )
