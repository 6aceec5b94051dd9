"""Decisions, steps, follow-ups, letters and answers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import LineField, LinesField, NameField
from reports.form_fields import DateInput
from reports.problems.forms.files import FilesField, FormWithFiles
from reports.problems.forms.plan import PlanForm
from reports.problems.priorities import suggest_due_on


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
    comment = LinesField(label=_("Comment"), required=False, max_length=500)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class VersionedForm(forms.Form):
    """A form on one problem; ``version`` is the problem's."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in {"version", "client_key"}:
                field.widget.attrs.setdefault("class", "field")


class StepForm(FormWithFiles, VersionedForm):
    """One step of the transition table: its words (evidence, reason or remark) and files."""

    action = forms.SlugField(max_length=20)
    note = LinesField(required=False, max_length=500)
    attachments = FilesField()


class FollowUpForm(VersionedForm, PlanForm):
    action = LineField(
        label=_("Follow-up"),
        max_length=500,
        error_messages={"required": _("Write what will be done.")},
    )
    client_key = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"id": "plan-key"})
    )

    field_order = ("version", "action", "owner_name", "owner_kind", "due_on", "client_key")

    def __init__(self, *args: Any, today: dt.date, priority: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.priority = today, priority
        self.fields["owner_kind"].help_text = _(
            "For somebody outside health a letter can be printed."
        )

    def clean_due_on(self) -> dt.date:
        return super().clean_due_on() or suggest_due_on(self.priority, self.today)


class FilesForm(FormWithFiles, VersionedForm):
    attachments = FilesField()


class EvidenceForm(FormWithFiles, VersionedForm):
    evidence = LinesField(
        label=_("What shows that it is done?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachments = FilesField()


class LetterForm(VersionedForm):
    letter_number = NameField(
        label=_("Letter number"),
        max_length=100,
        error_messages={"required": _("Give the number of the letter.")},
    )
    letter_on = forms.DateField(
        label=_("Date of the letter"),
        widget=DateInput,
        error_messages={"required": _("Give the date of the letter.")},
    )


class AnswerForm(FormWithFiles, VersionedForm):
    answer = LinesField(
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
