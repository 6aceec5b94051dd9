"""The migrated, empty database that each test process begins with, made once and then copied.

Migrating takes some ten seconds of computing, for every worker and every run; copying takes a
fraction of one. The copy's name holds a hash over everything that shapes it, so a changed
migration makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import connect
from psycopg.sql import SQL, Identifier

from ilp import env

_PREFIX = "tests_template_"


def use_template() -> None:
    """Have the test database made as a copy, and see that there is something to copy."""
    name = _PREFIX + _fingerprint()
    lock = env.data_dir() / "tests-template.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # one worker makes it, the others wait
        if name not in set(_existing()):
            _make(name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _make(name: str) -> None:
    """Under another name first: a run that is broken off leaves nothing half."""
    own, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    before = dict(test)
    test["NAME"] = draft = f"{_PREFIX}draft"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()
        test.clear()
        test.update(before)
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = own
    for old in list(_existing()):
        if old != draft:
            _run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(old)))
    _run(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(draft), Identifier(name)))


def _fingerprint() -> str:
    """Over the migrations, what they are made of, and the pinned packages with theirs."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield settings.BASE_DIR / "requirements" / "base.txt"
    yield settings.BASE_DIR / "tests" / "clock.py"  # brings functions of its own
    yield from (settings.BASE_DIR / "ilp" / "keeping").glob("*.py")  # who may do what
    for app in ("facilities", "lifecycle", "clusters", "reports", "ilp"):
        for pattern in (
            "migrations/**/*.py",
            "migrations/**/*.sql",
            "models*/**/*.py",
            "models.py",
        ):
            yield from (settings.BASE_DIR / app).glob(pattern)


def _existing() -> Iterator[str]:
    yield from (row[0] for row in _run(
        SQL("SELECT datname FROM pg_database WHERE datname LIKE 'tests\\_template\\_%'")
    ))  # fmt: skip


def _run(statement: Any) -> list[Any]:
    with connect(env.database_url(), autocommit=True) as session:
        answer = session.execute(statement)
        return answer.fetchall() if answer.description else []
