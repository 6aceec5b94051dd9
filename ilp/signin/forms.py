"""Fields in which somebody shows who they are. None of them is stored as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import User
from facilities.text.form_fields import LineField


def password_field(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "field", "autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **options)


def new_password_field() -> forms.CharField:
    return password_field(gettext_lazy("New password"), "new-password")


def again_field() -> forms.CharField:
    return password_field(gettext_lazy("New password once more"), "new-password")


def code_field() -> forms.CharField:
    attrs = {
        "class": "field", "autocomplete": "one-time-code", "autocapitalize": "characters",
        "spellcheck": "false",
    }  # fmt: skip
    return forms.CharField(
        label=gettext_lazy("Code"), max_length=40, widget=forms.TextInput(attrs=attrs)
    )


class OwnPassword(forms.Form):
    """One's present password, asked for as at a sign-in: wrong ones count towards the same lock."""

    old = password_field(gettext_lazy("Present password"), "current-password")

    def __init__(self, data: Any = None, *, request: HttpRequest, user: User) -> None:
        super().__init__(data)
        self.request, self.user = request, user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=old) != self.user:
            raise ValidationError(_("This is not your password."))
        return old


class ChooseForm(forms.Form):
    """A new password by a link: no old one is known."""

    new = new_password_field()
    again = again_field()

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean(self) -> None:
        check_same(self)


def check_same(form: forms.Form) -> None:
    values = form.cleaned_data
    if "new" in values and "again" in values and values["new"] != values["again"]:
        form.add_error("again", _("The two new passwords differ."))


class ForgotForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"class": "field", "autocomplete": "username", "autocapitalize": "none"}
        ),
    )


class AppForm(OwnPassword):
    """Adding an app: its first code proves that it has the key."""

    code = code_field()


class PasskeyForm(OwnPassword):
    name = LineField(
        label=gettext_lazy("Name of the device"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )
    credential = forms.CharField(
        widget=forms.HiddenInput(),
        max_length=20_000,
        error_messages={"required": gettext_lazy("The device gave no passkey. Try once more.")},
    )


class SecondStepForm(forms.Form):
    """A code of the app, a recovery code, or the answer of a passkey."""

    code = code_field()
    credential = forms.CharField(widget=forms.HiddenInput(), max_length=20_000, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        if data is not None and data.get("credential"):
            self.fields["code"].required = False
