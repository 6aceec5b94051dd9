"""Choosing a new password by a link."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from facilities.models import AccountEvent
from facilities.models.signin import AccountEventKind
from ilp.signin import guard
from ilp.signin.forms import ChooseForm, ForgotForm
from ilp.signin.links import DeadLink, owner_of, use_link


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgot(request: HttpRequest) -> HttpResponse:
    """Where mails go out, a link is sent; the answer is the same for a name that nobody bears."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "has_mail": settings.MAIL_IS_SET, "is_sent": False}
    if request.method == "POST" and settings.MAIL_IS_SET and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            guard.of_address(request, "forgot").take()
            guard.of_asking(name).take()
        except guard.TooManyTries as error:
            return render(request, "registration/locked.html", {"until": error.until}, status=429)
        AccountEvent.objects.create(name=name, kind=AccountEventKind.LINK_ASKED)
        context["is_sent"] = True
    status = 422 if form.errors else 200
    return render(request, "registration/forgot.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password_choose(request: HttpRequest, token: str) -> HttpResponse:
    try:
        user = owner_of(token)
        form = ChooseForm(request.POST if request.method == "POST" else None, user=user)
        if request.method == "POST" and form.is_valid():
            use_link(token=token, password=form.cleaned_data["new"])
            messages.success(request, _("Your password is changed. Sign in with it now."))
            return redirect("login")
    except DeadLink:
        return _dead(request)
    context = {"form": form, "username": user.get_username()}
    status = 422 if form.errors else 200
    return render(request, "registration/choose.html", context, status=status)


def _dead(request: HttpRequest) -> HttpResponse:
    """Guessing links is counted like guessing passwords, by address."""
    try:
        guard.of_address(request).take()
    except guard.TooManyTries as error:
        return render(request, "registration/locked.html", {"until": error.until}, status=429)
    return render(request, "registration/dead_link.html", status=404)
