"""An event of the network, with what the reports make of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from facilities.actions import events
from facilities.models import Area, Facility, User
from facilities.models.network import NetworkEventKind
from reports.models import Problem
from reports.permissions import check_can_change_network


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asks for; which of the fields count follows from the kind."""

    kind: NetworkEventKind
    facility: Facility
    on: dt.date
    decree: str = ""
    other: Facility | None = None
    village: Area | None = None
    units: tuple[Facility, ...] = ()  # merged together with ``facility``
    villages: tuple[Area, ...] = ()  # of a unit that is split off
    code: str = ""
    name: str = ""


@transaction.atomic
def change_network(change: Change, *, by: User) -> Facility:
    """Carry it out; returns the facility to look at next. Raises InvalidInput, PermissionDenied."""
    facility, kind = change.facility, change.kind
    check_can_change_network(by, facility.district)
    common: dict[str, Any] = {"on": change.on, "by": by, "decree": change.decree}
    if kind == NetworkEventKind.CLOSE:
        events.close_facility(facility=facility, **common)
    elif kind == NetworkEventKind.REOPEN:
        events.reopen_facility(facility=facility, **common)
    elif kind == NetworkEventKind.RENAME:
        events.rename_facility(facility=facility, name=change.name, **common)
    elif kind == NetworkEventKind.MOVE and change.other is not None:
        events.move_facility(facility=facility, parent=change.other, **common)
    elif kind == NetworkEventKind.VILLAGE and change.other is not None and change.village:
        events.hand_over_village(
            facility=facility, village=change.village, other=change.other, **common
        )
    elif kind == NetworkEventKind.SPLIT:
        return events.split_facility(
            facility=facility,
            villages=change.villages,
            code=change.code,
            name=change.name,
            **common,
        )
    elif kind == NetworkEventKind.MERGE:
        units = (facility, *change.units)
        into = events.merge_facilities(
            facilities=units, code=change.code, name=change.name, **common
        )
        # What is not settled goes on with the new unit; what was settled stays where it was.
        Problem.objects.filter(facility__in=units).unfinished().update(facility=into)
        return into
    return facility
