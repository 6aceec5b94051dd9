"""Files as people and programs really write them, through the one reader of all imports.

Each of ``tests/cases/files/`` is one case; its number is said where it is judged. They are fitted
to the small world of the tests before they are loaded, archives entry by entry.
"""

from __future__ import annotations

import contextlib
import io
import re
import resource
import time
import warnings
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clusters.models import Achievement
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[2] / "cases" / "files"
SHEET = "xl/worksheets/sheet1.xml"
NOTE = "ruang – café"


def _swap(text: str) -> str:
    return re.sub(r"2026-W4\d", "2026-W20", re.sub(r"10124\d\d-PT\d\d", "P1-PT01", text))


def _fitted(content: bytes) -> bytes:
    encoding = "utf-16" if content.startswith(b"\xff\xfe") else "latin-1"
    return _swap(content.decode(encoding)).encode(encoding)


def _workbook(content: bytes) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(content)) as old:
        warnings.simplefilter("ignore")  # two entries of one name are what one case is about
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                new.writestr(entry.filename, _fitted(old.read(entry)))
    return file.getvalue()


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def load(tmp_path, capsys, world):
    """Loads one of the files, or bytes the test made; every line that was printed."""

    def run(name: str, content: bytes | None = None) -> list[str]:
        if content is None:
            content = (FILES / name).read_bytes()
            content = _workbook(content) if name.endswith(".xlsx") else _fitted(content)
        path = tmp_path / name
        path.write_bytes(content)
        with contextlib.suppress(CommandError):
            call_command("load_achievements", path)
        printed = capsys.readouterr()
        return (printed.out + printed.err).strip().splitlines()

    return run


def counts() -> dict[str, int | None]:
    return dict(Achievement.objects.values_list("indicator_code", "numerator"))


@pytest.mark.parametrize(
    "name",
    [
        "clean.xlsx", "comma-utf8.csv", "semicolon-bom.csv",  # F06
        "sep-line.csv", "tab.csv",  # F16
        "utf16.csv",  # F17
    ],
)  # fmt: skip
def test_ordinary_files_are_taken_once(load, name):
    load(name)
    assert Achievement.objects.count() == 2
    assert Achievement.objects.get(indicator_code="KIA01").note in {NOTE, ""}
    if name.endswith(".csv"):
        assert Achievement.objects.get(indicator_code="KIA01").note == NOTE
    (again,) = load(name)
    assert again == "0 dibuat, 0 diubah, 2 tetap"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("two-entries-of-one-name.xlsx", "dua bagian dengan nama yang sama"),  # F07
        ("external-link.xlsx", "tertaut dengan berkas lain"),  # F08
        ("parent-folder-entry.xlsx", "di luar buku kerja: ‘../outside.txt’"),  # F09
        ("cp1252.csv", "bukan teks UTF-8. Simpan sebagai “CSV UTF-8”"),  # F17
    ],
)
def test_the_whole_file_is_refused_in_one_sentence(load, tmp_path, name, words):
    (line,) = load(name)
    assert words in line
    assert not counts()
    assert not (tmp_path.parent / "outside.txt").exists()


@pytest.mark.parametrize(
    ("name", "beginning", "words"),
    [
        ("formula-cell.xlsx", "Baris 2, kolom jumlah: Sel ini berisi rumus", "=1+2"),  # F10
        ("text-1,5.xlsx", "Baris 2, kolom jumlah: Isi angka bulat", "‘1,5’"),  # F13
        ("number-1.5.xlsx", "Baris 2, kolom jumlah: Isi angka bulat", "‘1,5’"),  # F13
        ("number-1.234.xlsx", "Baris 2, kolom jumlah: Isi angka bulat", "‘1,234’"),  # F13
        ("counts-with-blanks.csv", "Baris 3, kolom jumlah: Isi angka bulat", "‘12 13’"),  # F14
    ],
)
def test_a_wrong_cell_is_refused_with_exactly_one_message(load, name, beginning, words):
    (line,) = load(name)
    assert line.startswith(beginning)
    assert words in line
    assert not counts()


def test_a_broken_number_beside_a_grouped_one_is_refused_by_cell(load):  # F12
    (line,) = load("counts-1.234-and-1,5.csv")
    assert line.startswith("Baris 3, kolom jumlah: Isi angka bulat")
    assert not counts()


def test_a_grouped_number_is_read_as_on_the_page_and_said(load):  # F12
    said, _tally = load("text-1.234.xlsx")
    assert said == "Baris 2, kolom jumlah: ‘1.234’ dibaca sebagai 1234."
    assert list(counts().values()) == [1234]


def test_numbers_as_text_with_blanks_around_are_numbers_and_said(load):  # F11
    *said, _tally = load("numbers-as-text.xlsx")
    assert set(counts().values()) == {12}
    assert len(counts()) == 3
    assert [line.partition(": ")[2] for line in said] == ["‘12’ dibaca sebagai 12."] * 3


def test_the_escape_of_a_line_break_is_a_line_break(load):  # F15
    load("note-with-carriage-return-escape.xlsx")
    (note,) = Achievement.objects.values_list("note", flat=True)
    assert "_x" not in note
    assert note.split() == ["baris", "satu", "baris", "dua"]


def test_rows_below_a_separator_line_keep_their_number(load):  # F16
    content = (FILES / "sep-line.csv").read_bytes().replace(b";2;", b";dua;")
    content = _fitted(content)
    (line,) = load("sep-line.csv", content)
    assert line.startswith("Baris 4, kolom jumlah")


def _swollen(row: bytes, times: int) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(FILES / "clean.xlsx") as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == SHEET:
                content = content.replace(b"</sheetData>", row * times + b"</sheetData>")
            new.writestr(entry.filename, content)
    return file.getvalue()


def _with_parts(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO((FILES / "clean.xlsx").read_bytes())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def _inner() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1_000_000))
    return file.getvalue()


BLANKS = b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b" " * 1_000_000 + b"</t></is></c></row>"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _swollen(BLANKS, 66), "jauh lebih besar"),
        (lambda: _with_parts(*[(f"xl/media/{n}.xml", b"<a/>") for n in range(300)]), "jauh lebih"),
        (lambda: _with_parts(("xl/media/a.zip", _inner())), "arsip lain"),
    ],
    ids=["blanks", "entries", "archive in archive"],
)
def test_swelling_archives_are_refused_within_bounds(load, make, words):  # F21
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = make()
    (line,) = load("besar.xlsx", content)
    assert words in line
    assert not counts()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400 * 1024  # KiB, the making of the file included


def test_more_rows_than_may_be_are_refused_before_they_are_parsed(load):  # F21
    started = time.process_time()
    (line,) = load("baris.xlsx", _swollen(b'<row r="9"><c r="A9"><v>1</v></c></row>', 200_100))
    assert "lebih dari 200000 baris" in line
    assert time.process_time() - started < 10


def test_rows_beyond_the_limit_are_refused_and_not_cut_off(load, monkeypatch):  # F21
    monkeypatch.setattr("facilities.tabular.reading.MOST_ROWS", 1)
    (line,) = load("clean.xlsx")
    assert "lebih dari 1 baris" in line
    assert not counts()


def test_a_formula_beside_the_table_is_still_refused(load):
    row = b'<row r="9"><c r="K9"><f>1+1</f><v>2</v></c></row>'
    lines = load("rumus.xlsx", _swollen(row, 1))
    assert any(line.startswith("Baris 9, kolom K: Sel ini berisi rumus") for line in lines)
    assert not counts()
