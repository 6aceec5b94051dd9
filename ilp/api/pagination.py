from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView


class Pages(PageNumberPagination):
    """``?page=2&page_size=500``; at most 1,000 rows a page."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def paginate_queryset(
        self,
        queryset: QuerySet[Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any] | None:
        """A page size that cannot be meant is an error, not silently another one."""
        size = request.query_params.get("page_size", "1")
        largest = self.max_page_size
        if not (size.isascii() and size.isdigit() and 1 <= int(size) <= largest):
            message = _("Write a whole number from 1 to {largest}.").format(largest=largest)
            raise ValidationError({"page_size": [message]})
        return super().paginate_queryset(queryset, request, view)
