"""The description of the API and its page, both behind the same door as the data."""

from __future__ import annotations

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from ilp.api.permissions import MayRead
from ilp.api.throttling import PerUser


class Schema(SpectacularAPIView):
    permission_classes = [MayRead]
    throttle_classes = [PerUser]


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from local files; its script is a request of its own, so nothing is inline."""

    permission_classes = [MayRead]
    throttle_classes = [PerUser]
    url_name = "api:schema"
    title = "Pantau ILP API"
