"""One person of the attendance list; one decision of the minutes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.text.form_fields import LineField, NameField


class PersonForm(forms.Form):
    name = NameField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write the name.")}
    )
    position = NameField(
        label=_("Position"),
        max_length=120,
        error_messages={"required": _("Write the position or office.")},
    )


class DecisionForm(forms.Form):
    text = LineField(
        label=_("Decision"),
        max_length=500,
        error_messages={"required": _("Write what was decided.")},
    )
    client_key = forms.UUIDField(required=False)


class ChangeDecisionForm(forms.Form):
    """``step``: new words, withdraw, or take the withdrawal back."""

    step = forms.ChoiceField(choices=[(name, name) for name in ("save", "withdraw", "restore")])
    text = LineField(max_length=500, required=False)
    # When what was seen had been saved, in microseconds: the version of the row.
    seen = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
