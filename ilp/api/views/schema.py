"""The description of the API and its page, both behind the same door as the data."""

from __future__ import annotations

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from ilp.api.permissions import MayRead
from ilp.api.throttling import Limited


class ByFormat(DefaultContentNegotiation):
    """``?format=json`` or ``yaml``, for whoever opens the address by hand."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        wanted = format_suffix or request.query_params.get("format")
        return super().select_renderer(request, renderers, wanted)


class Schema(Limited, SpectacularAPIView):
    content_negotiation_class = ByFormat
    permission_classes = [MayRead]


class Docs(Limited, SpectacularSwaggerSplitView):
    """Swagger UI from local files; its script is a request of its own, so nothing is inline."""

    permission_classes = [MayRead]
    url_name = "api:schema"
    title = "Pantau ILP API"
