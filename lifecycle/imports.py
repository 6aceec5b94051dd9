"""Target population from a file: all rows are good and saved together, or none is."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.codes import code_key
from facilities.models import Area, Facility
from facilities.tabular import cells
from facilities.tabular.reading import Column, Row, Table
from facilities.tabular.shipped import Tally
from lifecycle.models import LifecycleGroup, Official, TargetPopulation

SHEET = "sasaran"
COLUMNS = (
    Column("place", ("kode", "kode_desa", "kode_faskes")),
    Column("group", ("kelompok", "kode_kelompok")),
    Column("year", ("tahun",)),
    Column("estimated", ("estimasi",), is_required=False),
    Column("counted", ("riil", "hasil_pendataan"), is_required=False),
    Column("official", ("resmi",), is_required=False),
)
_OFFICIAL = {
    "estimated": Official.ESTIMATED, "estimasi": Official.ESTIMATED,
    "counted": Official.COUNTED, "riil": Official.COUNTED,
}  # fmt: skip
Key = tuple[str, str, int]


def _official(value: cells.Cell) -> str | None:
    if value is None:
        return None
    if str(value).strip().casefold() not in _OFFICIAL:
        raise cells.CellRefused(
            _("Enter “estimasi” or “riil”. You entered ‘{value}’.").format(value=cells.shown(value))
        )
    return _OFFICIAL[str(value).strip().casefold()]


def _year(value: cells.Cell) -> int:
    year = cells.count(value)
    if year is None or not 2000 <= year <= 2100:
        raise cells.CellRefused(
            _("Enter a year like 2026. You entered ‘{value}’.").format(
                value="" if value is None else cells.shown(value)
            )
        )
    return year


@transaction.atomic
def import_target_population(table: Table) -> Tally:
    """Create or correct figures of villages (dotted code) and facilities (own code).

    A figure the file leaves empty stays as it is. Raises FileRefused with every error.
    """
    codes = {code_key(str(row["place"])) for _number, row in table.rows}
    villages = set(
        Area.objects.filter(code__in=codes, kind="village").values_list("code", flat=True)
    )
    facilities = {key: row.pk for key, row in Facility.objects.by_code(codes).items()}
    groups = set(LifecycleGroup.objects.values_list("code", flat=True))
    rows: dict[Key, tuple[int, dict[str, Any]]] = {}
    for row in table:
        parsed = _row(table, row, villages | facilities.keys(), groups)
        if parsed is None:
            continue
        key, values = parsed
        if key in rows:
            message = _("The same place, group and year is already in row {row}.")
            table.error(row[0], "", message.format(row=rows[key][0]))
        else:
            rows[key] = (row[0], values)
    existing = _existing(rows, facilities)
    for key, (number, values) in rows.items():
        known = existing.get(key)
        if known is not None and known.locked_at is not None and _changes(known, values):
            message = _("The figures of {year} are locked; they can no longer be changed.")
            table.error(number, "", message.format(year=key[2]))
    table.check()
    return _save(rows, existing, villages, facilities)


def _row(
    table: Table, row: Row, places: set[str], groups: set[str]
) -> tuple[Key, dict[str, Any]] | None:
    number, given = row
    before = len(table.errors)
    place = table.take(row, "place", cells.code)
    place = None if place is None else code_key(place)
    if place is not None and place not in places:
        message = _("There is no village or facility with the code ‘{code}’.")
        table.error(number, "place", message.format(code=place))
    group = table.take(row, "group", cells.code)
    if group is not None and group not in groups:
        message = _("There is no life-cycle group ‘{code}’.")
        table.error(number, "group", message.format(code=group))
    year = table.take(row, "year", _year)
    values: dict[str, Any] = {
        "estimated": table.take(row, "estimated", cells.count),
        "counted": table.take(row, "counted", cells.count),
        "official": table.take(row, "official", _official),
    }
    if len(table.errors) > before or place is None or group is None or year is None:
        return None
    if values["estimated"] is None and values["counted"] is None and values["official"] is None:
        table.error(number, "", _("Enter an estimate or a count."))
        return None
    if values["official"] == Official.COUNTED and given.get("counted") is None:
        table.error(number, "counted", _("The official figure is the count: enter it."))
        return None
    return (place, group, year), {name: one for name, one in values.items() if one is not None}


def _existing(
    rows: dict[Key, tuple[int, dict[str, Any]]], facilities: dict[str, int]
) -> dict[Key, TargetPopulation]:
    codes = {place for place, _group, _year in rows}
    years = {year for _place, _group, year in rows}
    found: dict[Key, TargetPopulation] = {}
    for one in TargetPopulation.objects.select_for_update().filter(
        year__in=years, village__in=codes - facilities.keys()
    ):
        found[one.village_id or "", one.group_code, one.year] = one
    names = {pk: code for code, pk in facilities.items()}
    for one in TargetPopulation.objects.select_for_update().filter(
        year__in=years, facility__in=names
    ):
        found[names[one.facility_id or 0], one.group_code, one.year] = one
    return found


def _changes(row: TargetPopulation, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _save(
    rows: dict[Key, tuple[int, dict[str, Any]]],
    existing: dict[Key, TargetPopulation],
    villages: set[str],
    facilities: dict[str, int],
) -> Tally:
    tally = Tally()
    new: list[TargetPopulation] = []
    changed: list[TargetPopulation] = []
    for (place, group, year), (_number, values) in rows.items():
        row = existing.get((place, group, year))
        if row is None:
            new.append(
                TargetPopulation(
                    village_id=place if place in villages else None,
                    facility_id=None if place in villages else facilities[place],
                    group_code=group,
                    year=year,
                    basis="import",
                    **values,
                )
            )
        elif _changes(row, values):
            for name, value in values.items():
                setattr(row, name, value)
            row.basis = "import"
            row.version += 1
            changed.append(row)
        else:
            tally.unchanged += 1
    TargetPopulation.objects.bulk_create(new, batch_size=3000)
    fields = ["estimated", "counted", "official", "basis", "version"]
    TargetPopulation.objects.bulk_update(changed, fields, batch_size=1000)
    tally.created, tally.changed = len(new), len(changed)
    return tally
