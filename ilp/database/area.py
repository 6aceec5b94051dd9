"""For which area the running code works: everything, nothing yet, or the paths of a person.

Commands, tasks and the clock work for everything. A request begins with nothing; as soon as it is
known who asks, and where that person's posts are, it works for these places.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

EVERYTHING, NOTHING = "*", ""
# What runs outside a request works for; in a process that only answers requests: for nothing.
_outside = {"area": EVERYTHING}
_request: ContextVar[HttpRequest | None] = ContextVar("pantau_request", default=None)


def wanted() -> str:
    """As PostgreSQL is told: ``*``, empty, or ltree paths with commas between. Asks nothing of
    the database: what the request has not found out yet counts as nothing."""
    request = _request.get()
    return _outside["area"] if request is None else _area_of(request.__dict__.get("user"))


def _area_of(user: Any) -> str:
    if isinstance(user, LazyObject):
        user = user.__dict__.get("_wrapped", empty)
    if user is None or user is empty or not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    if "_postings_today" not in user.__dict__:
        return NOTHING
    postings = user.current_postings
    if any(role == "admin" and path is None for role, path in postings):
        return EVERYTHING
    return ",".join(sorted({path for _role, path in postings if path}))


def only_serve_requests() -> None:
    """Called by web processes: nothing they do between requests needs to see anybody."""
    _outside["area"] = NOTHING


class AreaOfRequest:
    """The first of all: until it is known who asks, a request sees no row that names people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)
