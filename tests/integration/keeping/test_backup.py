"""A backup taken while others write, brought back elsewhere, equals the moment it was taken."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from ilp.keeping.backup import BackupError, Made, make_backup, rotate, verify
from ilp.keeping.contents import checksums
from ilp.keeping.restore import restore
from ilp.keeping.vessel import DamagedError
from ilp.launch.words import StartError
from tests.integration.upgrade.databases import Database

PASSPHRASE = "kalimat sandi cadangan"
pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[Database]:
    """A database with today's schema beside the test's own."""
    database = Database(f"keeping_{os.getpid()}")
    database.create(like=Database(connection.settings_dict["TEST"]["TEMPLATE"]))
    yield database
    database.drop()


@pytest.fixture
def empty() -> Iterator[Database]:
    database = Database(f"keeping_empty_{os.getpid()}")
    database.create()
    yield database
    database.drop()


class Busy(threading.Thread):
    """Stores PDFs as the product does: the file first, then the row that names it."""

    def __init__(self, database: Database, data: Path) -> None:
        super().__init__()
        self._url, self._data = database.url, data
        self.enough, self.ended, self.count = threading.Event(), threading.Event(), 0

    def run(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as session:
            while not self.ended.is_set():
                self.count += 1
                content = f"PDF {self._data} {self.count} " * 50
                name = hashlib.sha256(content.encode()).hexdigest()
                place = self._data / "reports" / name[:2] / f"{name}.pdf"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(content)
                session.execute(
                    "INSERT INTO reports_snapshot (sha256, kind, content, created_at)"
                    " VALUES (%s, 'review', '{}', now())", [name],
                )  # fmt: skip
                session.execute("INSERT INTO ilp_setupstep (name) VALUES (%s)", [name[:50]])
                if self.count >= 30:
                    self.enough.set()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "reports" / "drafts").mkdir(parents=True)
    (data / "reports" / "drafts" / "half.pdf").write_text("half")
    (data / "secret-key").write_text("a key only for this test")
    (data / "logs").mkdir()
    return data


def _back_up(site: Database, data: Path, to: Path) -> Made:
    return make_backup(to, url=site.url, data=data)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_restored_site_equals_the_moment_of_the_backup(
    site: Database, empty: Database, data: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, passphrase: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("PANTAU_BACKUP_PASSPHRASE", passphrase)
    [(before,)] = site.rows("SELECT count(*) FROM reports_snapshot")
    busy = Busy(site, data)
    busy.start()
    try:
        assert busy.enough.wait(120)
        made = _back_up(site, data, tmp_path / "backups")
        at_the_end = busy.count
    finally:
        busy.ended.set()
        busy.join()

    assert made.is_encrypted == bool(passphrase)
    assert (b"secret-key" in made.path.read_bytes()) == (not passphrase)
    monkeypatch.setenv("DATABASE_URL", empty.url)
    elsewhere = tmp_path / "elsewhere"
    manifest = restore(made.path, elsewhere)

    with psycopg.connect(empty.url) as session:
        assert checksums(session) == manifest.tables == made.manifest.tables
    [(rows,)] = empty.rows("SELECT count(*) FROM reports_snapshot")
    assert 30 <= rows - before <= at_the_end  # one moment while others wrote
    [(steps,)] = empty.rows("SELECT count(*) FROM ilp_setupstep")
    assert rows - 1 <= steps <= rows
    for (name,) in empty.rows(
        "SELECT sha256 FROM reports_snapshot ORDER BY created_at OFFSET %s", before
    ):
        pdf = elsewhere / "reports" / name[:2] / f"{name}.pdf"
        assert hashlib.sha256(pdf.read_bytes()).hexdigest() == name
    assert (elsewhere / "secret-key").read_text() == "a key only for this test"
    assert not (elsewhere / "reports" / "drafts").exists()


def _flipped(path: Path, at: float, target: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[min(int(len(content) * at), len(content) - 1)] ^= 1
    target.write_bytes(content)
    return target


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_one_flipped_bit_is_noticed(
    site: Database, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    monkeypatch.setenv("PANTAU_BACKUP_PASSPHRASE", passphrase)
    made = _back_up(site, data, tmp_path)
    assert verify(made.path, passphrase) == made.manifest
    for at in (0.0001, 0.3, 0.6, 0.95, 0.99999, 1):
        with pytest.raises(DamagedError):
            verify(_flipped(made.path, at, tmp_path / "flipped"), passphrase)
    cut = tmp_path / "cut"
    cut.write_bytes(made.path.read_bytes()[:-1000])
    with pytest.raises(DamagedError):
        verify(cut, passphrase)


def test_damaged_file_leaves_nothing_behind(
    site: Database, empty: Database, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = _back_up(site, data, tmp_path)
    broken = _flipped(made.path, 0.99999, tmp_path / "flipped")
    monkeypatch.setenv("DATABASE_URL", empty.url)
    with pytest.raises(StartError, match="flipped"):
        restore(broken, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()
    assert empty.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_wrong_passphrase_and_a_place_in_use_are_refused(
    site: Database, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_BACKUP_PASSPHRASE", PASSPHRASE)
    made = _back_up(site, data, tmp_path)
    for wrong in ("", "another one"):
        with pytest.raises(DamagedError):
            verify(made.path, wrong)
    with pytest.raises(StartError, match="secret-key"):
        restore(made.path, data)
    assert (data / "secret-key").exists()


def test_backup_that_fails_leaves_no_file(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError):
        make_backup(tmp_path / "to", url="postgresql://nobody@127.0.0.1:1/none", data=data)
    assert list((tmp_path / "to").iterdir()) == []


def test_backup_that_would_fill_the_disk_is_not_begun(
    site: Database, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_MIN_FREE_MIB", str(2**40))
    with pytest.raises(BackupError, match="MiB needed"):
        _back_up(site, data, tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


def test_rotation_keeps_days_and_weeks(tmp_path: Path) -> None:
    for day in range(1, 29):
        for hour in ("01", "13"):
            (tmp_path / f"pantau-2026-11-{day:02}T{hour}0000Z.tar").touch()
    (tmp_path / "of-somebody-else.tar").touch()
    rotate(tmp_path, days=3, weeks=3)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [
        "of-somebody-else.tar",
        # The last of two weeks before, then the last of each of three days.
        *(f"pantau-2026-11-{day}T130000Z.tar" for day in ("15", "22", "26", "27", "28")),
    ]
