"""One's own second factors. Every change asks for the password."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from facilities.models import SecondFactor, User
from ilp.signin import factors, passkeys
from ilp.signin.forms import AppForm, OwnPassword, PasskeyForm
from ilp.signin.permissions import must_have_second_factor
from ilp.signin.vault import seal, unseal

_NEW_APP, _NEW_PASSKEY = "new_app", "new_passkey"


def owner(request: HttpRequest) -> User:
    if not isinstance(request.user, User):  # SignInRequired lets nobody come so far
        raise PermissionDenied
    return request.user


@require_GET
def factor_list(request: HttpRequest) -> HttpResponse:
    user = owner(request)
    context = {
        "factors": user.second_factors.all(),
        "codes_left": user.recovery_codes.filter(used_at=None).count(),
        "must": must_have_second_factor(user),
        "passkeys_possible": passkeys.are_possible(request),
    }
    return render(request, "account/factor_list.html", context)


@never_cache
@sensitive_post_parameters("old", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def factor_app(request: HttpRequest) -> HttpResponse:
    """A code from an app: the key is shown, the first code proves that the app has it."""
    user = owner(request)
    data = request.POST if request.method == "POST" else None
    form = AppForm(data, request=request, user=user)
    key = unseal(request.session.get(_NEW_APP, "")) or factors.new_app_key()
    request.session[_NEW_APP] = seal(key)
    if data is not None and form.is_valid():
        step = factors.step_of(key, form.cleaned_data["code"], 0)
        if step is not None:
            del request.session[_NEW_APP]
            return _done(request, user, factors.add_app(user=user, key=key, step=step))
        form.add_error("code", _("This is not the code that the app shows now."))
    picture = segno.make(factors.app_address(user, key)).svg_data_uri(scale=5, border=3)
    groups = [key[at : at + 4] for at in range(0, len(key), 4)]
    context = {"form": form, "picture": picture, "key_groups": groups}
    status = 422 if form.errors else 200
    return render(request, "account/factor_app.html", context, status=status)


@never_cache
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def factor_passkey(request: HttpRequest) -> HttpResponse:
    user = owner(request)
    if not passkeys.are_possible(request):
        raise PermissionDenied(_("Passkeys need an address with a name and HTTPS."))
    data = request.POST if request.method == "POST" else None
    form = PasskeyForm(data, request=request, user=user)
    if data is not None and form.is_valid():
        try:
            state = request.session.pop(_NEW_PASSKEY, None)
            made = passkeys.new_passkey(request, state, form.cleaned_data["credential"])
        except passkeys.BadPasskey:
            form.add_error(None, _("The device gave no passkey. Try once more."))
        else:
            name = form.cleaned_data["name"]
            return _done(request, user, factors.add_passkey(user=user, name=name, passkey=made))
    question, request.session[_NEW_PASSKEY] = passkeys.ask_for_new(request, user)
    context = {"form": form, "question": question}
    status = 422 if form.errors else 200
    return render(request, "account/factor_passkey.html", context, status=status)


@never_cache
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = owner(request)
    factor = get_object_or_404(SecondFactor, pk=pk, user=user)
    is_last = user.second_factors.count() == 1
    if is_last and must_have_second_factor(user):
        raise PermissionDenied(_("You need one second step. Add another one first."))
    form = password_form(request, user)
    if form.is_bound and form.is_valid():
        factors.remove_factor(user=user, factor=factor)
        messages.success(request, _("The second step is removed."))
        return _done(request, user, [])
    context = {"form": form, "factor": factor, "is_last": is_last}
    status = 422 if form.errors else 200
    return render(request, "account/factor_remove.html", context, status=status)


@never_cache
@sensitive_post_parameters("old")
@require_http_methods(["GET", "HEAD", "POST"])
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are dead."""
    user = owner(request)
    if user.second_factor_at is None:
        raise PermissionDenied(_("Recovery codes belong to a second step. Add one first."))
    form = password_form(request, user)
    if form.is_bound and form.is_valid():
        return _show_codes(request, factors.renew_codes(user))
    return render(
        request, "account/factor_codes_new.html", {"form": form}, status=422 if form.errors else 200
    )


def password_form(request: HttpRequest, user: User) -> OwnPassword:
    data: Any = request.POST if request.method == "POST" else None
    return OwnPassword(data, request=request, user=user)


def _done(request: HttpRequest, user: User, codes: list[str]) -> HttpResponse:
    """Other devices are signed out; this one stays. Codes are shown once, by no later page."""
    update_session_auth_hash(request, user)
    return _show_codes(request, codes) if codes else redirect("factors")


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "account/factor_codes.html", {"codes": codes})
