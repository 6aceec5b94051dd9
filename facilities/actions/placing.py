"""The dated rows that events of the network are made of. Callers hold the district's lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.days import in_force
from facilities.errors import InvalidInput
from facilities.models import Facility, FacilityStatus, Placement, ServiceArea
from facilities.models.facility import FacilityKind, OperatingStatus

EARLIEST = dt.date(2000, 1, 1)
LONGEST_AHEAD = dt.timedelta(days=366)


def locked(*facilities: Facility) -> list[Facility]:
    """The facilities as they are now. One event of a district waits for another."""
    districts = {one.district_id for one in facilities}
    if len(districts) > 1:
        raise InvalidInput({"other": _("Both must belong to the same district.")})
    rows = Facility.objects.select_for_update(no_key=True).select_related(None)
    list(rows.filter(district__in=districts, kind=FacilityKind.DINKES))
    found = {row.pk: row for row in rows.filter(pk__in=[one.pk for one in facilities])}
    return [found[one.pk] for one in facilities]


def check_day(facility: Facility, on: dt.date, *, may_be_ahead: bool) -> None:
    today = timezone.localdate(timezone=facility.district.zone)
    if on < EARLIEST:
        raise InvalidInput({"on": _("Write a date of our time.")})
    if on > today and not may_be_ahead:
        raise InvalidInput(
            {"on": _("This can be entered from that day on; today it has not happened yet.")}
        )
    if on > today + LONGEST_AHEAD:
        raise InvalidInput({"on": _("At most one year ahead.")})


def end_status(facility: Facility, on: dt.date, after: str) -> FacilityStatus:
    """The status of the day ends, and another begins; returns the one that ended."""
    status = facility.statuses.filter(in_force(on)).first()
    wanted = OperatingStatus.OPEN if after == OperatingStatus.CLOSED else OperatingStatus.CLOSED
    if status is None or status.operating != wanted:
        message = (
            _("%(name)s is not open on that day.")
            if wanted == OperatingStatus.OPEN
            else _("%(name)s is not closed on that day.")
        )
        raise InvalidInput({"on": message % {"name": facility.name}})
    if status.start_on >= on:
        raise InvalidInput({"on": _("Something else happened on that day already.")})
    if facility.statuses.filter(start_on__gt=on).exists():
        raise InvalidInput({"on": _("Something else is recorded for a later day already.")})
    status.end_on = on
    status.save(update_fields=["end_on"])
    facility.statuses.create(
        operating=after,
        ilp_stage=status.ilp_stage,
        ilp_target_year=status.ilp_target_year,
        start_on=on,
        basis="event",
    )
    return status


def placed_under(parents: Iterable[Facility], on: dt.date) -> list[Facility]:
    return list(Facility.objects.hung_under([one.pk for one in parents], on).order_by("code"))


def hang(facility: Facility, parent: Facility, on: dt.date) -> None:
    """From a day on under another parent; what was recorded for later days is gone."""
    placement = facility.placements.current(on).first()
    if facility.placements.filter(start_on__gt=on).exists():
        raise InvalidInput({"on": _("Something else is recorded for a later day already.")})
    if placement is not None and placement.start_on == on:
        raise InvalidInput({"on": _("Something else happened on that day already.")})
    if placement is not None:
        placement.end_on = on
        placement.save(update_fields=["end_on"])
    Placement.objects.create(facility=facility, parent=parent, start_on=on)
    facility.parent = parent
    facility.save(update_fields=["parent"])
    facility.refresh_from_db()


def stop_serving(facility: Facility, on: dt.date, village: str | None = None) -> list[str]:
    """Service areas end on a day; returns the villages."""
    rows = facility.service_areas.filter(Q(end_on=None) | Q(end_on__gt=on))
    if village is not None:
        rows = rows.filter(village=village)
    villages = list(rows.values_list("village_id", flat=True))
    rows.filter(start_on__gte=on).delete()
    rows.update(end_on=on)
    return villages


def serve(facility: Facility, villages: Iterable[str], on: dt.date) -> None:
    """From a day on, where it does not serve them already."""
    rows = facility.service_areas.filter(Q(end_on=None) | Q(end_on__gt=on))
    served = set(rows.values_list("village_id", flat=True))
    ServiceArea.objects.bulk_create(
        ServiceArea(facility=facility, village_id=one, start_on=on, basis="event")
        for one in dict.fromkeys(villages)
        if one not in served
    )


def hand_over(village: str, source: Facility, target: Facility, on: dt.date) -> None:
    """The village goes from one to the other, and from parent to parent when nobody else below the
    old one serves it."""
    stop_serving(source, on, village)
    serve(target, [village], on)
    above, above_target = _above(source, on), _above(target, on)
    if above is None or above_target is None or above.pk == above_target.pk:
        return
    others = Facility.objects.hung_under([above.pk], on).filter(
        Q(service_areas__end_on=None) | Q(service_areas__end_on__gt=on),
        service_areas__village=village,
        service_areas__start_on__lte=on,
    )
    if not others.exists():
        stop_serving(above, on, village)
    serve(above_target, [village], on)


def _above(facility: Facility, on: dt.date) -> Facility | None:
    placement = facility.placements.current(on).select_related("parent").first()
    if placement is None or placement.parent.kind == FacilityKind.DINKES:
        return None
    return placement.parent
