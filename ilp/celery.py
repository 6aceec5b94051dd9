"""The Celery application. PostgreSQL holds the truth; a message is only a nudge."""

from __future__ import annotations

import contextlib
import gc
import os
from typing import Any

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_ready,
)

from ilp.launch.life import tell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")

app = Celery("ilp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")


@worker_init.connect
def _load_before_fork(sender: Any, **_signal: Any) -> None:
    """Load what PDFs need once, then let the forked children share the memory."""
    from reports.printing import pdf

    tell("code loaded")
    if "reports" not in _queues_of(sender):
        return

    pdf.warm_up()
    tell("fonts loaded")
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def _start_the_press(**_signal: Any) -> None:
    """Each slot draws in a process of its own, ready before the first document comes."""
    if "reports" in set(app.amqp.queues.consume_from):
        from reports.printing.press import PRESS

        PRESS.start()


@worker_ready.connect
def _first_canary(sender: Any, **_signal: Any) -> None:
    """Do not wait for the clock: the worker shows at once that it finishes tasks."""
    tell("ready")
    queues = _queues_of(sender)
    if "default" in queues:
        _send_canary("worker", "default")
    if "mail" in queues:
        _send_canary("mailer", "mail")


@task_prerun.connect
def _takes_up(**_signal: Any) -> None:
    tell("begin")


@task_postrun.connect
def _has_finished(**_signal: Any) -> None:
    tell("end")


def _send_canary(name: str, queue: str) -> None:
    from kombu.exceptions import OperationalError

    from ilp.tasks import canary

    with contextlib.suppress(OperationalError):  # the clock sends the next one
        canary.apply_async(args=(name,), queue=queue, expires=20)


def _queues_of(worker: Any) -> set[str]:
    return set(worker.app.amqp.queues.consume_from)


@beat_init.connect
def _watch_the_clock(**_signal: Any) -> None:
    """In the clock's own process every published canary is its sign of life."""
    tell("ready")
    after_task_publish.connect(_clock_beats, sender="ilp.tasks.canary", weak=False)
    _send_canary("worker", "default")


def _clock_beats(**_signal: Any) -> None:
    from django.db import Error, close_old_connections, connection

    from ilp.models import Heartbeat

    try:
        close_old_connections()
        Heartbeat.objects.beat("beat")
    except Error:  # the clock must tick on without a database
        connection.close()  # nobody else would drop a dead one: the clock serves no requests
