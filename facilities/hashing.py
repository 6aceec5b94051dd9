"""Argon2 with a ceiling on memory."""

from __future__ import annotations

import threading
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

# Each check takes 100 MiB for a moment. A web process with its threads would take 600.
AT_ONCE = 2
_turn = threading.BoundedSemaphore(AT_ONCE)


class BoundedArgon2(Argon2PasswordHasher):
    """Django's own parameters, so that an unknown name costs what a known one costs; but at most
    ``AT_ONCE`` at the same time in a process, the others wait their turn."""

    def encode(self, password: str, salt: str) -> str:
        with _turn:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn:
            found: Any = super().verify(password, encoded)
            return bool(found)
