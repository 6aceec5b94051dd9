"""What is in a backup: a tar stream of the dump in parts, the files, and the manifest last."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.sql import SQL, Identifier

from ilp.keeping.programs import pipe, program, surroundings
from ilp.keeping.vessel import DamagedError, Reader

MANIFEST = "manifest.json"
DUMP = "database/"
FILES = "files/"
_PART = 16 * 2**20
# Below the data directory; what a site can make again by itself stays behind.
KEPT = ("secret-key", "demo-accounts.csv", "media", "reports")
_LEFT_OUT = ("reports/drafts",)
_SETTINGS = "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET statement_timeout = 0"
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
# Independent of the order of the rows.
_CHECKSUM = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {} t"


@dataclass
class Manifest:
    """What must be there again after a restore, as it stood at the moment of the snapshot."""

    made_at: str
    version: int = 1
    # Table → rows, checksum over all rows.
    tables: dict[str, list[Any]] = field(default_factory=dict)
    # Name in the archive → bytes, SHA-256.
    entries: dict[str, list[Any]] = field(default_factory=dict)
    # The newest seal over the history: whoever keeps the backup can prove what it was.
    history: str = ""


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A connection that sees one moment of the database, and the name others see it by."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(_SETTINGS)
        [(name,)] = connection.execute("SELECT pg_export_snapshot()").fetchall()
        yield connection, str(name)


def checksums(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """Table → rows, checksum: of every table there is."""
    connection.execute(_SETTINGS)
    found = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        [row] = connection.execute(SQL(_CHECKSUM).format(Identifier(table))).fetchall()
        found[table] = list(row)
    return found


def files_below(data: Path) -> Iterator[Path]:
    """What is kept besides the database, in a settled order."""
    for name in KEPT:
        top = data / name
        if top.is_file():
            yield top
        for folder, folders, names in os.walk(top):
            folders.sort()
            here = Path(folder)
            if str(here.relative_to(data)).startswith(_LEFT_OUT):
                continue
            yield from (here / file for file in sorted(names))


class Packer:
    """Adds entries to the stream and notes their size and hash."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self._manifest = tar, manifest

    def add(self, name: str, size: int, source: IO[bytes], *, mtime: float = 0) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(mtime)
        hashed = _Hashed(source)
        self._tar.addfile(entry, hashed)  # type: ignore[arg-type] # only read() is asked of it
        self._manifest.entries[name] = [size, hashed.sha256]

    def add_dump(self, url: str, snapshot_name: str) -> None:
        """The dump in parts: its size is known only at the end, a tar entry's at its start."""
        command = [program("pg_dump"), "--format=custom", f"--snapshot={snapshot_name}"]
        command += ["--no-owner", "--no-privileges", "--compress=3"]
        with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, no shell
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings(url)
        ) as dump:
            number, output = 0, pipe(dump.stdout)
            while part := output.read(_PART):
                number += 1
                self.add(f"{DUMP}{number:06}", len(part), io.BytesIO(part))
            reason = pipe(dump.stderr).read().decode(errors="replace").strip()
        if dump.returncode != 0:
            raise OSError(reason[-500:])

    def add_file(self, name: str, path: Path) -> None:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return  # its time was over just now
        with file:
            status = os.fstat(file.fileno())
            self.add(name, status.st_size, file, mtime=status.st_mtime)

    def add_manifest(self) -> None:
        text = json.dumps(asdict(self._manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        self._tar.addfile(entry, io.BytesIO(text))


class _Hashed:
    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._hash = source, hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._hash.update(data)
        return data


def unpack(path: Path, passphrase: str, *, files: Path | None, dump: IO[bytes]) -> Manifest:
    """Read a backup from front to back: the dump goes into ``dump``, the files below ``files``.

    DamagedError when anything differs from what was packed; what was written until then is
    for the caller to throw away.
    """
    found: dict[str, list[Any]] = {}
    manifest = None
    try:
        with (
            Reader(path, passphrase) as reader,
            tarfile.open(fileobj=reader, mode="r|") as tar,  # type: ignore[call-overload]
        ):
            for entry in tar:
                source = tar.extractfile(entry)
                if source is None:
                    raise DamagedError(entry.name)
                if entry.name == MANIFEST:
                    manifest = Manifest(**json.load(source))
                else:
                    found[entry.name] = _copy(entry, source, files, dump)
            reader.finish()
    except (tarfile.TarError, ValueError, TypeError) as error:
        raise DamagedError(str(error)) from error
    if manifest is None or manifest.entries != found:
        raise DamagedError("manifest")
    return manifest


def _copy(
    entry: tarfile.TarInfo, source: IO[bytes], files: Path | None, dump: IO[bytes]
) -> list[Any]:
    hashed = _Hashed(source)
    target: IO[bytes] | None = None
    try:
        if entry.name.startswith(DUMP):
            target = dump
        elif files is not None:
            place = _place(files, entry.name)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = place.open("xb")
        size = 0
        while piece := hashed.read(2**20):
            size += len(piece)
            if target is not None:
                target.write(piece)
    finally:
        if target is not None and target is not dump:
            target.close()
    return [size, hashed.sha256]


def _place(files: Path, name: str) -> Path:
    """Where an entry belongs; DamagedError for a name that leads elsewhere."""
    place = (files / name.removeprefix(FILES)).resolve()
    if not name.startswith(FILES) or not place.is_relative_to(files.resolve()):
        raise DamagedError(name)
    return place
