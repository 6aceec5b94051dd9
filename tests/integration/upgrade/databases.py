"""Databases of an earlier version beside the test's own, and the product's commands on them."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from ilp import env
from tests.integration.upgrade.programs import program

DUMP = Path(__file__).parent / "schema-2026-11.sql.gz"
MANAGE = str(env.BASE_DIR / "manage.py")


class Database:
    """A database on the server of the tests."""

    def __init__(self, name: str) -> None:
        self.name = name
        server = urlsplit(env.database_url())
        self.url = f"{server.scheme}://{server.netloc}/{name}?{server.query}"

    def create(self, *, like: Database | None = None) -> None:
        self.drop()
        template = f' TEMPLATE "{like.name}"' if like else ""
        _on_server(f'CREATE DATABASE "{self.name}"{template}')

    def drop(self) -> None:
        _on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def load(self, dump: Path) -> None:
        """A dump of the repository. Those of version 1.0.0 have a trigger that cannot be restored
        under the empty search path pg_dump asks for (facilities 0002)."""
        text = gzip.decompress(dump.read_bytes())
        empty, public = (f"set_config('search_path', '{path}'".encode() for path in ("", "public"))
        self.restore(text.replace(empty, public, 1))

    def restore(self, text: bytes) -> None:
        """What pg_dump wrote, every statement or none."""
        command = [program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        command += ["--single-transaction", "--output=/dev/null", self.url]
        subprocess.run(command, input=text, check=True)

    def dump(self, *options: str) -> bytes:
        command = [program("pg_dump"), "--no-owner", "--no-privileges", *options, self.url]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def execute(self, sql: str, *values: Any) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(sql.encode(), values)

    def manage(self, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``manage.py``, as an installation with its files in ``data`` would run it."""
        return subprocess.run(
            [sys.executable, MANAGE, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=env.BASE_DIR,
            env=os.environ | {"DATABASE_URL": self.url, "PANTAU_DATA": str(data)},
        )


def _on_server(sql: str) -> None:
    """Beside the databases: on the one that is always there."""
    with psycopg.connect(Database("postgres").url, autocommit=True) as connection:
        connection.execute(sql.encode())
