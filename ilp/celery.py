"""The Celery application. PostgreSQL holds the truth; a message is only a nudge."""

from __future__ import annotations

import contextlib
import gc
import os
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")

app = Celery("ilp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="periodic")


@worker_init.connect
def _load_before_fork(**_signal: Any) -> None:
    """Load what PDFs need once, then let the forked children share the memory."""
    from reports import pdf

    pdf.warm_up()
    gc.collect()
    gc.freeze()


@worker_ready.connect
def _first_canary(**_signal: Any) -> None:
    """Do not wait for the clock: the worker shows at once that it finishes tasks."""
    from kombu.exceptions import OperationalError

    from ilp.tasks import canary

    with contextlib.suppress(OperationalError):  # the clock sends the next one
        canary.apply_async(expires=20)


@beat_init.connect
def _watch_the_clock(**_signal: Any) -> None:
    """In the clock's own process every published canary is its sign of life."""
    after_task_publish.connect(_clock_beats, sender="ilp.tasks.canary", weak=False)
    _first_canary()


def _clock_beats(**_signal: Any) -> None:
    from django.db import DatabaseError

    from ilp.models import Heartbeat

    try:
        Heartbeat.objects.beat("beat")
    except DatabaseError:  # the clock must tick on without a database
        return
