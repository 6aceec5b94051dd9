"""Starting, working, busy or stuck: what the launcher makes of a child's signs of life.

Nothing here looks at a clock for itself. A child is not stuck because it is slow: on a machine
with ten times its load everything takes ten times as long, and a restart would only add to it.
It is stuck when it *sleeps* where it should work, or burns much processor time without a word.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum

from ilp.launch.processor import Usage

EVERY_SECONDS = 5.0  # between two looks
# A loop that waits for messages needs up to one part in a hundred of a processor.
_ASLEEP = 0.02


class State(StrEnum):
    STARTING = "starting"
    WORKING = "working"
    BUSY = "busy"  # every slot has a task in hand: it cannot take another
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Limits:
    """Since the last word: seconds asleep, and CPU seconds used, before a child is stuck."""

    asleep: float
    cpu: float


def quiet_seconds() -> float:
    """How long a part may sleep without a sign of life (``PANTAU_QUIET_SECONDS``, default 90)."""
    return float(os.environ.get("PANTAU_QUIET_SECONDS", "90"))


def limits() -> dict[State, Limits]:
    quiet = quiet_seconds()
    return {
        State.STARTING: Limits(asleep=quiet, cpu=300),
        State.WORKING: Limits(asleep=quiet, cpu=300),
        # A task may wait for a mail server or a lock; statements and sockets have limits.
        State.BUSY: Limits(asleep=3 * quiet, cpu=900),
    }


@dataclass(slots=True)
class Signs:
    """Of one child since its start. ``slots`` is how many tasks it can do at a time."""

    slots: int = 1
    limits: dict[State, Limits] = field(default_factory=limits)
    is_ready: bool = False
    step: str = ""
    asleep: float = 0.0  # seconds since the last word in which nothing of it moved
    used: float = 0.0  # CPU seconds since the last word
    tasks: set[int] = field(default_factory=set)  # processes with a task in hand
    _at: float | None = None
    _cpu: float = 0.0

    def hear(self, pid: int, word: str) -> None:
        """A word of the child, or of a process it forked."""
        self.asleep = self.used = 0.0
        if word in {"ready", "beat"}:
            self.is_ready = True
        elif word == "begin":
            self.tasks.add(pid)
        elif word == "end":
            self.tasks.discard(pid)
        else:
            self.step = word

    def look(self, at: float, usage: Usage, *, can_help: bool = True) -> State:
        """What it is doing at the moment ``at`` (seconds of any clock). Time in which a restart
        could not help (no database, no broker) does not count."""
        self.tasks &= usage.pids  # a killed process says no «end»
        if self._at is not None:
            self._count(at - self._at, max(0.0, usage.seconds - self._cpu), usage, can_help)
        self._at, self._cpu = at, usage.seconds
        state = self._doing()
        limit = self.limits[state]
        is_stuck = self.asleep >= limit.asleep or self.used >= limit.cpu
        return State.STUCK if is_stuck else state

    def _count(self, seconds: float, cpu: float, usage: Usage, can_help: bool) -> None:
        if not can_help:
            self.asleep = self.used = 0.0
            return
        self.used += cpu
        if not usage.is_at_work and cpu < _ASLEEP * seconds:
            # Where the launcher itself seldom gets to look, a look counts once.
            self.asleep += min(seconds, 2 * EVERY_SECONDS)

    def _doing(self) -> State:
        if not self.is_ready:
            return State.STARTING
        return State.BUSY if len(self.tasks) >= self.slots else State.WORKING
