"""Many rows at once through COPY: statement triggers then run once per batch, and columns
that fill themselves on save (``auto_now``) take the moment the story says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Fresh primary keys from the table's own sequence."""
    meta: Any = model._meta  # noqa: SLF001 - Django's documented API
    table, column = meta.db_table, meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def copy_rows(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Insert unsaved rows as they stand, primary keys included when set; returns how many."""
    rows = list(rows)
    if not rows:
        return 0
    meta: Any = model._meta  # noqa: SLF001 - Django's documented API
    fields = list(meta.concrete_fields)
    if rows[0].pk is None:
        fields = [field for field in fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row(
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                ]
            )
    return len(rows)
