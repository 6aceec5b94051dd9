"""Makes a backup of a running site: database, PDFs, uploads and keys of one moment."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import subprocess
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ilp import env
from ilp.keeping.contents import FILES, Manifest, Packer, checksums, files_below, snapshot, unpack
from ilp.keeping.programs import pipe, program
from ilp.keeping.vessel import DamagedError, Writer
from ilp.launch.checks import NEEDED_FREE_MIB

PASSPHRASE = "PANTAU_BACKUP_PASSPHRASE"  # noqa: S105 - the name of the variable
_NAME = re.compile(r"pantau-(\d{4}-\d{2}-\d{2}T\d{6})Z\.(?:tar|sealed)")
_STAMP = "%Y-%m-%dT%H%M%S"


class BackupError(Exception):
    """No backup was made; the text says why."""


@dataclass(frozen=True)
class Made:
    """A backup that was written and read back."""

    path: Path
    size: int
    sha256: str
    is_encrypted: bool
    manifest: Manifest
    seconds: float


def folder() -> Path:
    """Where backups go unless somebody says otherwise (``PANTAU_BACKUP_DIR``)."""
    return Path(os.environ.get("PANTAU_BACKUP_DIR") or env.data_dir() / "backups")


def make_backup(to: Path, *, url: str, data: Path) -> Made:
    """Write a backup into the folder ``to`` and read it back. BackupError leaves nothing behind.

    The files are read after the snapshot: a PDF is stored before the row that names it, so every
    row of the snapshot finds its file.
    """
    began, passphrase = time.monotonic(), os.environ.get(PASSPHRASE, "")
    now = dt.datetime.now(dt.UTC)
    ending = "sealed" if passphrase else "tar"
    target = to / f"pantau-{now.strftime(_STAMP)}Z.{ending}"
    draft = target.with_name(target.name + ".part")
    try:
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear_drafts(to)
        _check_room(to, url=url, data=data)
        manifest, sha256 = _write(draft, passphrase, url=url, data=data, made_at=now)
        if verify(draft, passphrase) != manifest:
            raise DamagedError(draft.name)
        draft.rename(target)
        _sync(to)
    except (OSError, DamagedError, psycopg.Error) as error:
        raise BackupError(str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    seconds = time.monotonic() - began
    size = target.stat().st_size
    return Made(target, size, sha256, bool(passphrase), manifest, seconds)


def _write(
    draft: Path, passphrase: str, *, url: str, data: Path, made_at: dt.datetime
) -> tuple[Manifest, str]:
    manifest = Manifest(made_at=made_at.isoformat())
    # The tar ends first: what the writer adds stands behind it.
    with (
        Writer(draft, passphrase) as writer,
        tarfile.open(fileobj=writer, mode="w|") as tar,  # type: ignore[call-overload]
    ):
        packer = Packer(tar, manifest)
        with snapshot(url) as (connection, name):
            packer.add_dump(url, name)
            manifest.tables = checksums(connection)
            if "ilp_historydigest" in manifest.tables:
                newest = "SELECT day || ' ' || sha256 FROM ilp_historydigest"
                row = connection.execute(f"{newest} ORDER BY day DESC LIMIT 1").fetchone()
                manifest.history = row[0] if row else ""
        for path in files_below(data):
            packer.add_file(FILES + str(path.relative_to(data)), path)
        packer.add_manifest()
    return manifest, writer.sha256


def verify(path: Path, passphrase: str) -> Manifest:
    """Read a backup as a restore would, every byte of it; DamagedError when it is not whole."""
    command = [program("pg_restore"), "--file=/dev/null"]
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, no shell
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as reading:
        inlet, said = pipe(reading.stdin), pipe(reading.stderr)
        try:
            manifest = unpack(path, passphrase, files=None, dump=inlet)
        except BrokenPipeError as error:
            raise DamagedError(said.read().decode(errors="replace")[-300:]) from error
        finally:
            with contextlib.suppress(BrokenPipeError):
                inlet.close()
        reason = said.read().decode(errors="replace")
    if reading.returncode != 0:
        raise DamagedError(reason[-300:])
    return manifest


def _check_room(to: Path, *, url: str, data: Path) -> None:
    """BackupError when the disk might become full: the site would stand still for its backup.

    Text shrinks to a third or less in a dump; files are packed as they are.
    """
    with psycopg.connect(url) as connection:
        [(database,)] = connection.execute("SELECT pg_database_size(current_database())").fetchall()
    files = sum(path.stat().st_size for path in files_below(data) if path.exists())
    reserve = int(os.environ.get("PANTAU_MIN_FREE_MIB", NEEDED_FREE_MIB)) * 2**20
    free, needed = shutil.disk_usage(to).free, database // 3 + files + reserve
    if free < needed:
        raise BackupError(f"{to}: {free // 2**20} MiB free, {needed // 2**20} MiB needed")


def _clear_drafts(to: Path) -> None:
    """What an interrupted backup left; one that is being written is younger than a day."""
    for draft in to.glob("pantau-*.part"):
        if time.time() - draft.stat().st_mtime > 86_400:
            draft.unlink(missing_ok=True)


def rotate(to: Path, *, days: int, weeks: int) -> list[Path]:
    """Remove what is neither the newest of one of the last ``days`` days nor of one of the last
    ``weeks`` weeks that have a backup; what was removed. The newest always stays."""
    found = {path: made_at for path in to.iterdir() if (made_at := _made_at(path.name))}
    newest_first = sorted(found, key=lambda path: found[path], reverse=True)
    of_day: dict[str, Path] = {}
    of_week: dict[str, Path] = {}
    for path in newest_first:
        of_day.setdefault(found[path].strftime("%Y-%m-%d"), path)
        of_week.setdefault(found[path].strftime("%G-%V"), path)
    kept = {*newest_first[:1], *[*of_day.values()][:days], *[*of_week.values()][:weeks]}
    removed = [path for path in newest_first if path not in kept]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def _made_at(name: str) -> dt.datetime | None:
    match = _NAME.fullmatch(name)
    return dt.datetime.strptime(match[1], _STAMP).replace(tzinfo=dt.UTC) if match else None


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
