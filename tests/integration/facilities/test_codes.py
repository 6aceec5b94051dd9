"""Case N6, network/codes-without-regard-to-case.json: every door, any spelling, one unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Achievement
from facilities.models import Facility
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
CASE = Path(__file__).parents[2] / "cases" / "network" / "codes-without-regard-to-case.json"
GIVEN = json.loads(CASE.read_text(encoding="utf-8"))
CODE = GIVEN["before"]["existing_code"]
# The Excel form: tests/integration/reports/sheets/test_spelling_of_codes.py.
TRIES = {(one["door"], one["code"]) for one in GIVEN["tries"]}


@pytest.fixture
def world():
    world = build_world()
    Facility.objects.filter(pk=world.pustu.pk).update(code=CODE)
    before = Facility.objects.count()
    yield world
    assert Facility.objects.count() == before
    assert Facility.objects.get(pk=world.pustu.pk).code == CODE


def codes_at(door):
    return sorted(code for at, code in TRIES if at == door)


@pytest.mark.parametrize("code", [*codes_at("import of facilities"), f" {CODE.title()} "])
def test_import_of_facilities_finds_the_unit(world, tmp_path, code):
    file = tmp_path / "fasilitas.csv"
    file.write_text(f"kode,jenis,nama,kode_induk\n{code},Pustu,Pustu Lain,p1\n", encoding="utf-8")
    call_command("load_facilities", file, verbosity=0)
    world.pustu.refresh_from_db()
    assert world.pustu.name == "Pustu Lain"


def test_one_code_in_two_spellings_is_twice_in_the_file(world, tmp_path):
    file = tmp_path / "fasilitas.csv"
    file.write_text(
        "kode,jenis,nama,kode_induk\nBARU-1,Pustu,Satu,P1\nbaru-1,Pustu,Dua,P1\n", encoding="utf-8"
    )
    with pytest.raises(CommandError):
        call_command("load_facilities", file, verbosity=0)


@pytest.mark.parametrize("code", codes_at("import of counts"))
def test_import_of_counts_takes_it(world, tmp_path, code):
    file = tmp_path / "capaian.csv"
    file.write_text(
        f"kode_faskes,indikator,minggu,jumlah,penyebut\n{code},KIA01,2026-W40,3,\n",
        encoding="utf-8",
    )
    call_command("load_achievements", file, verbosity=0)
    assert Achievement.objects.get().facility == world.pustu


@pytest.mark.parametrize("code", codes_at("API filter facility="))
def test_api_filter_finds_the_unit_or_says_that_it_is_unknown(world, code):
    Achievement.objects.create(
        facility=world.pustu, indicator_code="KIA01", week="2026-09-06", year=2026, numerator=3,
        source="page",
    )  # fmt: skip
    api = APIClient()
    api.force_authenticate(world["dinkes"])
    answer = api.get(reverse("api:achievement-list"), {"facility": code})
    if code.casefold() == CODE.casefold():
        assert [row["facility"] for row in answer.json()["results"]] == [CODE]
        return
    assert answer.status_code == 400
    assert code in answer.json()["errors"]["facility"][0]


@pytest.mark.parametrize("code", codes_at("page address"))
def test_page_address_in_any_spelling(world, code):
    client = Client()
    client.force_login(world["dinkes"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("reports:facility-detail", args=[code])).status_code == 200


def test_second_unit_of_one_code_is_refused_in_the_admin(world):
    twin = Facility(
        district=world.district, kind="pustu", code=f" {CODE.lower()} ", name="Kembar",
        parent=world.puskesmas,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refusal:
        twin.full_clean()
    assert "code" in refusal.value.message_dict


def test_all_doors_of_the_case_are_tried():
    assert {door for door, _code in TRIES} == {
        "import of facilities", "import of counts", "API filter facility=", "page address",
        "Excel form, hidden sheet",
    }  # fmt: skip
