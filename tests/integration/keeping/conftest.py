from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from ilp.keeping.roles import working_role


@contextmanager
def _as_application() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {connection.ops.quote_name(working_role())}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


@pytest.fixture
def as_application(db: None) -> Callable[[], AbstractContextManager[None]]:
    """What happens inside, the database sees the application's own role do. The test's rows are
    made by the owner before; its transaction is rolled back afterwards."""
    return _as_application
