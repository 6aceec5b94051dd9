"""A district large enough for a meeting like that of Manggar, with the demo's own history."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command

from facilities.models import Area, District, Facility, ServiceArea
from ilp.demo.generate import make_demo
from lifecycle.models import LifecycleGroup, TargetPopulation
from tests import clock
from tests.factories.world import SINCE, make_facility

PEOPLE = 2400  # in a village
CODE = "19.06"


def build_town(*puskesmas: int) -> District:
    """A district whose Puskesmas have so many Pustu each: P1 with P1-PT01 and so on, a village
    for each Pustu and one more for the Puskesmas itself."""
    call_command("load_catalogues", verbosity=0)
    Area.objects.create(code=CODE[:2], name="Provinsi Uji", kind="province")
    area = Area.objects.create(code=CODE, name="Kabupaten Uji", kind="regency", parent_id=CODE[:2])
    district = District.objects.create(area=area, timezone=str(clock.zone()))
    dinkes = make_facility(district, "dinkes", f"DINKES-{CODE}")
    villages: list[Area] = []
    for number, pustu in enumerate(puskesmas, 1):
        sub = Area.objects.create(
            code=f"{CODE}.{number:02d}", name=f"Kecamatan {number}", kind="subdistrict",
            parent=area,
        )  # fmt: skip
        mine = [
            Area.objects.create(
                code=f"{sub.code}.20{place:02d}", name=f"Desa {number}-{place}", kind="village",
                parent=sub, population=PEOPLE,
            )
            for place in range(1, pustu + 2)
        ]  # fmt: skip
        villages += mine
        above = make_facility(district, "puskesmas", f"P{number}", dinkes)
        for village in mine:
            ServiceArea.objects.create(facility=above, village=village, start_on=SINCE)
        make_facility(district, "posyandu", f"P{number}-PY00", above, mine[-1])
        for place, village in enumerate(mine[:-1], 1):
            unit = make_facility(district, "pustu", f"P{number}-PT{place:02d}", above, village)
            make_facility(district, "posyandu", f"P{number}-PY{place:02d}", unit, village)
    year = clock.this_week().year
    TargetPopulation.objects.bulk_create(
        TargetPopulation(
            village=village, group_code=group.code, year=wanted,
            estimated=round(PEOPLE * group.default_share) if group.default_share else None,
        )
        for wanted in (year - 1, year)
        for village in villages
        for group in LifecycleGroup.objects.all()
    )  # fmt: skip
    TargetPopulation.objects.filter(group_code="SEMUA").update(estimated=PEOPLE)
    return district


def with_history(district: District, folder: Path, *, weeks: int, seed: int = 1) -> None:
    make_demo(
        district=district,
        weeks=weeks,
        seed=seed,
        now=clock.now(),
        accounts_file=folder / "demo-accounts.csv",
    )


def puskesmas(number: int) -> Facility:
    return Facility.objects.get(code=f"P{number}")
