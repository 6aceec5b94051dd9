"""What an action refuses, as ordinary exceptions with the sentence a reader will see."""

from __future__ import annotations

from typing import Any


class ActionRefused(Exception):
    """Base: nothing was saved; ``str(error)`` explains it to the reader."""


class StaleVersion(ActionRefused):
    """Somebody saved the same row in between. ``current`` is the row as it stands now."""

    def __init__(self, message: str, current: Any = None) -> None:
        super().__init__(message)
        self.current = current


class InvalidInput(ActionRefused):
    """Values that cannot be taken, by field name."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class IllegalTransition(ActionRefused):
    """The status as it is does not allow this step."""
