"""Pages of signing in that stand before every other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ilp.middleware import OPEN_TO_ALL
from ilp.signin.permissions import must_have_second_factor

_ON_THE_WAY = {"account", "service-worker", "factors", "factor-app", "factor-passkey"}


class SecondFactorFirst:
    """Administrators and Dinkes add a second step before any page opens (OwnPasswordFirst comes
    before). With a token there is no page, and no password was used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or user.second_factor_at is not None or match is None:
            return None
        if match.url_name in OPEN_TO_ALL | _ON_THE_WAY or not must_have_second_factor(user):
            return None
        if request.path.startswith("/api/") and request.headers.get("Authorization"):
            return None
        return redirect("factors")


class WaitAfterTooManyTries:
    """Wherever a check was refused unseen, the page says until when, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        until = getattr(request, "refused_until", None)
        if until is None:
            return response
        return render(request, "registration/locked.html", {"until": until}, status=429)
