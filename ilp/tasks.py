"""The canary: a worker that answers ping but consumes nothing is dead all the same."""

from __future__ import annotations

from celery import shared_task

from ilp.models import Heartbeat
from ilp.signin.guard import forget_old_tries
from ilp.signin.telling import tell_owners

WORKER = "worker"


@shared_task
def canary(name: str = WORKER) -> None:
    """Write that a worker has just finished a task."""
    Heartbeat.objects.beat(name)


@shared_task
def tell_account_owners() -> None:
    """What happened to accounts since the last time; see ilp.signin.telling."""
    tell_owners()


@shared_task
def forget_tries() -> None:
    forget_old_tries()
