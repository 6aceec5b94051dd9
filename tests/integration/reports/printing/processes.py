"""The product's own worker and reconciler as processes on the test's database and broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from ilp.env import BASE_DIR

WORKER = (
    *(sys.executable, "-m", "celery", "-A", "ilp", "worker", "--queues", "default,reports,mail"),
    *("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"),
)
RECONCILER = (sys.executable, "manage.py", "reconcile")


@contextmanager
def start(command: tuple[str, ...], broker: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run in a process group of its own; killed at the end if it still lives."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker,
        "PANTAU_DATA": str(Path(settings.REPORTS_DIR).parent),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def database_url() -> str:
    """The test database's address, as another process must write it."""
    entry = connection.settings_dict
    query = urlencode({"host": entry["HOST"], "user": entry["USER"]})
    return f"postgresql:///{entry['NAME']}?{query}"


def until(condition: Callable[[], bool], *, seconds: float, log: Path) -> None:
    """Wait for a condition; on failure the processes' log is the message."""
    from ilp.launch.process import wait_for

    assert wait_for(condition, seconds=seconds), log.read_text()[-4000:]
