"""Weekly counts from files: what is refused and said, what is saved, and what repeating does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.weeks import Week
from facilities.models import FacilityStatus
from reports.models import WeeklyReview
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
HEADER = "kode_faskes,indikator,minggu,jumlah,penyebut\n"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def load(tmp_path, capsys):
    """Runs the command on a CSV text or a file; returns (refusal or None, what was printed)."""

    def run(content, *options, name="capaian.csv"):
        path = content
        if isinstance(content, (str, bytes)):
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        refusal = None
        try:
            call_command("load_achievements", path, *options, verbosity=0)
        except CommandError as error:
            refusal = str(error)
        printed = capsys.readouterr()
        return refusal, printed.out + printed.err

    return run


def test_good_file_is_saved_with_its_totals_and_author(world, load):
    refusal, _ = load(HEADER + "P1-PT01,SPM01,2026-W20,4,\n", "--by", "kapustu")
    assert refusal is None
    row = Achievement.objects.get()
    assert (row.numerator, row.denominator, row.source, row.year) == (4, None, "import", 2026)
    assert row.entered_by == world["pustu_head"]
    assert AchievementTotal.objects.get(facility=world.dinkes).running_numerator == 4


def test_same_file_twice_changes_nothing(world, load):
    text = HEADER + "P1-PT01,SPM01,2026-W20,4,\nP1-PT01,GIZ06,2026-W20,1,2\n"
    load(text)
    before = list(Achievement.objects.order_by("pk").values())
    _refusal, printed = load(text)
    assert "0 dibuat, 0 diubah, 2 tetap" in printed
    assert list(Achievement.objects.order_by("pk").values()) == before


def test_correction_raises_the_version_and_keeps_what_was_replaced(world, load):
    load(HEADER + "P1-PT01,SPM01,2026-W20,4,\n")
    load(HEADER + "P1-PT01,SPM01,2026-W20,6,\n")
    row = Achievement.objects.get()
    assert (row.numerator, row.version) == (6, 2)
    history = apps.get_model("clusters", "AchievementEvent").objects.filter(pgh_obj=row)
    rows = history.order_by("pgh_id").values_list("pgh_label", "numerator", "version")
    assert list(rows) == [("insert", 4, 1), ("update", 4, 1)]


def test_dry_run_says_what_would_happen_and_saves_nothing(world, load):
    refusal, printed = load(HEADER + "P1-PT01,SPM01,2026-W20,4,\n", "--dry-run")
    assert refusal is None
    assert "1 dibuat" in printed
    assert not Achievement.objects.exists()


@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_semicolons_and_byte_order_mark_are_read(world, load, head):
    text = head + HEADER.replace(",", ";") + "P1-PT01;SPM01;2026-W20;4;\n"
    assert load(text)[0] is None
    assert Achievement.objects.get().numerator == 4


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("P1-PT01,SPM01,2026-W20,-3,", "kolom jumlah: Isi angka bulat 0 atau lebih. Anda"),
        ('P1-PT01,SPM01,2026-W20,"1,5",', "Anda mengisi ‘1,5’"),
        ("P1-PT01,SPM01,2026-W20,tiga,", "Anda mengisi ‘tiga’"),
        ("P1-PT01,SPM01,2026-W20,,", "hapus baris ini bila tidak ada data"),
        ("P1-PT01,SPM01,2026-W20,99999999999,", "99999999999"),
        ("P1-PT01,SPM01,2090-W20,1,", "kolom minggu: Minggu 2090-W20 belum dimulai"),
        ("P1-PT01,SPM01,2026-20,1,", "Tulis minggu seperti 2026-W24. Anda mengisi ‘2026-20’"),
        ("P1-PT01,SPM01,2026-W53,1,", "2026-W53"),
        ("X9,SPM01,2026-W20,1,", "kolom kode_faskes: Tidak ada fasilitas dengan kode ‘X9’"),
        ("P1-PT01,SPM99,2026-W20,1,", "kolom indikator: Tidak ada indikator ‘SPM99’"),
        ("P1-PT01,SPM05,2026-W20,1,", "tidak melaporkan SPM05"),
        ("P1-PT01,GIZ06,2026-W20,3,2", "kolom jumlah"),
        ("P1-PT01,GIZ06,2026-W20,3,", "kolom penyebut: GIZ06 memerlukan penyebut"),
        ("P1-PT01,SPM01,2026-W20,3,9", "kolom penyebut"),
    ],
)  # fmt: skip
def test_bad_row_is_refused_with_its_place_and_nothing_is_saved(world, load, row, message):
    refusal, printed = load(HEADER + "P1-PT01,SPM02,2026-W20,1,\n" + row + "\n")
    assert "1 kesalahan" in (refusal or "")
    assert "Baris 3" in printed
    assert message in printed
    assert not Achievement.objects.exists()


def test_all_errors_come_at_once(world, load):
    rows = "X9,SPM01,2026-W20,-1,\nP1-PT01,SPM99,2090-W20,x,\n"
    refusal, printed = load(HEADER + rows)
    assert "4 kesalahan" in (refusal or "") or "5 kesalahan" in (refusal or "")
    assert printed.count("Baris 2") == 2


def test_closed_facility_is_refused_in_that_week_only(world, load):
    FacilityStatus.objects.filter(facility=world.pustu).update(end_on=dt.date(2026, 5, 1))
    FacilityStatus.objects.create(
        facility=world.pustu, operating="closed", start_on=dt.date(2026, 5, 1)
    )
    assert load(HEADER + "P1-PT01,SPM01,2026-W16,1,\n")[0] is None
    _refusal, printed = load(HEADER + "P1-PT01,SPM01,2026-W30,1,\n")
    assert "tidak buka pada minggu 2026-W30" in printed


def test_week_already_sent_is_refused(world, load):
    WeeklyReview.objects.create(
        facility=world.pustu,
        week=Week(2026, 20),
        status="submitted",
        submitted_at=dt.datetime(2026, 5, 25, tzinfo=dt.UTC),
        submitted_by=world["pustu_head"],
    )
    _refusal, printed = load(HEADER + "P1-PT01,SPM01,2026-W20,1,\n")
    assert "Evaluasi minggu 2026-W20 sudah dikirim" in printed
    # The counts of its Posyandu stand in the same review.
    _refusal, printed = load(HEADER + "P1-PY001,KR01,2026-W20,1,\n")
    assert "Evaluasi minggu 2026-W20 sudah dikirim" in printed
    assert load(HEADER + "P1-PT01,SPM01,2026-W21,1,\n")[0] is None


def test_row_twice_in_the_file_is_refused(world, load):
    row = "P1-PT01,SPM01,2026-W20,1,\n"
    _refusal, printed = load(HEADER + row + row)
    assert "Baris 3" in printed
    assert "sudah ada di baris 2" in printed


VERSIONED = "kode_faskes,indikator,minggu,jumlah,penyebut,versi\n"


def entered(world, numerator, source="page", version=1, **more):
    return Achievement.objects.create(
        facility=world.pustu, indicator_code="SPM01", week=Week(2026, 20), year=2026,
        numerator=numerator, source=source, version=version, entered_by=world["pustu_head"], **more,
    )  # fmt: skip


@pytest.mark.parametrize("source", ["page", "api"])
def test_figure_entered_by_hand_is_not_overwritten_silently(world, load, source):
    entered(world, 7, source, version=3)
    refusal, printed = load(HEADER + "P1-PT01,SPM01,2026-W20,4,\n")
    assert "1 kesalahan" in (refusal or "")
    assert "Baris 2, kolom jumlah: Diisi dengan tangan: 7 (Orang kapustu" in printed
    assert "berkas memuat 4" in printed
    assert "“versi” dengan 3" in printed
    assert Achievement.objects.get().numerator == 7


def test_same_figure_as_by_hand_is_no_error_and_an_emptied_one_is_free(world, load):
    row = entered(world, 7)
    assert load(HEADER + "P1-PT01,SPM01,2026-W20,7,\n")[0] is None
    row.refresh_from_db()
    assert (row.version, row.source) == (1, "page")
    Achievement.objects.update(numerator=None)
    assert load(HEADER + "P1-PT01,SPM01,2026-W20,4,\n")[0] is None
    assert Achievement.objects.get().numerator == 4


@pytest.mark.parametrize("source", ["page", "import"])
def test_newer_figure_than_the_files_version_is_refused_with_both(world, load, source):
    entered(world, 7, source, version=3)
    _refusal, printed = load(VERSIONED + "P1-PT01,SPM01,2026-W20,4,,2\n")
    assert "Baris 2, kolom versi: Sekarang ada angka lain: 7 (versi 3, Orang kapustu" in printed
    assert "berkas memuat 4" in printed
    assert load(VERSIONED + "P1-PT01,SPM01,2026-W20,4,,3\n")[0] is None
    row = Achievement.objects.get()
    assert (row.numerator, row.version, row.source) == (4, 4, "import")


def test_version_of_a_new_row_is_0_or_empty(world, load):
    _refusal, printed = load(VERSIONED + "P1-PT01,SPM01,2026-W20,4,,2\n")
    assert "kolom versi: Versi 2 dari angka ini tidak ada" in printed
    assert load(VERSIONED + "P1-PT01,SPM01,2026-W20,4,,0\nP1-PT01,SPM02,2026-W20,4,,\n")[0] is None
    _refusal, printed = load(VERSIONED + "P1-PT01,SPM01,2026-W20,5,,0\n")
    assert "Sekarang ada angka lain: 4" in printed
    _refusal, printed = load(VERSIONED + "P1-PT01,SPM01,2026-W20,5,,satu\n")
    assert "kolom versi: Isi angka bulat" in printed


def workbook(path, rows, sheet="capaian", change=None):
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if change:
        change(page)
    book.save(path)
    return path


GOOD = [["kode_faskes", "indikator", "minggu", "jumlah"], ["P1-PT01", "SPM01", "2026-W20", 4]]


def test_workbook_is_read(world, load, tmp_path):
    assert load(workbook(tmp_path / "a.xlsx", GOOD))[0] is None
    assert Achievement.objects.get().numerator == 4


@pytest.mark.parametrize(
    ("sheet", "change", "message"),
    [
        ("Sheet1", None, "tidak punya lembar “capaian”. Yang ada: Sheet1"),
        ("capaian", lambda page: page.merge_cells("A2:B2"), "Sel A2:B2 digabung"),
        ("capaian", lambda page: page.__setitem__("D2", "=2+2"), "berisi rumus"),
        ("capaian", lambda page: page.__setitem__("D2", 1.5), "Anda mengisi ‘1,5’"),
        ("capaian", lambda page: page.__setitem__("D1", "angka"), "Kolom “jumlah” tidak ada"),
        ("capaian", lambda page: page.__setitem__("G2", "lebih"), "lebih banyak sel"),
    ],
)
def test_bad_workbook_is_refused(world, load, tmp_path, sheet, change, message):
    refusal, printed = load(workbook(tmp_path / "a.xlsx", GOOD, sheet, change))
    assert refusal
    assert message in printed
    assert not Achievement.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"kode\xff\xfe", "a.csv", "bukan teks UTF-8"),
        (b"PK\x03\x04rusak", "a.xlsx", "bukan buku kerja XLSX"),
        (b"nama,umur\nx,1\n", "a.csv", "Kolom “kode_faskes” tidak ada. Yang ada: nama, umur"),
        (HEADER.encode(), "a.csv", "tidak berisi baris"),
        (HEADER.encode() + b'P1,"SPM01\n', "a.csv", "tanda kutip"),
    ],
)
def test_unreadable_file_is_refused(world, load, content, name, message):
    refusal, printed = load(content, name=name)
    assert refusal
    assert message in printed


@pytest.mark.parametrize("row", ["P1,MAN01,2026-W20,1,2", "P1,MAN03,2026-W20,0,0"])
def test_what_the_system_computes_is_refused(world, load, row):
    refusal, printed = load(HEADER + row)
    assert refusal
    assert "Angka ini dihitung sistem dari" in refusal + printed
    assert not Achievement.objects.exists()


def test_drop_out_is_computed_only_where_both_doses_are_asked_for(world, load):
    row = "P1-PT01,IMM25,2026-W22,1,20"
    assert load(HEADER + row)[0] is None
    Indicator.objects.filter(code__in=["IMM10", "IMM12"]).update(is_collected=True)
    assert load(HEADER + row.replace("W22", "W26"))[0]
