"""The shipped districts, from nothing."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from facilities.models import Area, District, Facility, ServiceArea
from lifecycle.models import TargetPopulation

pytestmark = pytest.mark.django_db


def load(code, *options):
    call_command("load_catalogues", verbosity=0)
    call_command("load_district", code, "--years", "2026", *options, verbosity=0)


def counts():
    return {
        kind: Facility.objects.filter(kind=kind).count()
        for kind in ("dinkes", "puskesmas", "pustu", "posyandu")
    }


def test_belitung_timur_is_complete():
    load("19.06")
    assert counts() == {"dinkes": 1, "puskesmas": 7, "pustu": 37, "posyandu": 133}
    villages = Area.objects.filter(kind="village")
    assert villages.count() == 39
    assert villages.aggregate(Sum("population"))["population__sum"] == 132495
    served = ServiceArea.objects.filter(facility__kind="puskesmas")
    assert served.values("village").distinct().count() == served.count() == 39
    manggar = Facility.objects.get(code="1012406")
    assert manggar.name == "Puskesmas Manggar"
    pustu = Facility.objects.filter(parent=manggar, kind="pustu").order_by("code")
    assert [one.code for one in pustu][:2] == ["1012406-PT01", "1012406-PT02"]


def test_figures_add_up_and_unknown_groups_stay_unknown():
    load("19.06")
    total = TargetPopulation.objects.values("group_code").annotate(people=Sum("estimated"))
    people = {row["group_code"]: row["people"] for row in total}
    assert people["SEMUA"] == 132495
    assert people["BALITA"] == people["BAYI"] + people["ANBAL"]
    assert people["TBDUGA"] is people["HIVRISK"] is None
    assert people["TBKASUS"] == round(132495 * 0.0039)
    assert set(TargetPopulation.objects.values_list("basis", flat=True)) == {"estimated"}


def test_loading_again_keeps_what_the_office_corrected():
    load("19.06")
    Facility.objects.filter(code="1012406").update(name="UPTD Puskesmas Manggar")
    TargetPopulation.objects.filter(group_code="BUMIL").update(estimated=1)
    before = (counts(), ServiceArea.objects.count(), TargetPopulation.objects.count())
    load("19.06")
    assert (counts(), ServiceArea.objects.count(), TargetPopulation.objects.count()) == before
    assert Facility.objects.get(code="1012406").name == "UPTD Puskesmas Manggar"
    assert set(
        TargetPopulation.objects.filter(group_code="BUMIL").values_list("estimated", flat=True)
    ) == {1}


def test_parts_can_be_left_out():
    load("64.74", "--no-target-population", "--no-facilities")
    assert counts()["puskesmas"] == 0
    assert not TargetPopulation.objects.exists()


def test_any_regency_can_be_created_without_data_of_ours():
    call_command("create_district", "91.03", verbosity=0)
    district = District.objects.get(area="91.03")
    assert district.zone_name == "WIT"
    assert Area.objects.filter(kind="village", code__startswith="91.03.").exists()
    assert Facility.objects.get(district=district).code == "DINKES-91.03"
    call_command("create_district", "91.03", verbosity=0)
    assert District.objects.count() == 1


@pytest.mark.parametrize("code", ["99.01", "19", "19.06.01", "Belitung"])
def test_code_that_is_no_regency_is_refused(code):
    with pytest.raises(CommandError, match=code):
        call_command("create_district", code, verbosity=0)
    assert not District.objects.exists()


def test_two_districts_live_side_by_side():
    load("19.06")
    load("64.74")
    assert counts() == {"dinkes": 2, "puskesmas": 13, "pustu": 52, "posyandu": 257}
    assert District.objects.get(area="64.74").zone_name == "WITA"
