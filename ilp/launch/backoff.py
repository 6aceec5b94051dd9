"""How long to wait before a part is started again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

FIRST, LONGEST = 0.5, 600.0  # seconds
_STEADY = 60.0  # of useful life, after which an end counts as the first again
_SECOND_OPINION = 5.0  # the least pause after the watchdog ended a part


class End(Enum):
    CRASHED = auto()  # ended by itself
    KILLED = auto()  # by somebody's signal, in the middle of its work
    STUCK = auto()  # by the watchdog


def _jitter() -> float:
    return random.uniform(0.8, 1.2)  # noqa: S311 - parts must not start in step, no secret


@dataclass(slots=True)
class BackOff:
    """Of one part: each restart that did not help doubles the pause, up to ten minutes."""

    jitter: Callable[[], float] = field(default=_jitter)
    _pause: float = 0.0

    def pause(self, end: End, useful_seconds: float) -> float:
        """Seconds to wait; ``useful_seconds`` is how long the part had been at work."""
        if end is End.KILLED and useful_seconds > 0:
            return FIRST  # it was well: its work must go on
        if useful_seconds > (LONGEST if end is End.STUCK else _STEADY):
            self._pause = 0.0
        self._pause = min(LONGEST, max(FIRST, self._pause * 2))
        if end is End.STUCK:
            self._pause = max(self._pause, _SECOND_OPINION)
        return min(LONGEST, self._pause * self.jitter())
