"""Decisions, steps, follow-ups, letters and answers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.forms.files import FilesField
from reports.forms.meeting import DateInput
from reports.models.problem import OwnerKind
from reports.priorities import suggest_due_on


class DecideForm(forms.Form):
    """The meeting's answer; with «done» the comment is the evidence."""

    decision = forms.ChoiceField(
        label=_("Result of the follow-up"),
        choices=[
            ("done", _("Done")),
            ("continue", _("Continues")),
            ("escalate", _("Escalate to Dinkes")),
        ],
        error_messages={"required": _("Choose one of the three.")},
    )
    comment = forms.CharField(label=_("Comment"), required=False, max_length=500)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class VersionedForm(forms.Form):
    """A form on one problem; ``version`` is the problem's."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in {"version", "client_key"}:
                field.widget.attrs.setdefault("class", "field")


class StepForm(VersionedForm):
    """One step of the transition table: its words (evidence, reason or remark) and files."""

    action = forms.CharField(max_length=20)
    note = forms.CharField(required=False, max_length=500)
    attachments = FilesField()


class FollowUpForm(VersionedForm):
    action = forms.CharField(
        label=_("Follow-up"),
        max_length=500,
        error_messages={"required": _("Write what will be done.")},
    )
    owner_name = forms.CharField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    owner_kind = forms.ChoiceField(
        label=_("Person in charge belongs to"),
        required=False,
        choices=OwnerKind,
        help_text=_("For somebody outside health a letter can be printed."),
    )
    due_on = forms.DateField(
        label=_("Due date"), widget=DateInput, required=False, help_text=_("Empty: by priority.")
    )
    client_key = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"id": "plan-key"})
    )

    def __init__(self, *args: Any, today: dt.date, priority: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.priority = today, priority

    def clean_owner_kind(self) -> str:
        return self.cleaned_data["owner_kind"] or str(OwnerKind.HEALTH)

    def clean_due_on(self) -> dt.date:
        day: dt.date | None = self.cleaned_data["due_on"]
        if day is None:
            return suggest_due_on(self.priority, self.today)
        if day < self.today:
            raise forms.ValidationError(_("The due date is already past."))
        return day


class FilesForm(VersionedForm):
    attachments = FilesField()


class EvidenceForm(VersionedForm):
    evidence = forms.CharField(
        label=_("What shows that it is done?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachments = FilesField()


class LetterForm(VersionedForm):
    letter_number = forms.CharField(
        label=_("Letter number"),
        max_length=100,
        error_messages={"required": _("Give the number of the letter.")},
    )
    letter_on = forms.DateField(
        label=_("Date of the letter"),
        widget=DateInput,
        error_messages={"required": _("Give the date of the letter.")},
    )


class AnswerForm(VersionedForm):
    answer = forms.CharField(
        label=_("Their answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what they answered.")},
    )
    answered_on = forms.DateField(
        label=_("Answered on"),
        widget=DateInput,
        required=False,
        help_text=_("Empty: today."),
    )
    attachments = FilesField()
