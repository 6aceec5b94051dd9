"""Long lists on pages, by the last row seen: a message that comes in or is read between two pages
pushes none out of sight."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from facilities.keyset import Keyset, UnfitCursor

PARAMETER = "after"


@dataclass(frozen=True, slots=True)
class Page:
    """``following``: cursor of the next page, empty on the last one."""

    rows: list[Any]
    following: str
    is_first: bool


def page_of(request: HttpRequest, rows: QuerySet[Any], order: Sequence[str], size: int) -> Page:
    """``order`` must be unique. An address that somebody has cut begins at the first row."""
    cursor, keyset = request.GET.get(PARAMETER, ""), Keyset(rows, order)
    try:
        found, following = keyset.page(cursor, size)
    except UnfitCursor:
        cursor = ""
        found, following = keyset.page(cursor, size)
    return Page(found, following, is_first=not cursor)


def page_of_list[Row](
    request: HttpRequest, rows: Sequence[Row], key: Callable[[Row], tuple[str, ...]], size: int
) -> Page:
    """Of rows that are computed together; ``key``: unique, in the order of the rows."""
    last = _key(request.GET.get(PARAMETER, ""))
    left = [row for row in rows if key(row) > last] if last else list(rows)
    found = left[:size]
    following = _cursor(key(found[-1])) if len(left) > size else ""
    return Page(found, following, is_first=not last)


def _cursor(key: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _key(cursor: str) -> tuple[str, ...]:
    try:
        values = json.loads(base64.urlsafe_b64decode((cursor + "=" * (-len(cursor) % 4)).encode()))
    except (binascii.Error, ValueError, RecursionError):
        return ()
    return tuple(str(one) for one in values) if isinstance(values, list) else ()
