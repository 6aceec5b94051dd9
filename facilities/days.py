"""Which day it is, and what is in force on it: in a district, never on the server.

Indonesia has three zones. For up to two hours around midnight it is another day in the east than
in the west; what is due, overdue or in force today goes by the day where the facility stands.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Callable

from django.db import models
from django.db.models import Q
from django.utils import timezone


class DistrictTimeZone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


def in_force(day: dt.date) -> Q:
    """Rows that are valid from ``start_on`` up to, not including, ``end_on``."""
    return Q(Q(end_on=None) | Q(end_on__gt=day), start_on__lte=day)


def in_force_between(first: dt.date, last: dt.date) -> Q:
    """Rows that are valid on at least one day from ``first`` to ``last``, both included."""
    return Q(Q(end_on=None) | Q(end_on__gt=first), start_on__lte=last)


def where_today(district: str, condition: Callable[[dt.date], Q], now: dt.datetime) -> Q:
    """``condition`` for the day it is in each row's own district; ``district`` is the way to it.

    Most of the day that is one day everywhere, and the district is not even looked at. A row
    without a district goes by the server's day.
    """
    zones: dict[dt.date, list[str]] = defaultdict(list)
    for name in DistrictTimeZone.values:
        zones[timezone.localdate(now, zoneinfo.ZoneInfo(name))].append(name)
    server = timezone.localdate(now, timezone.get_default_timezone())
    if list(zones) == [server]:
        return condition(server)
    found = Q(**{f"{district}__isnull": True}) & condition(server)
    for day, names in zones.items():
        found |= Q(**{f"{district}__timezone__in": names}) & condition(day)
    return found
