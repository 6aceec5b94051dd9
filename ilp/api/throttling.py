"""A bound for a client that runs wild; a nightly fetch of a whole province stays far below."""

from __future__ import annotations

from typing import Any

from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

WINDOW = 60  # seconds

# The row of ilp.models.ApiUse. One statement: two processes that count at once wait for each
# other, nothing is lost.
_COUNT = """
    INSERT INTO ilp_apiuse AS used (user_id, minute, requests)
    VALUES (%s, floor(extract(epoch FROM clock_timestamp()) / 60), 1)
    ON CONFLICT (user_id) DO UPDATE SET
        requests = CASE WHEN used.minute = excluded.minute THEN used.requests + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING requests, 60 - floor(extract(epoch FROM clock_timestamp()))::bigint %% 60
"""


class PerUser(BaseThrottle):
    """Requests per account and minute, counted in the database for all processes together. It
    needs no broker; without the database there is nothing to answer with either (503)."""

    limit = 600
    _wait = 0

    def allow_request(self, request: Request, _view: APIView) -> bool:
        if not request.user.is_authenticated:
            return True  # refused anyway, before anything is read
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [request.user.pk])
            requests, self._wait = cursor.fetchone() or (0, WINDOW)
        left = max(self.limit - requests, 0)
        # draft-ietf-httpapi-ratelimit-headers
        request.limit_headers = {  # type: ignore[attr-defined]
            "RateLimit-Policy": f'"account";q={self.limit};w={WINDOW}',
            "RateLimit": f'"account";r={left};t={self._wait}',
        }
        return bool(requests <= self.limit)

    def wait(self) -> float:
        return self._wait


class Limited(APIView):
    """Every answer says how many requests are left, and for how long."""

    throttle_classes = [PerUser]

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(request, "limit_headers", {}).items():
            response.setdefault(name, value)
        return response
