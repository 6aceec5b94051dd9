"""Database and broker of an installation: embedded, or somebody else's by URL."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from ilp import env
from ilp.launch import postgres, valkey
from ilp.launch.process import wait_for
from ilp.launch.supervisor import Supervisor
from ilp.launch.words import StartError, _, say


def start_servers(supervisor: Supervisor, data: Path, *, fast: bool = False) -> None:
    """Start what is embedded and wait until both servers answer."""
    if os.environ.get("DATABASE_URL"):
        # The application's own role is made by the owner, in the first preparation.
        owner = "PANTAU_OWNER_DATABASE_URL"
        _await_foreign(owner if os.environ.get(owner) else "DATABASE_URL", postgres.answers)
    else:
        if not (postgres.cluster_dir(data) / "PG_VERSION").exists():
            say(_("Making the database in {path}").format(path=postgres.cluster_dir(data)))
        postgres.initialise(data)
        url = postgres.maintenance_url(data)
        supervisor.start(postgres.program(data, fast=fast), lambda: postgres.answers(url))
        postgres.ensure_database(data)
    if os.environ.get("REDIS_URL"):
        _await_foreign("REDIS_URL", valkey.answers)
    else:
        supervisor.start(valkey.program(data), lambda: valkey.answers(env.redis_url()))


def _patience() -> float:
    """Seconds a database or broker elsewhere may take to come up."""
    return float(os.environ.get("PANTAU_WAIT_SECONDS", "60"))


def _await_foreign(variable: str, answers: Callable[[str], bool]) -> None:
    url = os.environ[variable]
    if not wait_for(lambda: answers(url), seconds=_patience()):
        raise StartError(
            _("The server of {variable} ({host}) does not answer; check the address.").format(
                variable=variable, host=urlsplit(url).hostname or urlsplit(url).path
            )
        )
