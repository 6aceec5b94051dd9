"""A bound for a client that runs wild; a nightly fetch of a whole province stays far below."""

from __future__ import annotations

from rest_framework.throttling import UserRateThrottle


class PerUser(UserRateThrottle):
    """Requests per account and minute, counted in each web process."""

    rate = "600/min"
