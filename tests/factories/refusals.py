"""A database that refuses: what happens when one of several writes fails?"""

from __future__ import annotations

from typing import Any

from django.db import connection, models

_FUNCTION = """
CREATE OR REPLACE FUNCTION tests_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$
"""


def refuse_inserts(model: type[models.Model]) -> None:
    """No row of this model can be written until the test's transaction is taken back."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(
            f"CREATE TRIGGER tests_refuse BEFORE INSERT ON {model._meta.db_table}"
            " FOR EACH ROW EXECUTE FUNCTION tests_refuse()"
        )


def contents(*kinds: type[models.Model]) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables, to compare before and after."""
    return {kind._meta.label: list(kind._default_manager.order_by("pk").values()) for kind in kinds}
