"""Answers to escalations, suggestions taken over or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import LineField, LinesField, NameField
from reports.form_fields import DateInput


class AnswerForm(forms.Form):
    """What the level that was asked decides."""

    answer = LinesField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "field"}),
        error_messages={"required": _("Write what is decided, so that they can act on it.")},
    )


class AcceptForm(forms.Form):
    """A suggestion taken over as a problem; everything is filled in already."""

    title = LineField(label=_("Problem"), max_length=200)
    owner_name = NameField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    due_on = forms.DateField(label=_("Due date"), widget=DateInput)
    action = LineField(label=_("Follow-up"), required=False, max_length=500)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"


class DismissForm(forms.Form):
    """Why a suggestion is not taken over."""

    reason = LineField(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "field"}),
        error_messages={"required": _("Write the reason.")},
    )
