"""Facilities from a file: all rows are good and saved together, or none is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.actions.districts import OPEN_SINCE
from facilities.codes import code_key
from facilities.models import Area, Facility, FacilityStatus, ServiceArea
from facilities.models.facility import FacilityKind, OperatingStatus
from facilities.tabular import cells
from facilities.tabular.reading import Column, Row, Table
from facilities.tabular.shipped import Tally, words

SHEET = "fasilitas"
COLUMNS = (
    Column("code", ("kode", "kode_faskes")),
    Column("kind", ("jenis",)),
    Column("name", ("nama",)),
    Column("parent", ("kode_induk", "induk")),
    Column("village", ("kode_desa",), is_required=False),
    Column("ministry_code", ("kode_kemenkes",), is_required=False),
    Column("address", ("alamat",), is_required=False),
    Column("latitude", ("lintang",), is_required=False),
    Column("longitude", ("bujur",), is_required=False),
    Column("serves", ("desa_dilayani",), is_required=False),
    Column("open_on", ("buka_sejak",), is_required=False),
)
_TREE = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU, FacilityKind.POSYANDU)
_PARENTS = {
    FacilityKind.PUSKESMAS: {FacilityKind.DINKES},
    FacilityKind.PUSTU: {FacilityKind.PUSKESMAS},
    FacilityKind.POSYANDU: {FacilityKind.PUSTU, FacilityKind.PUSKESMAS},
}
Parsed = dict[str, tuple[int, dict[str, Any]]]  # code_key → (row number, values)


def _kind(value: cells.Cell) -> FacilityKind:
    kind = str(value).strip().casefold()
    if kind not in _TREE:
        raise cells.CellRefused(
            _("Enter Puskesmas, Pustu or Posyandu. You entered ‘{value}’.").format(
                value="" if value is None else cells.shown(value)
            )
        )
    return FacilityKind(kind)


def _name(value: cells.Cell) -> str:
    if value is None:
        raise cells.CellRefused(_("Enter a name."))
    return cells.text(value, 100, is_name=True)


_JUDGES: dict[str, Any] = {
    "ministry_code": lambda value: cells.text(value, 20, is_name=True),
    "address": lambda value: cells.text(value, 200, is_name=True),
    "latitude": lambda value: cells.degrees(value, 90),
    "longitude": lambda value: cells.degrees(value, 180),
    "open_on": cells.date,
    "serves": lambda value: words("".join(str(value or "").split())),
    "village": lambda value: None if value is None else cells.code(value),
}


@transaction.atomic
def import_facilities(table: Table) -> Tally:
    """Create facilities with their status and service areas, or correct their master data.

    Parents may come later in the same file. An existing facility cannot change kind or parent
    here. Raises FileRefused with every error.
    """
    rows: Parsed = {}
    for row in table:
        parsed = _parse(table, row)
        if parsed is None:
            continue
        code = parsed["code"]
        key = code_key(code)
        if key in rows:
            message = _("The code ‘{code}’ is already in row {row}.")
            table.error(row[0], "code", message.format(code=code, row=rows[key][0]))
        else:
            rows[key] = (row[0], parsed)
    wanted = set(rows) | {values["parent"] for _number, values in rows.values()}
    known = Facility.objects.select_related("parent").by_code(wanted)
    _check_tree(table, rows, known)
    _check_villages(table, rows)
    table.check()
    return _save(rows, known)


def _parse(table: Table, row: Row) -> dict[str, Any] | None:
    before = len(table.errors)
    values: dict[str, Any] = {
        "code": table.take(row, "code", _code),
        "kind": table.take(row, "kind", _kind),
        "name": table.take(row, "name", _name),
        "parent": table.take(row, "parent", cells.code),
    }
    given = {key: table.take(row, key, judge) for key, judge in _JUDGES.items() if key in row[1]}
    return None if len(table.errors) > before else values | given


def _code(value: cells.Cell) -> str:
    code = cells.code(value).strip()
    if len(code) > 30:
        raise cells.CellRefused(
            _("At most {longest} characters; there are {count}.").format(
                longest=30, count=len(code)
            )
        )
    return code


def _check_tree(table: Table, rows: Parsed, known: dict[str, Facility]) -> None:
    for key, (number, values) in rows.items():
        parent = code_key(values["parent"])
        parent_kind: Any = rows[parent][1]["kind"] if parent in rows else None
        if parent in known:
            parent_kind = known[parent].kind
        if parent_kind is None:
            message = _("There is no facility with the code ‘{code}’. Check the facility list.")
            table.error(number, "parent", message.format(code=values["parent"]))
        elif parent_kind not in _PARENTS[values["kind"]]:
            message = _("A {kind} cannot hang under a {parent_kind}.")
            table.error(
                number,
                "parent",
                message.format(
                    kind=values["kind"].label, parent_kind=FacilityKind(parent_kind).label
                ),
            )
        existing = known.get(key)
        if existing is not None and (
            existing.kind != values["kind"]
            or existing.parent is None
            or code_key(existing.parent.code) != parent
        ):
            message = _("{facility} exists with another kind or parent; a file cannot move it.")
            table.error(number, "parent", message.format(facility=existing))


def _check_villages(table: Table, rows: Parsed) -> None:
    mentioned = {
        village
        for _number, values in rows.values()
        for village in [*values.get("serves", []), values.get("village")]
        if village
    }
    villages = set(
        Area.objects.filter(code__in=mentioned, kind="village").values_list("code", flat=True)
    )
    message = _("There is no village with the code ‘{code}’.")
    for number, values in rows.values():
        village = values.get("village")
        if village and village not in villages:
            table.error(number, "village", message.format(code=village))
        for one in values.get("serves", []):
            if one not in villages:
                table.error(number, "serves", message.format(code=one))


def _save(rows: Parsed, known: dict[str, Facility]) -> Tally:
    tally = Tally()
    for kind in _TREE:  # level by level: the path trigger reads the parent's row
        for key, (_number, values) in rows.items():
            if values["kind"] != kind:
                continue
            fields: dict[str, Any] = {
                name: values[name] or ""
                for name in ("name", "ministry_code", "address")
                if name in values
            } | {name: values[name] for name in ("latitude", "longitude") if name in values}
            if "village" in values:
                fields["village_id"] = values["village"]
            facility = known.get(key)
            is_changed = False
            if facility is None:
                parent = known[code_key(values["parent"])]
                facility = Facility.objects.create(
                    code=values["code"],
                    kind=kind,
                    parent=parent,
                    district_id=parent.district_id,
                    basis="import",
                    **fields,
                )
                known[key] = facility
                FacilityStatus.objects.create(
                    facility=facility,
                    operating=OperatingStatus.OPEN,
                    start_on=values.get("open_on") or OPEN_SINCE,
                    basis="import" if values.get("open_on") else "assumed",
                )
                _serve(facility, values)
                tally.created += 1
                continue
            changed = [name for name, value in fields.items() if getattr(facility, name) != value]
            for name in changed:
                setattr(facility, name, fields[name])
            if changed:
                facility.save(update_fields=changed)
            is_changed = bool(changed) | bool(_serve(facility, values))
            tally.changed += is_changed
            tally.unchanged += not is_changed
    return tally


def _serve(facility: Facility, values: dict[str, Any]) -> int:
    """Add the villages not yet served; returns how many. None is taken away."""
    served = set(facility.service_areas.filter(end_on=None).values_list("village_id", flat=True))
    missing = [one for one in dict.fromkeys(values.get("serves", [])) if one not in served]
    start_on: dt.date = values.get("open_on") or OPEN_SINCE
    ServiceArea.objects.bulk_create(
        ServiceArea(facility=facility, village_id=one, start_on=start_on, basis="import")
        for one in missing
    )
    return len(missing)
