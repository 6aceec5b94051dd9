"""The canary: a worker that answers ping but consumes nothing is dead all the same. And what the
clock starts to keep the data."""

from __future__ import annotations

from celery import shared_task

from ilp.keeping.chain import seal_days
from ilp.models import Heartbeat

WORKER = "worker"


@shared_task
def canary(name: str = WORKER) -> None:
    """Write that a worker has just finished a task."""
    Heartbeat.objects.beat(name)


# Over millions of rows of history, once a day: longer than any other task may take.
@shared_task(time_limit=3600, soft_time_limit=3500)
def seal_history() -> None:
    """Seal the days of history that have settled."""
    seal_days()
