"""Health probe of one service, for containers: exit 0 when it does its work."""

from __future__ import annotations

from ilp.launch.site import answers
from ilp.launch.watchdog import STALE_SECONDS, heartbeat_ages


def probe(name: str, host: str, port: int) -> int:
    """The web answers; any other service has been heard of in the last 90 seconds."""
    if name == "web":
        return 0 if answers(host, port) else 1
    ages = heartbeat_ages() or {}
    return 0 if ages.get(name, float("inf")) < STALE_SECONDS else 1
