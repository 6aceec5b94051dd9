"""What the site answers when the machine under it fails: database away, disk full, history closed.

One sentence in the reader's words, never a line of the database, and an id that stands in the
log beside the real error. Nothing here asks the database for anything.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

_SOON, _LATER = 10, 60  # seconds after which another try makes sense
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DISK_FULL, _DISK_BROKEN = {"53100"}, {"58030"}
# Away, starting, shutting down, too many connections.
_AWAY = ("08", "57P", "53")
_BUSY = {"57014", "55P03", "40P01", "40001", "25P03", "25P04"}
_REFUSED = {"42501", "25006"}  # also what PostgreSQL says of a file on a read-only disk
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outage:
    """One kind of failure: HTTP status, a word for machines, the sentence, seconds to wait."""

    status: int
    kind: str
    sentence: str
    retry_after: int


def outage_of(error: BaseException | None) -> Outage | None:
    """The failure of the machine behind an error; None when it is a fault of the program."""
    while error is not None:
        found = _of_database(error) if isinstance(error, DatabaseError | InterfaceError) else None
        found = found or (_of_disk(error.errno) if isinstance(error, OSError) else None)
        if found:
            return found
        error = error.__cause__ or error.__context__
    return None


def _of_database(error: Exception) -> Outage | None:
    state = getattr(error.__cause__, "sqlstate", None) or ""
    if state in _DISK_FULL:
        return _full()
    if state in _DISK_BROKEN:
        return _broken()
    if state in _BUSY:
        sentence = _("The site is very busy. Nothing was saved. Please try again in a moment.")
        return Outage(503, "busy", sentence, _SOON)
    if state in _REFUSED:
        return _read_only() if _is_read_only() else _no_history()
    if not state and isinstance(error, OperationalError | InterfaceError):
        return _away()
    return _away() if state.startswith(_AWAY) else None


def _of_disk(number: int | None) -> Outage | None:
    if number in _FULL:
        return _full()
    if number == errno.EROFS:
        return _read_only()
    return _broken() if number == errno.EIO else None


def _is_read_only() -> bool:
    try:
        return bool(os.statvfs(settings.DATA_DIR).f_flag & os.ST_RDONLY)
    except OSError:
        return True


def _away() -> Outage:
    sentence = _("The database does not answer just now. Please try again in a moment.")
    return Outage(503, "database_away", sentence, _SOON)


def _full() -> Outage:
    sentence = _(
        "The disk of the site is full, so nothing was saved. Please tell the administrator."
    )
    return Outage(507, "disk_full", sentence, _LATER)


def _read_only() -> Outage:
    sentence = _(
        "The disk of the site cannot be written, so nothing was saved. "
        "Please tell the administrator."
    )
    return Outage(503, "disk_read_only", sentence, _LATER)


def _broken() -> Outage:
    sentence = _("The disk of the site does not work. Please tell the administrator.")
    return Outage(503, "disk_broken", sentence, _LATER)


def _no_history() -> Outage:
    sentence = _(
        "Nothing was saved, because the history of the change could not be written. "
        "Please tell the administrator."
    )
    return Outage(503, "history_refused", sentence, _LATER)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for whatever nobody caught: views, middleware and API alike."""
    found = outage_of(sys.exc_info()[1])
    if found is None:
        if request.path.startswith("/api/"):
            return _problem(500, "error", _("Something went wrong on our side."))
        return HttpResponseServerError(render_to_string("500.html"))
    name = uuid.uuid4().hex[:12]
    _log.error("outage: %s request %s: %s %s", found.kind, name, request.method, request.path)
    response = _answer(request, found, name)
    response.headers["Retry-After"] = str(found.retry_after)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Request-Id"] = name
    return response


def _answer(request: HttpRequest, found: Outage, name: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _problem(found.status, found.kind, found.sentence, instance=f"urn:request:{name}")
    if request.headers.get("HX-Request"):  # for one place of a page that stays as it is
        return HttpResponse(f"{found.sentence} ({name})", status=found.status)
    path = request.path if request.method == "GET" else ""
    context = {"sentence": found.sentence, "name": name, "path": path}
    return HttpResponse(render_to_string("outage.html", context), status=found.status)


def _problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    from ilp.api.problems import MEDIA_TYPE, problem  # a command may fail before the API can load

    body = problem(status, code, detail) | more
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def said_plainly(error: Exception) -> str:
    """For a command at a terminal: the sentence; empty when the error is a fault of the program."""
    found = outage_of(error)
    return found.sentence if found else ""
