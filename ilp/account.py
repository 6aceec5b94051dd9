"""One's own account: who one is here, and one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from facilities.actions.passwords import set_own_password
from facilities.models import User


def _field(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "field", "autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **options)


class OwnPasswordForm(forms.Form):
    """The old password is asked for as at a sign-in: wrong ones count towards the same lock."""

    old = _field(gettext_lazy("Present password"), "current-password")
    new = _field(gettext_lazy("New password"), "new-password")
    again = _field(gettext_lazy("New password once more"), "new-password")

    def __init__(self, data: Any = None, *, request: HttpRequest, user: User) -> None:
        super().__init__(data)
        self.request, self.user = request, user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=old) != self.user:
            raise ValidationError(_("This is not your password."))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        if new == self.cleaned_data.get("old"):
            raise ValidationError(_("Choose one that you have not now."))
        return new

    def clean(self) -> None:
        values = self.cleaned_data
        if "new" in values and "again" in values and values["new"] != values["again"]:
            self.add_error("again", _("The two new passwords differ."))


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own page; nobody has another's."""
    user = request.user
    if not isinstance(user, User):  # SignInRequired lets nobody come so far
        raise PermissionDenied
    form = OwnPasswordForm(
        request.POST if request.method == "POST" else None, request=request, user=user
    )
    if request.method == "POST" and form.is_valid():
        set_own_password(user, form.cleaned_data["new"])
        update_session_auth_hash(request, user)
        messages.success(
            request, _("Your password is changed. On every other device you are signed out.")
        )
        return redirect("account")
    return render(
        request,
        "account/account.html",
        {
            "form": form,
            "postings": user.postings.current().select_related("facility"),
        },
        status=422 if form.errors else 200,
    )
