"""Three roles of the database: the owner makes tables, the application works with them, the
backup reads all and writes nothing. See docs/adr/0018-history-cannot-be-rewritten.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from ilp import env

_OF_THE_ROLE = ("USER", "PASSWORD", "HOST", "PORT")


def role_of(url: str) -> str:
    """The name of the role in a database URL; empty when it names none."""
    parts = urlsplit(url)
    return dict(parse_qsl(parts.query)).get("user") or unquote(parts.username or "")


def has_own_role() -> bool:
    """Whether the application works as another role than the owner of the tables."""
    return role_of(env.database_url()) != role_of(env.owner_url())


def ensure_role(
    connection: psycopg.Connection[Any], name: str, *, reads_all: bool, password: str = ""
) -> None:
    """Make a role without any right of its own; with ``reads_all`` it may read every row."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known is None:
        query = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
        connection.execute(SQL(query).format(Identifier(name)))
        if reads_all:
            for query in ("ALTER ROLE {} BYPASSRLS", "GRANT pg_read_all_data TO {}"):
                connection.execute(SQL(query).format(Identifier(name)))
    if password:
        query = "ALTER ROLE {} PASSWORD {}"
        connection.execute(SQL(query).format(Identifier(name), Literal(password)))


def ensure_embedded_roles(connection: psycopg.Connection[Any]) -> None:
    """Those of the embedded server; they need no password, the socket's folder is closed."""
    ensure_role(connection, env.APP_ROLE, reads_all=False)
    ensure_role(connection, env.BACKUP_ROLE, reads_all=True)


def ensure_roles_of_environment() -> None:
    """The roles that the addresses in the environment name, with the passwords written there."""
    owner = env.owner_url()
    wanted = {env.backup_url(): True, env.database_url(): False}
    for url, reads_all in wanted.items():
        if role_of(url) == role_of(owner):
            continue
        password = str(env.database_settings(url)["PASSWORD"])
        with psycopg.connect(owner, autocommit=True) as connection:
            ensure_role(connection, role_of(url), reads_all=reads_all, password=password)


@contextmanager
def as_owner() -> Iterator[None]:
    """Django's connection as the owner of the tables, then as before. Not inside a transaction."""
    from django.db import connection

    settings = connection.settings_dict
    before = {key: settings[key] for key in _OF_THE_ROLE}
    given = env.database_settings(env.owner_url())
    wanted = {key: given[key] for key in _OF_THE_ROLE}
    if wanted == before:
        yield
        return
    connection.close()
    settings.update(wanted)
    try:
        yield
    finally:
        connection.close()
        settings.update(before)


def working_role() -> str:
    """The application's role; beside a lone owner (tests) the embedded one."""
    name = role_of(env.database_url())
    return env.APP_ROLE if name == role_of(env.owner_url()) else name
