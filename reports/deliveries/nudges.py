"""Nudging a worker. A message may be lost, late or doubled; nothing depends on it.

A page must not wait for a hung broker: every send has its own connection with short time-outs,
and after a failure this process stays silent for a while. The reconciler sends what is missing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.db.models import QuerySet
from kombu import Connection

_SHORT = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
_SILENCE_SECONDS = 15.0
_MOST_MESSAGES = 200
_log = logging.getLogger(__name__)
_silent_until = 0.0


def send(task: str, row_ids: Iterable[int]) -> int:
    """Send a message of ``task`` for each row; how many the broker took. Never raises."""
    global _silent_until  # noqa: PLW0603 - one circuit breaker per process
    if time.monotonic() < _silent_until:
        return 0
    sent = 0
    try:
        with _connection() as connection:
            for row_id in row_ids:
                current_app.send_task(task, args=[row_id], connection=connection, retry=False)
                sent += 1
    except Exception as error:  # noqa: BLE001 - whatever a client library raises, the row remains
        _silent_until = time.monotonic() + _SILENCE_SECONDS
        _log.warning("broker_away: %s", error)
    return sent


def send_missing(task: str, queue: str, pending: QuerySet[Any]) -> int:
    """Messages for what is pending but not in the broker's queue, which a long queue does not
    double; how many the broker took."""
    count = pending.count()
    in_queue = waiting(queue) if count else None
    if in_queue is None:
        return 0
    missing = min(count - in_queue, _MOST_MESSAGES)
    return send(task, pending.values_list("pk", flat=True)[:missing]) if missing > 0 else 0


def waiting(queue: str) -> int | None:
    """Messages in a queue; None when the broker does not answer."""
    try:
        with _connection() as connection:
            channel: Any = connection.default_channel  # kombu types leave the method out
            try:
                answer = channel.queue_declare(queue, passive=True)
            except connection.channel_errors:  # no such queue: empty, or flushed
                return 0
            return int(answer.message_count)
    except Exception as error:  # noqa: BLE001 - as above
        _log.warning("broker_away: %s", error)
        return None


def _connection() -> Connection:
    return current_app.connection(transport_options=_SHORT, connect_timeout=1)
