"""The five parts of the site that run our code, as programs. Compose runs the same ones."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from ilp import env
from ilp.launch import postgres
from ilp.launch.process import Program

# Mails have a worker of their own: a mail server that hangs holds up no PDF.
QUEUES = {"worker": "default,reports", "mailer": "mail"}
SLOTS = {"worker": 2, "mailer": 1}
NAMES = ("worker", "mailer", "reconcile", "beat", "web")
_RECONCILE = env.BASE_DIR / "reports" / "management" / "commands" / "reconcile.py"
_MOST_WEB_PROCESSES = 4


def present() -> list[str]:
    """The services of this version that need no port, in the order they start."""
    names = [name for name in NAMES if name != "web"]
    return [name for name in names if name != "reconcile" or _RECONCILE.exists()]


def background(name: str, *, log: Path | None = None) -> Program:
    """Worker, mailer, reconciler or clock. ``log`` is a folder; None: our own output."""
    commands = {
        "worker": _worker("worker"),
        "mailer": _worker("mailer"),
        "reconcile": [sys.executable, str(env.BASE_DIR / "manage.py"), "reconcile"],
        "beat": _beat(),
    }
    # Without its launcher a worker must not sit out its tasks: their rows remember.
    orphan_signal = signal.SIGQUIT if name in QUEUES else signal.SIGTERM
    return _program(name, commands[name], log, orphan_signal=orphan_signal)


def web(listener: socket.socket, *, log: Path | None = None) -> list[Program]:
    """Web processes that share one listening socket, as many as there are processors."""
    count = max(1, min(_MOST_WEB_PROCESSES, os.cpu_count() or 1))
    descriptor = listener.fileno()
    command = [sys.executable, "-m", "ilp.launch.web", str(descriptor)]
    return [
        _program(f"web-{number}", command, log, pass_fds=(descriptor,))
        for number in range(1, count + 1)
    ]


def _program(
    name: str,
    command: list[str],
    log: Path | None,
    *,
    orphan_signal: int = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
) -> Program:
    return Program(
        name=name,
        command=command,
        log=None if log is None else log / f"{name}.log",
        cwd=env.BASE_DIR,
        stop_seconds=20,
        orphan_signal=orphan_signal,
        pass_fds=pass_fds,
        slots=0 if name.startswith("web") else SLOTS.get(name, 1),
        # Our code looks at the tables when it is loaded: without a database it would only crash.
        can_start=lambda: postgres.answers(env.database_url()),
    )


def _worker(name: str) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "ilp", "worker"),
        *("--queues", QUEUES[name], "--pool", "prefork", "--concurrency", str(SLOTS[name])),
        # Two workers on one machine must not bear the same name.
        *("--hostname", f"{name}@%h"),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    ]


def _beat() -> list[str]:
    """It keeps no file that a full disk could destroy: each task is safe to run at any time, and
    what a night without power left out comes with its next turn."""
    return [
        *(sys.executable, "-m", "celery", "-A", "ilp", "beat"),
        *("--scheduler", "celery.beat:Scheduler", "--pidfile", "", "--loglevel", "WARNING"),
    ]
