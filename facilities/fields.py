"""PostgreSQL's ltree as a Django field: the path of a row in its tree."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import PostgresOperatorLookup

_PATH = re.compile(r"[A-Za-z0-9_]{1,40}(?:\.[A-Za-z0-9_]{1,40}){0,20}")


class LtreeField(models.Field):  # type: ignore[type-arg]
    """A label path such as ``1.17.204``; written by a database trigger, read only here."""

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def to_python(self, value: Any) -> Any:
        if value is not None and not _PATH.fullmatch(str(value)):
            raise ValidationError("no path of a tree")
        return value


@LtreeField.register_lookup
class DescendantOf(PostgresOperatorLookup):
    """``path__descendant_of="1.17"``: the row itself and everything below it."""

    lookup_name = "descendant_of"
    postgres_operator = "<@"


@LtreeField.register_lookup
class AncestorOf(PostgresOperatorLookup):
    """``path__ancestor_of="1.17.204"``: the row itself and everything above it."""

    lookup_name = "ancestor_of"
    postgres_operator = "@>"


@LtreeField.register_lookup
class DescendantOfAny(PostgresOperatorLookup):
    """``path__descendant_of_any=["1.17", "1.21"]``: inside any of these subtrees."""

    lookup_name = "descendant_of_any"
    postgres_operator = "<@"

    def get_prep_lookup(self) -> list[str]:
        return [str(value) for value in self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} <@ %s::ltree[]", (*params, self.rhs)
