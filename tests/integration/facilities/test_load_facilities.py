from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from facilities.models import Facility, FacilityStatus, ServiceArea
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
HEADER = "kode,jenis,nama,kode_induk,kode_desa,desa_dilayani,buka_sejak,lintang\n"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def load(tmp_path, capsys):
    def run(text, *options):
        path = tmp_path / "fasilitas.csv"
        path.write_text(HEADER + text, encoding="utf-8")
        refusal = None
        try:
            call_command("load_facilities", path, *options, verbosity=0)
        except CommandError as error:
            refusal = str(error)
        printed = capsys.readouterr()
        return refusal, printed.out + printed.err

    return run


# The child stands before its parent: files need not be sorted.
TREE = (
    "P3-PY001,Posyandu,Posyandu Melati,P3-PT01,19.06.01.2003,,2024-02-01,\n"
    "P3-PT01,Pustu,Pustu Baru,P3,19.06.01.2003,19.06.01.2003,2024-02-01,-2.5\n"
    "P3,Puskesmas,Puskesmas Ketiga,DINKES-19.06,,19.06.01.2003|19.06.01.2002,,\n"
)


def test_new_branch_hangs_right_with_status_and_service_areas(world, load):
    assert load(TREE)[0] is None
    posyandu = Facility.objects.get(code="P3-PY001")
    assert posyandu.path.startswith(Facility.objects.get(code="P3").path + ".")
    assert posyandu.district == world.district
    assert str(FacilityStatus.objects.get(facility=posyandu).start_on) == "2024-02-01"
    assert ServiceArea.objects.filter(facility__code="P3").count() == 2


def test_same_file_twice_changes_nothing(world, load):
    load(TREE)
    _refusal, printed = load(TREE)
    assert "0 dibuat, 0 diubah, 3 tetap" in printed


def test_corrected_name_is_changed_in_place(world, load):
    load(TREE)
    _refusal, printed = load(TREE.replace("Pustu Baru", "Pustu Lama"))
    assert "0 dibuat, 1 diubah, 2 tetap" in printed
    assert Facility.objects.get(code="P3-PT01").name == "Pustu Lama"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Z1,Klinik,Klinik Satu,P1,,,,", "kolom jenis: Isi Puskesmas, Pustu, atau Posyandu"),
        ("Z1,Pustu,,P1,,,,", "kolom nama: Isi nama"),
        ("Z1,Pustu,Pustu Z,NIHIL,,,,", "Tidak ada fasilitas dengan kode ‘NIHIL’"),
        ("Z1,Pustu,Pustu Z,P1-PT01,,,,", "Pustu tidak dapat berada di bawah Pustu"),
        ("Z1,Pustu,Pustu Z,P1,19.06.01,,,", "kolom kode_desa: Tidak ada desa"),
        ("Z1,Pustu,Pustu Z,P1,,19.99.99.9999,,", "kolom desa_dilayani: Tidak ada desa"),
        ("Z1,Pustu,Pustu Z,P1,,,1 Mei 2024,", "Isi tanggal seperti 2026-01-31"),
        ("Z1,Pustu,Pustu Z,P1,,,,100", "Isi derajat antara -90 dan 90"),
        ("P1-PT01,Pustu,Pustu Z,P2,,,,", "berkas tidak dapat memindahkannya"),
        ("P3,Puskesmas,Lagi,DINKES-19.06,,,,", "Kode ‘P3’ sudah ada di baris 4"),
    ],
)
def test_one_bad_row_refuses_the_file(world, load, row, message):
    before = Facility.objects.count()
    refusal, printed = load(TREE + row + "\n")
    assert "1 kesalahan" in (refusal or "")
    assert "Baris 5" in printed
    assert message in printed
    assert Facility.objects.count() == before


def test_dry_run_saves_nothing(world, load):
    before = Facility.objects.count()
    assert load(TREE, "--dry-run")[0] is None
    assert Facility.objects.count() == before
