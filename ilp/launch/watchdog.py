"""Restarts what is alive but does nothing, and notes for ``/readyz`` what each part is doing.

After a stalled broker a worker may answer ping and consume no task for ever; only a task it
takes up proves that it works. It tells its launcher so itself (:mod:`ilp.launch.life`): a canary
behind two long tasks is no reason to end it, nor is a slow machine (:mod:`ilp.launch.signs`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ilp import env
from ilp.launch import valkey
from ilp.launch.parts import Part, note
from ilp.launch.process import Child
from ilp.launch.processor import usage
from ilp.launch.services import SLOTS
from ilp.launch.signs import EVERY_SECONDS, Signs, State, quiet_seconds
from ilp.launch.supervisor import Supervisor
from ilp.launch.words import _, say

STALE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class World:
    """What a part needs to do anything at all."""

    has_database: bool
    has_broker: bool
    has_clock: bool  # canaries are sent

    def can_be_blamed(self, name: str) -> bool:
        """Whether a restart of a silent part could help."""
        if name in SLOTS:
            return self.has_database and self.has_broker and self.has_clock
        return self.has_database and (self.has_broker or name != "beat")


def look_around() -> World:
    ages = heartbeat_ages()
    has_clock = (ages or {}).get("beat", float("inf")) < STALE_SECONDS
    return World(ages is not None, valkey.answers(env.redis_url()), has_clock)


class Watchdog:
    """Called every second; looks every five. ``names`` are the parts to watch; ``data`` is where
    their state is noted."""

    def __init__(
        self,
        supervisor: Supervisor,
        names: tuple[str, ...],
        data: Path,
        world: Callable[[], World] = look_around,
    ) -> None:
        self._supervisor = supervisor
        self._names = names
        self._data = data
        self._world = world
        self._signs: dict[int, Signs] = {}  # by pid: a new process starts anew
        self._next_look = 0.0
        self._every = min(EVERY_SECONDS, quiet_seconds() / 3)

    def __call__(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self.look()
        self._next_look = time.monotonic() + self._every

    def look(self) -> None:
        """One look at every part."""
        world: World | None = None
        for name in self._names:
            child = self._supervisor.child(name)
            if child is None or self._supervisor.is_waiting(name):
                continue
            if not child.running():
                continue
            signs = self._signs.setdefault(child.pid, Signs(slots=SLOTS.get(name, 1)))
            for word in child.words():
                signs.hear(*word)
            if signs.is_ready and child.ready_at is None:
                child.ready_at = time.monotonic()
            world = world or self._world()
            can_help = world.can_be_blamed(name)
            state = signs.look(time.monotonic(), usage(child.pid), can_help=can_help)
            self._note(name, child, signs, state)
            if state is State.STUCK:
                self._end(name, child, signs)

    def _end(self, name: str, child: Child, signs: Signs) -> None:
        del self._signs[child.pid]
        pause = self._supervisor.restart(name)
        reason = (
            _("{name} does no work (asleep for {asleep:.0f} s, {used:.0f} s of processor since its "
              "last sign of life, last step: {step}); starting it again in {pause:.0f} s")
        )  # fmt: skip
        say(
            reason.format(
                name=name, asleep=signs.asleep, used=signs.used, step=signs.step or "-", pause=pause
            )
        )

    def _note(self, name: str, child: Child, signs: Signs, state: State) -> None:
        now = time.time()
        since = now - (time.monotonic() - child.started_at)
        restarts = self._supervisor.restarts(name)
        note(self._data, name, Part(str(state), since, restarts, signs.step, now))


def heartbeat_ages() -> dict[str, float] | None:
    """Seconds since each part was last heard of; None when the database does not answer."""
    query = "SELECT name, extract(epoch FROM clock_timestamp() - at)::float8 FROM ilp_heartbeat"
    try:
        with psycopg.connect(
            env.database_url(), connect_timeout=3, options="-c statement_timeout=3s"
        ) as connection:
            return dict(connection.execute(query).fetchall())
    except psycopg.Error:
        return None
