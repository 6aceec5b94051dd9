"""The four parts of the site that run our code, as programs. Compose runs the same ones."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ilp import env
from ilp.launch.process import Program

QUEUES = "default,reports,mail"
_RECONCILE = env.BASE_DIR / "reports" / "management" / "commands" / "reconcile.py"
NAMES = ("worker", "reconcile", "beat", "web")


def present() -> list[str]:
    """The services of this version, in the order they start."""
    return [name for name in NAMES if name != "reconcile" or _RECONCILE.exists()]


def service(name: str, *, data: Path, host: str, port: int, log: Path | None) -> Program:
    """The program of one service.

    ``log`` is a folder, None for our own output (containers).
    """
    commands = {
        "web": _web(host, port),
        "worker": _worker(),
        "reconcile": [sys.executable, str(env.BASE_DIR / "manage.py"), "reconcile"],
        "beat": _beat(data),
    }
    return Program(
        name=name,
        command=commands[name],
        log=None if log is None else log / f"{name}.log",
        cwd=env.BASE_DIR,
        stop_seconds=20,
        # Without its launcher a worker must not sit out its tasks: their rows remember.
        orphan_signal=signal.SIGQUIT if name == "worker" else signal.SIGTERM,
    )


def _web(host: str, port: int) -> list[str]:
    workers = max(1, min(4, os.cpu_count() or 1))
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "8"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
        *("--log-level", "warning", "ilp.wsgi:application"),
    ]


def _worker() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "ilp", "worker"),
        *("--queues", QUEUES, "--pool", "prefork", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
    ]


def _beat(data: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "ilp", "beat"),
        *("--schedule", str(data / "beat-schedule"), "--pidfile", "", "--loglevel", "WARNING"),
    ]
