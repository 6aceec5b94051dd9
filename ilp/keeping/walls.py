"""Who may do what with each table: said anew after every migration, so that it always fits the
tables there are. What was once written into the history, nobody but the owner can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.sql import SQL, Composed, Identifier

from ilp.keeping.areas import raise_second_wall
from ilp.keeping.roles import working_role

if TYPE_CHECKING:
    from collections.abc import Iterator

# Written once, never changed: what was signed, the steps of reviews and problems, the ledger.
_FROZEN = (
    "reports.Snapshot",
    "reports.ReviewRevision",
    "reports.Correction",
    "reports.ReviewStep",
    "reports.ProblemStep",
    "reports.LedgerEntry",
    "ilp.HistoryDigest",
)
# Who was at work: a request that writes several times adds to it, and may only add.
CONTEXTS = "pghistory_context"
_ADDS_ONLY = """
CREATE OR REPLACE FUNCTION pantau_context_adds_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id OR OLD.created_at <> NEW.created_at OR NOT NEW.metadata @> OLD.metadata THEN
    RAISE EXCEPTION 'history cannot be rewritten' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER pantau_context_adds_only BEFORE UPDATE ON pghistory_context
FOR EACH ROW EXECUTE FUNCTION pantau_context_adds_only();
"""


def history_tables() -> list[str]:
    """The event tables of every tracked model."""
    return sorted(
        model._meta.db_table  # noqa: SLF001 - Django's documented API
        for model in apps.get_models()
        if hasattr(model, "pgh_tracked_model") and not model._meta.proxy  # noqa: SLF001
    )


def frozen_tables() -> list[str]:
    """Tables that only ever grow."""
    frozen = [apps.get_model(name)._meta.db_table for name in _FROZEN]  # noqa: SLF001
    return sorted({*history_tables(), *frozen})


def raise_walls(connection: BaseDatabaseWrapper) -> None:
    """Grant the application's role what it needs and no more; safe to run again."""
    app = working_role()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app])
        if cursor.fetchone() is None:
            return  # somebody else's server with one role; the doctor says so
        cursor.execute(_ADDS_ONLY)
        for statement in _grants(Identifier(app)):
            cursor.execute(statement)
        raise_second_wall(cursor)


def _grants(app: Identifier) -> Iterator[Composed]:
    yield SQL("GRANT USAGE ON SCHEMA public TO {}").format(app)
    yield SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(
        app
    )
    yield SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(app)
    frozen = SQL(", ").join(Identifier(table) for table in frozen_tables())
    yield SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(frozen, app)
    yield SQL("REVOKE DELETE, TRUNCATE ON {} FROM {}").format(Identifier(CONTEXTS), app)
    # What the database looks like is the owner's business.
    yield SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {}").format(app)


def may_rewrite(connection: BaseDatabaseWrapper) -> list[str]:
    """Frozen tables that the role of this connection could change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name"
            " WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE') ORDER BY name",
            [frozen_tables()],
        )
        return [name for (name,) in cursor.fetchall()]
