"""Reading and writing without a signal: the service worker, and whose device it is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET

HEADER = "Pantau-User"
TIME_HEADER = "Pantau-Now"


class SamePerson:
    """Tells the device who is signed in (``Pantau-User``, an id) and what time it is
    (``Pantau-Now``, milliseconds since 1970), and refuses what it sends for somebody else.

    The page of one person may stay open in a window while another signs in beside it: entries
    typed by the first must never be saved in the name of the second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meant = request.headers.get(HEADER)
        if meant is not None and request.user.is_authenticated and meant != str(request.user.pk):
            return HttpResponse(_("Session ended. Sign in again."), status=401)
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        # Probes bring no cookie and must not need the database for this.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_page and has_session and request.user.is_authenticated:
            response.headers[HEADER] = str(request.user.pk)
            response.headers[TIME_HEADER] = str(int(time.time() * 1000))
        return response


@login_not_required
@require_GET
@csp_override({"default-src": [CSP.NONE], "connect-src": [CSP.SELF], "script-src": [CSP.SELF]})
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The worker's script, from the root so that it covers every page.

    The page it shows without a signal is part of it: there is nothing to fetch when it is needed.
    """
    values = {
        "page": render_to_string("offline/page.html"),
        "policy": build_policy(cast("Mapping[str, list[str]]", settings.SECURE_CSP)),
        "static": settings.STATIC_URL,
        "patience": settings.OFFLINE_PATIENCE_MS,
        "logout": reverse("logout"),
    }
    # As a string of JSON: the script is valid JavaScript before it is filled in, too.
    script = render_to_string("offline/worker.js", {"config": json.dumps(values)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-store"
    return response
