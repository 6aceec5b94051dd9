"""Restarts what is alive but does nothing.

After a stalled broker a worker may answer ping and consume no task for ever; only a
finished canary task proves that it works. The same holds for the clock (its last
published canary) and the reconciler (its last round).
"""

from __future__ import annotations

import time

import psycopg

from ilp import env
from ilp.launch import valkey
from ilp.launch.supervisor import Supervisor
from ilp.launch.words import _, say

STALE_SECONDS = 90.0
_EVERY_SECONDS = 5.0
# Only these are known to beat in every run.
_ALWAYS_BEATS = {"worker", "mailer", "beat"}


class Watchdog:
    """Called every second; looks every five."""

    def __init__(self, supervisor: Supervisor, names: tuple[str, ...]) -> None:
        self._supervisor = supervisor
        self._names = names
        self._next_look = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _EVERY_SECONDS
        ages = heartbeat_ages()
        if ages is None:  # without a database nothing can be said about anybody
            return
        for name in self._names:
            if self._is_stuck(name, ages):
                say(_("{name} does no work; starting it again").format(name=name))
                self._supervisor.restart(name)

    def _is_stuck(self, name: str, ages: dict[str, float]) -> bool:
        child = self._supervisor.child(name)
        if child is None or not child.running() or child.seconds_up < STALE_SECONDS:
            return False
        age = ages.get(name, float("inf"))
        if age < STALE_SECONDS:
            return False
        if name in _ALWAYS_BEATS:
            return self._could_work(name, ages)
        return age < child.seconds_up  # it has beaten in this run, then fell silent

    def _could_work(self, name: str, ages: dict[str, float]) -> bool:
        """Not the fault of a missing broker, nor of a clock that sends no canary."""
        if not valkey.answers(env.redis_url()):
            return False
        return name == "beat" or ages.get("beat", float("inf")) < STALE_SECONDS


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
