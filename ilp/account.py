"""One's own account: who one is here, and one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from facilities.actions.passwords import set_own_password
from facilities.models import User
from ilp.signin.forms import OwnPassword, again_field, check_same, new_password_field


class OwnPasswordForm(OwnPassword):
    new = new_password_field()
    again = again_field()

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        if new == self.cleaned_data.get("old"):
            raise ValidationError(_("Choose one that you have not now."))
        return new

    def clean(self) -> None:
        check_same(self)


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
