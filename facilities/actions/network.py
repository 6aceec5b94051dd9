"""Load a district's shipped facilities, service areas and population figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from facilities.actions.districts import OPEN_SINCE
from facilities.models import Area, District, Facility, FacilityStatus, ServiceArea
from facilities.models.facility import FacilityKind, IlpStage, OperatingStatus
from facilities.shipped import shipped_rows
from facilities.tabular.shipped import Row, decimal, number

# How far the roll-out was at the date of the article → our stages.
_STAGES = {
    "in_process": IlpStage.PREPARING,
    "focus": IlpStage.PILOT,
    "implemented": IlpStage.IMPLEMENTED,
}
_TREE = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU, FacilityKind.POSYANDU)


def ilp_stage(status: str, target_year: int | None, current_year: int) -> IlpStage:
    """A unit only planned prepares once its year has come."""
    if status == "planned":
        is_due = target_year is not None and target_year <= current_year
        return IlpStage.PREPARING if is_due else IlpStage.NONE
    return _STAGES[status]


@transaction.atomic
def load_area_figures(district: District) -> int:
    """Population and coordinates of the areas; only where none are known yet."""
    rows = {row["code"]: row for row in shipped_rows(district.code, "areas")}
    areas = list(Area.objects.filter(code__in=rows, population=None))
    for area in areas:
        row = rows[area.code]
        area.population = number(row["population"])
        area.population_year = number(row["population_year"])
        area.population_basis = row["population_basis"]
        area.latitude = decimal(row["latitude"])
        area.longitude = decimal(row["longitude"])
    fields = ["population", "population_year", "population_basis", "latitude", "longitude"]
    Area.objects.bulk_update(areas, fields, batch_size=500)
    return len(areas)


@transaction.atomic
def load_network(district: District) -> dict[str, int]:
    """Create the shipped facilities that are missing; returns how many of each kind.

    Facilities that exist keep their values: the office may have corrected them.
    """
    ids = dict(Facility.objects.filter(district=district).values_list("code", "pk"))
    dinkes_id = Facility.objects.only("pk").get(district=district, kind=FacilityKind.DINKES).pk
    rows = shipped_rows(district.code, "facilities")
    created: dict[str, int] = {}
    for kind in _TREE:  # level by level: the path trigger reads the parent's row
        new = [row for row in rows if row["kind"] == kind and row["code"] not in ids]
        made = Facility.objects.bulk_create(
            [_facility(row, district, ids.get(row["parent_code"], dinkes_id)) for row in new],
            batch_size=1000,
        )
        ids |= {facility.code: facility.pk for facility in made}
        year = timezone.localdate(timezone=district.zone).year
        FacilityStatus.objects.bulk_create(
            [_status(row, ids[row["code"]], year) for row in new], batch_size=1000
        )
        created[kind] = len(made)
    return created


def _facility(row: Row, district: District, parent_id: int) -> Facility:
    values: dict[str, Any] = {
        name: row[name]
        for name in (
            "code", "kind", "name", "ministry_code", "ministry_code_old", "address", "basis", "note"
        )
    }  # fmt: skip
    return Facility(
        district=district,
        parent_id=parent_id,
        village_id=row["village_code"] or None,
        latitude=decimal(row["latitude"]),
        longitude=decimal(row["longitude"]),
        **values,
    )


def _status(row: Row, facility_id: int, current_year: int) -> FacilityStatus:
    target_year = number(row["ilp_year"])
    return FacilityStatus(
        facility_id=facility_id,
        operating=OperatingStatus.OPEN,
        ilp_stage=ilp_stage(row["ilp_status"], target_year, current_year),
        ilp_target_year=target_year,
        start_on=OPEN_SINCE,
        basis=f"{row['ilp_basis']}; open 2020",
    )


@transaction.atomic
def load_service_areas(district: District) -> int:
    """Who serves which village: Puskesmas by the file, Pustu and Posyandu their own village."""
    facilities = Facility.objects.filter(district=district)
    ids = dict(facilities.values_list("code", "pk"))
    served = set(
        ServiceArea.objects.filter(facility__district=district).values_list("facility", "village")
    )
    wanted: list[tuple[int, str, str]] = [
        (ids[row["facility_code"]], row["village_code"], row["basis"])
        for row in shipped_rows(district.code, "service_areas")
        if row["facility_code"] in ids
    ]
    wanted += [
        (pk, village, "derived")
        for pk, village in facilities.filter(
            kind__in=[FacilityKind.PUSTU, FacilityKind.POSYANDU], village__isnull=False
        ).values_list("pk", "village_id")
    ]
    missing = _service_areas(wanted, served, OPEN_SINCE)
    ServiceArea.objects.bulk_create(missing, batch_size=2000)
    return len(missing)


def _service_areas(
    wanted: Iterable[tuple[int, str, str]], served: set[tuple[int, str]], start_on: dt.date
) -> list[ServiceArea]:
    return [
        ServiceArea(facility_id=pk, village_id=village, start_on=start_on, basis=basis)
        for pk, village, basis in wanted
        if (pk, village) not in served
    ]
