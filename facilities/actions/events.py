"""What happens to the network, one function an event: dated, in one transaction, with its row.

Counts stay with the unit that reported them, and what was signed stays as it is: only dated rows
change. Each raises InvalidInput by field (``on``, ``name``, ``code``, ``other``, ``units``,
``village``, ``villages``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from facilities.actions import placing
from facilities.days import in_force
from facilities.errors import InvalidInput
from facilities.models import (
    Area,
    Facility,
    FacilityStatus,
    FormerName,
    NetworkEvent,
    Posting,
    User,
)
from facilities.models.facility import FacilityKind, OperatingStatus
from facilities.models.network import NetworkEventKind

_PARENTS: dict[str, set[str]] = {
    FacilityKind.PUSKESMAS: {FacilityKind.DINKES},
    FacilityKind.PUSTU: {FacilityKind.PUSKESMAS},
    FacilityKind.POSYANDU: {FacilityKind.PUSTU, FacilityKind.PUSKESMAS},
}
LONGEST_NAME, LONGEST_CODE = 100, 30


@transaction.atomic
def close_facility(*, facility: Facility, on: dt.date, by: User | None, decree: str = "") -> None:
    """Closed from ``on``: the day before is its last, and the week that holds it the last one
    expected. It serves its villages up to then."""
    (facility,) = placing.locked(facility)
    _check_unit(facility)
    placing.check_day(facility, on, may_be_ahead=True)
    below = Facility.objects.hung_under([facility.pk], on).open_on(on)
    if names := list(below.order_by("code").values_list("name", flat=True)[:6]):
        message = _("Still open below it: %(names)s. Close or move these first.")
        raise InvalidInput({"on": message % {"names": ", ".join(names)}})
    placing.end_status(facility, on, OperatingStatus.CLOSED)
    placing.stop_serving(facility, on)
    _note(facility, NetworkEventKind.CLOSE, on, by, decree)


@transaction.atomic
def reopen_facility(*, facility: Facility, on: dt.date, by: User | None, decree: str = "") -> None:
    """Open again from ``on``, with the villages it served when it was closed."""
    (facility,) = placing.locked(facility)
    _check_unit(facility)
    placing.check_day(facility, on, may_be_ahead=True)
    if NetworkEvent.objects.filter(facility=facility, kind=NetworkEventKind.MERGE).exists():
        raise InvalidInput({"on": _("It was merged into another unit.")})
    was_closed = placing.end_status(facility, on, OperatingStatus.OPEN)
    served = facility.service_areas.filter(end_on=was_closed.start_on)
    placing.serve(facility, served.values_list("village_id", flat=True), on)
    _note(facility, NetworkEventKind.REOPEN, on, by, decree)


@transaction.atomic
def rename_facility(
    *, facility: Facility, name: str, on: dt.date, by: User | None, decree: str = ""
) -> None:
    """Another name from ``on``; weeks that ended before keep the old one."""
    (facility,) = placing.locked(facility)
    placing.check_day(facility, on, may_be_ahead=False)
    name = _name(name)
    if name == facility.name:
        raise InvalidInput({"name": _("This is its name already.")})
    if facility.former_names.filter(end_on__gte=on).exists():
        raise InvalidInput({"on": _("It was renamed on that day or later already.")})
    old = facility.name
    FormerName.objects.create(facility=facility, name=old, end_on=on)
    facility.name = name
    facility.save(update_fields=["name"])
    _note(facility, NetworkEventKind.RENAME, on, by, decree, name=old)


@transaction.atomic
def move_facility(
    *, facility: Facility, parent: Facility, on: dt.date, by: User | None, decree: str = ""
) -> None:
    """Under another parent from ``on``, with all below it; the villages of a Pustu go along.

    Counts of weeks that ended before stay with the old parent: the database adds them up so.
    """
    facility, parent = placing.locked(facility, parent)
    _check_unit(facility)
    placing.check_day(facility, on, may_be_ahead=False)
    _check_can_hang(facility, parent)
    if facility.parent_id == parent.pk:
        raise InvalidInput({"other": _("It hangs there already.")})
    if not Facility.objects.filter(pk=parent.pk).open_on(on).exists():
        message = _("%(name)s is not open on that day.")
        raise InvalidInput({"other": message % {"name": parent.name}})
    before = facility.parent
    placing.hang(facility, parent, on)
    if facility.kind == FacilityKind.PUSTU and before is not None:
        for area in facility.service_areas.current(on):
            others = Facility.objects.hung_under([before.pk], on).filter(
                Q(service_areas__end_on=None) | Q(service_areas__end_on__gt=on),
                service_areas__village=area.village_id,
                service_areas__start_on__lte=on,
            )
            if not others.exists():
                placing.stop_serving(before, on, area.village_id)
            placing.serve(parent, [area.village_id], on)
    _note(facility, NetworkEventKind.MOVE, on, by, decree, other=parent)


@transaction.atomic
def merge_facilities(
    *,
    facilities: Sequence[Facility],
    code: str,
    name: str,
    on: dt.date,
    by: User | None,
    decree: str = "",
) -> Facility:
    """Several units become a new one from ``on``. It inherits no counts; what hung below them,
    their villages and their people go on with it. The old ones accept no later report."""
    units = placing.locked(*facilities)
    if len({unit.pk for unit in units}) < 2:
        raise InvalidInput({"units": _("Choose at least two units.")})
    first = units[0]
    for unit in units:
        _check_unit(unit)
        if (unit.kind, unit.parent_id) != (first.kind, first.parent_id):
            message = _("Only units of one kind under one parent can be merged.")
            raise InvalidInput({"units": message})
    placing.check_day(first, on, may_be_ahead=False)
    code, name = _code(code), _name(name)
    into = _new_beside(first, code, name)
    villages: list[str] = []
    for unit in units:
        for child in placing.placed_under([unit], on):
            placing.hang(child, into, on)
        ended = placing.end_status(unit, on, OperatingStatus.CLOSED)
        villages += placing.stop_serving(unit, on)
        _note(unit, NetworkEventKind.MERGE, on, by, decree, other=into)
    _open_like(into, ended, on)
    placing.serve(into, villages, on)
    # They keep what they have at the old unit: its weeks before that day may still be open.
    Posting.objects.bulk_create(
        Posting(
            user_id=row.user_id, role=row.role, facility=into, cluster_code=row.cluster_code,
            start_on=max(on, row.start_on), end_on=row.end_on,
        )
        for row in Posting.objects.filter(Q(end_on=None) | Q(end_on__gt=on), facility__in=units)
    )  # fmt: skip
    into.refresh_from_db()
    return into


@transaction.atomic
def split_facility(
    *,
    facility: Facility,
    villages: Sequence[Area],
    code: str,
    name: str,
    on: dt.date,
    by: User | None,
    decree: str = "",
) -> Facility:
    """A new unit beside this one serves some of its villages from ``on``, and has what hangs
    below it there. It begins without counts; nobody is posted to it yet."""
    (facility,) = placing.locked(facility)
    _check_unit(facility)
    placing.check_day(facility, on, may_be_ahead=False)
    code, name = _code(code), _name(name)
    status = facility.statuses.filter(in_force(on), operating=OperatingStatus.OPEN).first()
    if status is None:
        message = _("%(name)s is not open on that day.")
        raise InvalidInput({"on": message % {"name": facility.name}})
    served = set(facility.service_areas.current(on).values_list("village_id", flat=True))
    taken = {area.pk for area in villages}
    if not taken or not taken < served:
        raise InvalidInput(
            {"villages": _("Choose at least one of its villages, and leave it at least one.")}
        )
    below = _going_along(facility, taken, on)
    into = _new_beside(facility, code, name)
    into.village_id = min(taken)
    into.save(update_fields=["village"])
    _open_like(into, status, on)
    for village in sorted(taken):
        placing.hand_over(village, facility, into, on)
    for child in below:
        placing.hang(child, into, on)
    _note(facility, NetworkEventKind.SPLIT, on, by, decree, other=into)
    into.refresh_from_db()
    return into


def _going_along(facility: Facility, taken: set[str], on: dt.date) -> list[Facility]:
    """What hangs below and stands in those villages, or serves them and no others."""
    found = []
    for child in placing.placed_under([facility], on):
        serves = set(child.service_areas.current(on).values_list("village_id", flat=True))
        if serves & taken and not serves <= taken:
            message = _("%(name)s serves villages of both. Hand them over first.")
            raise InvalidInput({"villages": message % {"name": child.name}})
        if serves & taken or (not serves and child.village_id in taken):
            found.append(child)
    return found


def _new_beside(facility: Facility, code: str, name: str) -> Facility:
    return Facility.objects.create(
        district_id=facility.district_id, kind=facility.kind, code=code, name=name,
        parent=facility.parent, village_id=facility.village_id, basis="event",
    )  # fmt: skip


def _open_like(into: Facility, status: FacilityStatus, on: dt.date) -> None:
    """Open from a day, as far in the roll-out as the unit it came from."""
    FacilityStatus.objects.create(
        facility=into,
        operating=OperatingStatus.OPEN,
        ilp_stage=status.ilp_stage,
        ilp_target_year=status.ilp_target_year,
        start_on=on,
        basis="event",
    )


@transaction.atomic
def hand_over_village(
    *,
    facility: Facility,
    village: Area,
    other: Facility,
    on: dt.date,
    by: User | None,
    decree: str = "",
) -> None:
    """From ``on`` another unit of the same kind serves a village of this one."""
    facility, other = placing.locked(facility, other)
    _check_unit(facility)
    placing.check_day(facility, on, may_be_ahead=True)
    if other.kind != facility.kind or other.pk == facility.pk:
        raise InvalidInput({"other": _("Choose another unit of the same kind.")})
    if not Facility.objects.filter(pk=other.pk).open_on(on).exists():
        message = _("%(name)s is not open on that day.")
        raise InvalidInput({"other": message % {"name": other.name}})
    if not facility.service_areas.filter(in_force(on), village=village).exists():
        message = _("%(name)s does not serve this village on that day.")
        raise InvalidInput({"village": message % {"name": facility.name}})
    placing.hand_over(village.pk, facility, other, on)
    _note(facility, NetworkEventKind.VILLAGE, on, by, decree, other=other, village=village)


def _check_unit(facility: Facility) -> None:
    if facility.kind == FacilityKind.DINKES:
        raise InvalidInput({"on": _("This does not happen to a district health office.")})


def _check_can_hang(facility: Facility, parent: Facility) -> None:
    if parent.kind not in _PARENTS.get(facility.kind, set()):
        message = _("A {kind} cannot hang under a {parent_kind}.").format(
            kind=facility.get_kind_display(), parent_kind=parent.get_kind_display()
        )
        raise InvalidInput({"other": message})


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput({"name": _("Enter a name.")})
    if len(name) > LONGEST_NAME or "\0" in name:
        message = _("At most {longest} characters; there are {count}.")
        raise InvalidInput({"name": message.format(longest=LONGEST_NAME, count=len(name))})
    return name


def _code(code: str) -> str:
    code = code.strip()
    if not code or "\0" in code or len(code) > LONGEST_CODE:
        raise InvalidInput({"code": _("Enter a code of at most 30 characters.")})
    if Facility.objects.coded(code).exists():
        raise InvalidInput({"code": _("There is a facility with this code already.")})
    return code


def _note(
    facility: Facility,
    kind: NetworkEventKind,
    on: dt.date,
    by: User | None,
    decree: str,
    *,
    other: Facility | None = None,
    village: Area | None = None,
    name: str = "",
) -> None:
    NetworkEvent.objects.create(
        facility=facility, kind=kind, on=on, by=by, decree=decree.strip()[:100], other=other,
        village=village, name=name,
    )  # fmt: skip
