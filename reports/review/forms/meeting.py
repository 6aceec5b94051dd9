"""Conclusion and attendance of a review; reasons for returning or reopening one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import LinesField, NameField
from reports.form_fields import DateInput
from reports.models import WeeklyReview
from reports.review.queries.proposed_meeting import ProposedMeeting

# A meeting is written in two places of the page: who and when above, the conclusion at the end.
PARTS: dict[str, tuple[str, ...]] = {
    "head": ("meeting_on", "meeting_place", "chair_name", "minutes_by", "present"),
    "conclusion": ("conclusion",),
}


class MeetingForm(forms.Form):
    """``choices`` are the (id, name) of the Pustu that may attend; ``part`` leaves only the fields
    of one of ``PARTS``, and what it does not hold stays as it is stored."""

    conflict: Any = None  # reports.review.views.meeting_conflict, when somebody else was faster

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    meeting_on = forms.DateField(label=_("Meeting held on"), required=False, widget=DateInput)
    meeting_place = NameField(label=_("Place"), required=False, max_length=120)
    chair_name = NameField(label=_("Chair"), required=False, max_length=120)
    minutes_by = NameField(label=_("Minutes by"), required=False, max_length=120)
    present = forms.TypedMultipleChoiceField(
        label=_("Heads of Pustu present"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    conclusion = LinesField(
        label=_("Conclusion and agreements"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Do not write names or NIK of patients."),
    )

    def __init__(
        self,
        *args: Any,
        review: WeeklyReview,
        choices: list[tuple[int, str]],
        today: dt.date,
        present: set[int] | None = None,
        part: str = "",
        proposed: ProposedMeeting | None = None,
        **kwargs: Any,
    ) -> None:
        head = proposed or review
        kwargs.setdefault(
            "initial",
            {
                "version": review.version,
                "meeting_on": head.meeting_on,
                "meeting_place": head.meeting_place,
                "chair_name": head.chair_name,
                "minutes_by": head.minutes_by,
                "conclusion": review.conclusion,
                "present": sorted((proposed.present if proposed else present) or ()),
            },
        )
        super().__init__(*args, **kwargs)
        self.review, self.today = review, today
        self.is_proposed = proposed is not None
        self.part = part if part in PARTS else ""
        for name, field in self.fields.items():
            if name not in {"version", "present", "meeting_on"}:
                field.widget.attrs["class"] = "field"
        if choices:
            self.fields["present"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["present"]
        for name in set(self.fields) - {"version", *PARTS.get(self.part, self.fields)}:
            del self.fields[name]

    def clean_meeting_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["meeting_on"]
        if day is not None and day < self.review.week.start:
            raise forms.ValidationError(
                _("The meeting cannot be before the week it evaluates began.")
            )
        if day is not None and day > self.today:
            raise forms.ValidationError(_("The meeting cannot lie in the future."))
        return day


class StepForm(forms.Form):
    """Approve and submit: only the version that was seen."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReasonForm(StepForm):
    """Return and reopen: a reason must be given."""

    reason = LinesField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "field"}),
        error_messages={"required": _("Write the reason, so that the others know what to do.")},
    )


class ReopenForm(ReasonForm):
    """Opening what was approved asks for one's own password once more: a computer left alone
    must not undo a signature. A wrong one counts as a failed sign-in."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "field", "autocomplete": "current-password"}),
        error_messages={"required": _("Write your password.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        password = values.pop("password", None)
        if self.errors or password is None:
            return values
        user = self.request.user
        found = authenticate(self.request, username=user.get_username(), password=password)
        if found is None or found.pk != user.pk:
            self.add_error("password", _("This is not your password."))
        return values
