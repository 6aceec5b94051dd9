"""The canary: a worker that answers ping but consumes nothing is dead all the same."""

from __future__ import annotations

from celery import shared_task

from ilp.models import Heartbeat

WORKER = "worker"


@shared_task
def canary(name: str = WORKER) -> None:
    """Write that a worker has just finished a task."""
    Heartbeat.objects.beat(name)
