"""Who is to report in a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facilities.models import Facility
from facilities.models.facility import FacilityKind

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import District

REPORTING = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)


def open_facilities(
    district: District, week: Week, within: Facility | None = None
) -> list[Facility]:
    """Puskesmas and Pustu open on at least one day of the week, each Puskesmas before its Pustu."""
    facilities = Facility.objects.filter(district=district, kind__in=REPORTING).open_between(
        week.start, week.end
    )
    if within is not None:
        facilities = facilities.subtree(within)
    return list(facilities.select_related("parent", "district__area").order_by("path"))
