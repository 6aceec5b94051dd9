from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from facilities.keyset import Keyset, UnfitCursor

PARAMETERS = ("cursor", "page_size")
MAY_BE_EMPTY = {"q", "cursor"}  # everything; the beginning


class Pages(BasePagination):
    """``?cursor=…&page_size=500``: the rows after the last one of the page before. A view says in
    ``unique_order`` how its rows are ordered, up to a column that tells each from all others."""

    page_size = 100
    max_page_size = 1000
    most_rows = 1000  # given, whatever was asked for
    _next: str | None = None

    def paginate_queryset(
        self,
        queryset: QuerySet[Any],  # type: ignore[override]
        request: Request,
        view: APIView | None = None,
    ) -> list[Any]:
        """A page size or a cursor that cannot be meant is an error, not silently another one."""
        size, cursor = self._size(request), request.query_params.get("cursor", "")
        try:
            rows, following = Keyset(queryset, _order(queryset, view)).page(cursor, size)
        except UnfitCursor:
            message = _("This cursor is not of this list in this order. Begin without one.")
            raise ValidationError({"cursor": [message]}) from None
        if following:
            self._next = replace_query_param(request.build_absolute_uri(), "cursor", following)
        return rows

    def _size(self, request: Request) -> int:
        text = request.query_params.get("page_size", str(self.page_size))
        largest = self.max_page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= largest):
            message = _("Write a whole number from 1 to {largest}.").format(largest=largest)
            raise ValidationError({"page_size": [message]})
        return min(int(text), self.most_rows)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {
            "type": "string",
            "format": "uri",
            "nullable": True,
            "description": "Address of the next page; null: this is the last one",
        }
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": following, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins: taken from `next`, never made by hand",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "description": "Rows a page, at most",
                "schema": size | {"default": self.page_size},
            },
        ]


def _order(rows: QuerySet[Any], view: APIView | None) -> list[str]:
    """What was asked for, and then the order of the view: together unique, whatever was asked."""
    asked = [str(name) for name in rows.query.order_by]
    paths = {name.removeprefix("-") for name in asked}
    own: Sequence[str] = getattr(view, "unique_order", ()) or ("pk",)
    return [*asked, *(name for name in own if name.removeprefix("-") not in paths)]


class OnePage(Pages):
    """For rows that are computed together: the shape of lists, and no parameters."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return []
