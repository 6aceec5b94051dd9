"""Who the pages are for, in which language, and what is no address at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from facilities.models.user import Role

# Needed by everybody, whatever the role.
OPEN_TO_ALL = {"login", "logout", "language", "healthz", "readyz"}


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
