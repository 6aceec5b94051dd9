"""Which figure is a facility's denominator; locking; the import."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from facilities.models import ServiceArea
from lifecycle.actions.lock import lock_target_population
from lifecycle.models import TargetPopulation
from lifecycle.queries import target_population_by_group, villages_without
from tests.factories.facilities import UserFactory
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 20)


@pytest.fixture
def world():
    return build_world(years=(2026,))


def figures(*facilities, on=DAY):
    return target_population_by_group([one.pk for one in facilities], 2026, on)


def test_levels_add_up_over_villages(world):
    found = figures(world.pustu, world.puskesmas, world.dinkes)
    assert found[world.pustu.pk]["BUMIL"] == 18
    assert found[world.puskesmas.pk]["BUMIL"] == 36
    assert found[world.dinkes.pk]["BUMIL"] == 54


def test_posyandu_has_only_its_own_figure(world):
    assert figures(world.posyandu) == {world.posyandu.pk: {}}
    TargetPopulation.objects.create(
        facility=world.posyandu, group_code="BALITA", year=2026, estimated=44
    )
    assert figures(world.posyandu) == {world.posyandu.pk: {"BALITA": 44}}


def test_own_figure_wins_over_the_villages(world):
    TargetPopulation.objects.create(
        facility=world.puskesmas, group_code="BUMIL", year=2026, estimated=1, counted=50,
        official="counted",
    )  # fmt: skip
    found = figures(world.puskesmas)[world.puskesmas.pk]
    assert (found["BUMIL"], found["SEMUA"]) == (50, 2000)


def test_counted_figure_counts_where_it_is_official(world):
    village = world.pustu.village_id
    TargetPopulation.objects.filter(village=village, group_code="BUMIL").update(
        counted=21, official="counted"
    )
    assert figures(world.puskesmas)[world.puskesmas.pk]["BUMIL"] == 39


def test_unknown_in_one_village_is_unknown_for_the_whole(world):
    assert "TBDUGA" not in figures(world.dinkes)[world.dinkes.pk]
    TargetPopulation.objects.create(
        village_id=world.pustu.village_id, group_code="TBDUGA", year=2026, estimated=None
    )
    assert "TBDUGA" not in figures(world.dinkes)[world.dinkes.pk]
    TargetPopulation.objects.update_or_create(
        village_id=world.other_pustu.village_id, group_code="TBDUGA", year=2026,
        defaults={"estimated": 6},
    )  # fmt: skip
    assert "TBDUGA" not in figures(world.dinkes)[world.dinkes.pk]
    villages = {world.pustu.village_id, world.other_pustu.village_id}
    missing = villages_without([world.puskesmas.pk], ["TBDUGA"], 2026, DAY)
    assert missing[world.puskesmas.pk]["TBDUGA"] == [world.pustu.village.name]
    assert len(villages) == 2


def test_village_counts_on_the_days_it_is_served(world):
    area = ServiceArea.objects.get(
        facility=world.puskesmas, village_id=world.other_pustu.village_id
    )
    area.end_on = DAY
    area.save()
    assert figures(world.puskesmas, on=DAY)[world.puskesmas.pk]["BUMIL"] == 18
    before = DAY - dt.timedelta(days=1)
    assert figures(world.puskesmas, on=before)[world.puskesmas.pk]["BUMIL"] == 36


def test_queries_do_not_grow_with_facilities(world, django_assert_num_queries):
    with django_assert_num_queries(2):
        figures(world.dinkes, world.puskesmas, world.sibling, world.pustu, world.other_pustu)


def test_locked_figure_cannot_be_changed_or_deleted_by_anyone(world):
    by = world["dinkes"]
    count = lock_target_population(district=world.district, year=2026, by=by)
    assert count == TargetPopulation.objects.filter(year=2026).count()
    row = TargetPopulation.objects.filter(group_code="BUMIL")[0]
    for change in ({"estimated": 1}, {"counted": 1}, {"official": "counted"}, {"year": 2027}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetPopulation.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


def test_locking_twice_keeps_the_first_author(world):
    lock_target_population(district=world.district, year=2026, by=world["dinkes"])
    assert lock_target_population(district=world.district, year=2026, by=UserFactory.create()) == 0
    authors = set(TargetPopulation.objects.values_list("locked_by__username", flat=True))
    assert authors == {"dinkes"}


def test_lock_command_needs_a_real_person(world):
    with pytest.raises(CommandError, match="siapa-ini"):
        call_command("lock_target_population", "19.06", 2026, by="siapa-ini")
    call_command("lock_target_population", "19.06", 2026, by="dinkes", verbosity=0)
    assert not TargetPopulation.objects.filter(locked_at=None).exists()


HEADER = "kode,kelompok,tahun,estimasi,riil,resmi\n"


def load(tmp_path, text):
    path = tmp_path / "sasaran.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    call_command("load_target_population", path, verbosity=0)


def test_import_corrects_a_village_and_adds_a_posyandu(world, tmp_path, capsys):
    village = world.pustu.village_id
    text = f"{village},BUMIL,2026,,23,riil\n{world.posyandu.code},BALITA,2026,40,,\n"
    load(tmp_path, text)
    row = TargetPopulation.objects.get(village=village, group_code="BUMIL", year=2026)
    assert (row.estimated, row.counted, row.official, row.version) == (18, 23, "counted", 2)
    load(tmp_path, text)
    assert "0 dibuat, 0 diubah, 2 tetap" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("19.06.01.9999,BUMIL,2026,3,,", "kolom kode: Tidak ada desa atau fasilitas"),
        ("P1-PT01,BUMMIL,2026,3,,", "kolom kelompok: Tidak ada kelompok siklus hidup ‘BUMMIL’"),
        ("P1-PT01,BUMIL,26,3,,", "Isi tahun seperti 2026. Anda mengisi ‘26’"),
        ("P1-PT01,BUMIL,2026,-3,,", "Anda mengisi ‘-3’"),
        ("P1-PT01,BUMIL,2026,,,", "Isi estimasi atau hasil pendataan"),
        ("P1-PT01,BUMIL,2026,3,,resmi", "Isi “estimasi” atau “riil”"),
        ("P1-PT01,BUMIL,2026,3,,riil", "kolom riil: Angka resminya hasil pendataan"),
        ("19.06.01.2003,BUMIL,2026,3,,", "sudah ada di baris 2"),
    ],
)
def test_import_refuses_everything_when_one_row_is_bad(world, tmp_path, capsys, row, message):
    with pytest.raises(CommandError):
        load(tmp_path, f"19.06.01.2003,BUMIL,2026,77,,\n{row}\n")
    assert message in capsys.readouterr().err
    assert not TargetPopulation.objects.filter(estimated=77).exists()


def test_import_cannot_change_a_locked_year(world, tmp_path, capsys):
    lock_target_population(district=world.district, year=2026, by=world["dinkes"])
    load(tmp_path, "19.06.01.2003,BUMIL,2026,18,,\n")  # the same figure: nothing to change
    with pytest.raises(CommandError):
        load(tmp_path, "19.06.01.2003,BUMIL,2026,19,,\n")
    assert "Angka tahun 2026 sudah dikunci" in capsys.readouterr().err
