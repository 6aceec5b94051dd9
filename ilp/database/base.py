"""Django's own backend, whose sessions tell PostgreSQL for which area they work.

Row-level security (ilp/keeping/areas.py) reads it. Said only when it changes: once a request.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from ilp.database.area import wanted


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that remembers which area its session was told; None: nobody knows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._told: str | None = None
        self.execute_wrappers.append(self._tell_area)

    def init_connection_state(self) -> None:
        self._told = None
        super().init_connection_state()

    def _rollback(self) -> None:
        # A setting made inside a transaction goes with it.
        self._told = None
        super()._rollback()  # type: ignore[misc] # Django's own, not in its stubs

    def _savepoint_rollback(self, sid: str) -> None:
        # Only then: until it is rolled back, nothing else can be said either.
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None

    def is_usable(self) -> bool:
        """The look at the connection before each request clears the area in the same step."""
        if self.connection is None:
            return False
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT set_config('pantau.area', '', false)")
        except psycopg.Error:
            return False
        self._told = ""
        return True

    def _tell_area(
        self,
        execute: Any,
        sql: Any,
        params: Any,
        many: bool,
        context: Any,
    ) -> Any:
        area = wanted()
        if area != self._told and self.connection is not None and not self.needs_rollback:
            # Beside Django's own cursors: neither counted nor given a history context.
            with self.connection.cursor() as cursor, self.wrap_database_errors:
                cursor.execute("SELECT set_config('pantau.area', %s, false)", [area])
            self._told = area
        return execute(sql, params, many, context)
