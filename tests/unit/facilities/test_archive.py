"""Hostile workbooks are recognised before anything parses them."""

from __future__ import annotations

import zipfile

import pytest

from facilities.tabular import archive
from facilities.tabular.errors import FileRefused


def make_zip(path, entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, content)
    return path


def test_bomb_is_refused(tmp_path):
    bomb = make_zip(tmp_path / "a.xlsx", [("xl/sheet1.xml", b"0" * 20_000_000)])
    assert bomb.stat().st_size < 50_000
    with pytest.raises(FileRefused):
        archive.check_archive(bomb)


def test_size_written_in_the_archive_is_not_believed(tmp_path):
    path = make_zip(tmp_path / "a.xlsx", [("xl/sheet1.xml", b"0" * 20_000_000)])
    content = path.read_bytes().replace((20_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        archive.check_archive(path)


def test_thousands_of_entries_are_refused(tmp_path):
    path = make_zip(tmp_path / "a.xlsx", [(f"xl/{n}.xml", b"") for n in range(300)])
    with pytest.raises(FileRefused):
        archive.check_archive(path)


def test_file_above_ten_megabytes_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a" * (archive.LARGEST_FILE + 1))
    with pytest.raises(FileRefused):
        archive.check_size(path)
