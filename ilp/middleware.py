"""Who the pages are for, in which language, and what is no address at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models.user import Role
from reports.shapes.schema import SignedByNewerVersion

# Needed by everybody, whatever the role.
OPEN_TO_ALL = {
    "login", "second-step", "logout", "language", "healthz", "readyz", "verify", "verify-start",
    "password-forgot", "password-choose",
}  # fmt: skip


class PagesForPeople:
    """A provincial client is a machine: it reads the API and nothing else.

    Pages show names of staff and texts of meetings; the province gets figures only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        if not request.user.is_authenticated or match is None:
            return
        if match.url_name in OPEN_TO_ALL or request.path.startswith("/api/"):
            return
        roles = {role for role, _path in request.user.current_postings}
        if roles == {Role.PROVINCE} and not request.user.is_superuser:
            raise PermissionDenied(_("This account is for the API only."))


class OwnPasswordFirst:
    """Whoever still has a password that somebody else set chooses an own one before any page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if not request.user.is_authenticated or not request.user.must_set_password:
            return None
        if match is None or match.url_name in OPEN_TO_ALL | {"account", "service-worker"}:
            return None
        # With a token there is no page to choose it on, and no password was used.
        if request.path.startswith("/api/") and request.headers.get("Authorization"):
            return None
        return redirect("account")


class LocalTime:
    """Times are written, and days counted, as they are where the reader works; on a page of one
    facility or district as they are there (the pages say so themselves)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):  # ends what is chosen below with the request
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.user.is_authenticated and request.user.zone is not None:
            timezone.activate(request.user.zone)


class PapersOfNewerVersions:
    """After a step back to an older program, papers signed by the newer one stay: a page that
    needs one says so and leads to the stored PDFs, which ask for no reading of the sheet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, SignedByNewerVersion):
            return None
        kwargs = request.resolver_match.kwargs if request.resolver_match else {}
        context = {"error": error, "week": kwargs.get("week"), "code": kwargs.get("code")}
        # Not implemented: not the reader's fault, and no accident either.
        return render(request, "newer_version.html", context, status=501)


class RefusedInput:
    """Where a page has no field to say it at: an action refused what was written. Nothing was
    saved; the browser still has it one step back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, InvalidInput):
            return None
        return render(request, "refused.html", {"errors": error.errors.values()}, status=422)


class ChosenLanguage:
    """Indonesian, unless the reader chose otherwise.

    Not by Accept-Language: many office computers here speak English out of the box.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class NoNulBytes:
    """PostgreSQL cannot store a NUL, and no address here has one: refused before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The API checks its own parameters and answers by field.
        in_query = not request.path.startswith("/api/") and "%00" in request.META["QUERY_STRING"]
        if "\x00" in request.path or in_query:
            raise BadRequest("NUL byte in the address")
        return self.get_response(request)


class SessionLimits:
    """Ends a session that lay idle or began too long ago, and keeps its pages out of caches.

    An office computer is shared; the next person must not find the figures open, nor call them
    up again with the Back button. The moment of last use is written once a minute at most.
    """

    WRITTEN_EVERY = 60  # seconds

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Probes bring no cookie and must not need the database for it.
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie and SESSION_KEY in request.session:
            self._check(request, int(time.time()))
        response = self.get_response(request)
        if has_cookie and SESSION_KEY in request.session:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _check(self, request: HttpRequest, now: int) -> None:
        if not request.user.is_authenticated:
            # The account was deactivated: the session must not come back with it.
            request.session.flush()
            return
        began = request.session.get("began")
        seen = request.session.get("seen")
        if began is None or seen is None:
            request.session.update({"began": now, "seen": now})
        elif now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
            logout(request)
        elif now - seen >= self.WRITTEN_EVERY:
            request.session["seen"] = now


class SignInRequired(LoginRequiredMiddleware):
    """Sends people to the sign-in page, but tells a background request (htmx) with 401: after
    a redirect the sign-in page would look like a successful answer, and an entry would be lost.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(_("Session ended. Sign in again."), status=401)
        return super().handle_no_permission(request, view_func)
