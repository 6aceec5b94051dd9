"""Signing in: the password, and then the second step of whoever has one."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from facilities.models import User
from ilp.signin import passkeys
from ilp.signin.factors import takes_code
from ilp.signin.forms import SecondStepForm
from ilp.signin.guard import TooManyTries, Try

PENDING, ASKED = "second_step", "passkey_asked"
_PATIENCE = 10 * 60  # seconds from the password to the second step
_BACKEND = "ilp.signin.backend.Guarded"


class SignIn(LoginView):
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if not isinstance(user, User) or not user.second_factors.exists():
            return super().form_valid(form)
        # Nobody is signed in yet. A new key: whoever knew the cookie before must not gain by it.
        self.request.session.cycle_key()
        self.request.session[PENDING] = {
            "user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time()),
            "next": self.get_redirect_url(),
        }  # fmt: skip
        return redirect("second-step")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    user = _pending(request)
    if user is None:
        return redirect("login")
    form = SecondStepForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            attempt = Try(request, user.get_username())
        except TooManyTries as error:
            return render(request, "registration/locked.html", {"until": error.until}, status=429)
        if _is_right(request, user, form.cleaned_data):
            attempt.right()
            return _sign_in(request, user)
        attempt.wrong()
        form.add_error(None, _("That was not right. A code opens only once: wait for the next."))
    question = passkeys.ask(request, user)
    if question is not None:
        request.session[ASKED] = question[1]
    kinds = set(user.second_factors.values_list("kind", flat=True))
    context = {"form": form, "question": question[0] if question else "", "kinds": kinds}
    status = 422 if form.errors else 200
    return render(request, "registration/second_step.html", context, status=status)


def _is_right(request: HttpRequest, user: User, given: dict[str, Any]) -> bool:
    if given["credential"]:
        state = request.session.pop(ASKED, None)  # each question is answered once
        return state is not None and passkeys.takes_answer(
            request, user, state, given["credential"]
        )
    return takes_code(user, given["code"])


def _pending(request: HttpRequest) -> User | None:
    """Whose password was right a while ago, and is still the same."""
    pending = request.session.get(PENDING)
    if not pending or request.user.is_authenticated or time.time() - pending["at"] > _PATIENCE:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return user


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    target = request.session.pop(PENDING)["next"]
    request.session.pop(ASKED, None)
    login(request, user, _BACKEND)
    allowed = {request.get_host()}
    if not url_has_allowed_host_and_scheme(target, allowed, require_https=request.is_secure()):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(target)


@require_safe
def to_account(_request: HttpRequest) -> HttpResponse:
    """The admin's page for one's own password is ours."""
    return redirect("account")


@login_not_required
@require_safe
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's sign-in page is ours."""
    target = request.GET.get("next", "/admin/")
    return redirect(f"{resolve_url('login')}?{urlencode({'next': target})}")
