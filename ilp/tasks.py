"""The canary: a worker that answers ping but consumes nothing is dead all the same. And what the
clock starts to keep the data."""

from __future__ import annotations

import logging

from celery import shared_task

from ilp.keeping.backup import BackupError
from ilp.keeping.chain import seal_days
from ilp.keeping.routine import back_up_when_due
from ilp.models import Heartbeat
from ilp.signin.guard import forget_old_tries
from ilp.signin.telling import tell_owners

WORKER = "worker"
_LOG = logging.getLogger(__name__)


@shared_task
def canary(name: str = WORKER) -> None:
    """Write that a worker has just finished a task."""
    Heartbeat.objects.beat(name)


# Over millions of rows of history, once a day: longer than any other task may take.
@shared_task(time_limit=3600, soft_time_limit=3500)
def seal_history() -> None:
    """Seal the days of history that have settled."""
    seal_days()


@shared_task(time_limit=4 * 3600, soft_time_limit=4 * 3600 - 60)
def make_backup() -> None:
    """The daily backup, when it is due. A failure stands in the log; ``/readyz`` complains."""
    try:
        made = back_up_when_due()
    except BackupError:
        _LOG.exception("no backup was made")
        return
    if made is not None:
        _LOG.info("backup %s: %d bytes in %.1f s", made.path, made.size, made.seconds)


@shared_task
def tell_account_owners() -> None:
    """What happened to accounts since the last time; see ilp.signin.telling."""
    tell_owners()


@shared_task
def forget_tries() -> None:
    forget_old_tries()
