"""Pages by the last row seen, not by its number: what is inserted or changed between two pages
neither pushes a row out of sight nor shows one twice."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, OrderBy, Q, QuerySet


class UnfitCursor(ValueError):
    """A cursor that this list did not give, or gave in another order."""


@dataclass(frozen=True)
class _Term:
    """One column of the order. What may be empty comes last in both directions."""

    path: str
    is_descending: bool
    field: Field[Any, Any]

    @property
    def order(self) -> OrderBy:
        last = True if self.field.null else None
        column = F(self.path)
        return column.desc(nulls_last=last) if self.is_descending else column.asc(nulls_last=last)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> Q:
        """What comes after this value."""
        if value is None:
            return Q(pk__in=[])
        found = Q(**{f"{self.path}__{'lt' if self.is_descending else 'gt'}": value})
        return found | Q(**{f"{self.path}__isnull": True}) if self.field.null else found

    def of(self, row: Any) -> Any:
        for name in self.path.split("__"):
            row = getattr(row, name)
        return row

    def read(self, value: Any) -> Any:
        if value is None and self.field.null:
            return None
        if not isinstance(value, str | int) or isinstance(value, bool) or "\0" in str(value):
            raise UnfitCursor
        try:
            return self.field.to_python(value)
        except ValidationError as error:
            raise UnfitCursor from error


def _term(rows: QuerySet[Any], name: str) -> _Term:
    path, options = name.removeprefix("-"), rows.model._meta  # noqa: SLF001 - public
    *ways, last = path.split("__")
    for way in ways:
        related: Any = options.get_field(way).related_model
        options = related._meta  # noqa: SLF001 - public
    field: Any = options.pk if last == "pk" else options.get_field(last)
    return _Term(path, name.startswith("-"), getattr(field, "target_field", field))


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


class Keyset:
    """``order``: names of columns as ``order_by`` takes them; together they must be unique."""

    def __init__(self, rows: QuerySet[Any], order: Sequence[str]) -> None:
        self.terms = [_term(rows, name) for name in order]
        self.rows = rows.order_by(*(term.order for term in self.terms))
        self.signature = ",".join(order)

    def page(self, cursor: str, size: int) -> tuple[list[Any], str]:
        """The rows after a cursor («»: from the start), and the cursor of the next page («»: there
        is none). UnfitCursor for one that is not of this list."""
        rows = self.rows.filter(self._after(cursor)) if cursor else self.rows
        found = list(rows[: size + 1])
        return found[:size], self._cursor(found[size - 1]) if len(found) > size else ""

    def _cursor(self, row: Any) -> str:
        text = json.dumps([self.signature, *(_plain(term.of(row)) for term in self.terms)])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _after(self, cursor: str) -> Q:
        try:
            content = base64.urlsafe_b64decode((cursor + "=" * (-len(cursor) % 4)).encode())
            signature, *values = json.loads(content)
        except (binascii.Error, ValueError, TypeError, RecursionError) as error:
            raise UnfitCursor from error
        if signature != self.signature or len(values) != len(self.terms):
            raise UnfitCursor
        found = Q()
        for term, text in reversed(list(zip(self.terms, values, strict=True))):
            value = term.read(text)
            found = term.beyond(value) | (term.same(value) & found if found else Q(pk__in=[]))
        return found
