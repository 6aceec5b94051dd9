"""Words of the sign-in pages."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django import template
from django.utils import formats

from facilities.days import DistrictTimeZone
from facilities.models import District

register = template.Library()


@register.simple_tag
def lock_end(end: dt.datetime) -> str:
    """«10.42 WIB»: when a lock is over, rounded up to the minute.

    Nobody is signed in, so the district is unknown: one time for each zone in use.
    """
    end = (end + dt.timedelta(seconds=59)).replace(second=0)
    used = set(District.objects.values_list("timezone", flat=True)) or {DistrictTimeZone.WIB}
    return " / ".join(
        f"{formats.time_format(end.astimezone(zoneinfo.ZoneInfo(zone.value)), 'H.i')} {zone.label}"
        for zone in DistrictTimeZone
        if zone.value in used
    )
