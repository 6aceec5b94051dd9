"""The one place where a password is compared."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from facilities.models import User
from ilp.signin.guard import TooManyTries, Try


class Guarded(ModelBackend):
    """Counts before it compares. Sign-in, the current-password field and whatever else calls
    ``authenticate`` come through here; no further backend is asked after a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None,
        password: str | None = None, **_more: Any,
    ) -> User:  # fmt: skip
        if username is None or password is None:
            raise PermissionDenied
        try:
            attempt = Try(request, username)
        except TooManyTries as error:
            raise PermissionDenied from error
        user = super().authenticate(request, username=username, password=password)
        if user is None:
            attempt.wrong()
            raise PermissionDenied
        attempt.right()
        return user
