"""Words of the sign-in pages."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django import template
from django.utils import formats, timezone

from facilities.days import DistrictTimeZone
from facilities.models import District

register = template.Library()


@register.simple_tag
def lock_end(wait: dt.timedelta) -> str:
    """«10.42 WIB»: when a lock that starts now is over.

    Nobody is signed in, so the district is unknown: one time for each zone in use.
    """
    end = timezone.now() + wait
    used = set(District.objects.values_list("timezone", flat=True)) or {DistrictTimeZone.WIB}
    return " / ".join(
        f"{formats.time_format(end.astimezone(zoneinfo.ZoneInfo(zone.value)), 'H.i')} {zone.label}"
        for zone in DistrictTimeZone
        if zone.value in used
    )
