"""``scripts/restore FILE DIR``: a site from a backup, on a machine that has nothing else.

The database goes into the embedded PostgreSQL of the new data directory, or into an empty one
elsewhere (``PANTAU_OWNER_DATABASE_URL``). Afterwards every table has the checksum, every file
the hash it had when the backup was made; otherwise nothing is left behind.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from ilp import env
from ilp.keeping.backup import PASSPHRASE
from ilp.keeping.contents import FILES, KEPT, Manifest, checksums, unpack
from ilp.keeping.programs import pipe, program, surroundings
from ilp.keeping.vessel import DamagedError
from ilp.launch import checks, postgres
from ilp.launch.supervisor import Stopped, Supervisor
from ilp.launch.words import StartError, _, die, say


def restore(file: Path, data: Path) -> Manifest:
    """Bring everything back; StartError when the file is damaged or the place is taken."""
    if not file.is_file():
        raise StartError(_("No such file: {path}").format(path=file))
    taken = [name for name in ("postgres", *KEPT) if (data / name).exists()]
    if taken:
        raise StartError(
            _("{path} already holds a site ({names}); choose an empty directory.").format(
                path=data, names=", ".join(taken)
            )
        )
    was_there = data.exists()
    checks.make_data_dir(data)
    try:
        with checks.take_lock(data), _database(data) as url:
            return _fill(file, data, url)
    except BaseException:
        for name in ("postgres", "postgres.new", *KEPT):
            _remove(data / name)
        if not was_there:
            _remove(data)
        raise


@contextlib.contextmanager
def _database(data: Path) -> Iterator[str]:
    if os.environ.get("DATABASE_URL"):
        yield env.owner_url()
        return
    supervisor = Supervisor(data / "children.json")
    with supervisor.handling_signals():
        postgres.initialise(data)
        server = postgres.maintenance_url(data)
        supervisor.start(postgres.program(data), lambda: postgres.answers(server))
        postgres.ensure_database(data)
        yield env.owner_url()


def _fill(file: Path, data: Path, url: str) -> Manifest:
    with psycopg.connect(url) as connection:
        if tables := checksums(connection):
            raise StartError(
                _("The database is not empty: {count} tables").format(count=len(tables))
            )
    command = [program("pg_restore"), "--single-transaction", "--exit-on-error"]
    command += ["--no-owner", "--no-privileges", f"--dbname={env.database_settings(url)['NAME']}"]
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, no shell
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings(url)
    ) as loading:
        inlet, said = pipe(loading.stdin), pipe(loading.stderr)
        try:
            manifest = unpack(file, os.environ.get(PASSPHRASE, ""), files=data, dump=inlet)
            inlet.close()
        except DamagedError as error:
            loading.kill()
            raise StartError(
                _("{path} is damaged, or the passphrase is another one ({reason}).").format(
                    path=file, reason=error
                )
            ) from error
        except BrokenPipeError:
            pass  # it has said why
        reason = said.read().decode(errors="replace").strip()
    if loading.returncode != 0:
        raise StartError(_("The dump cannot be loaded: {reason}").format(reason=reason[-500:]))
    _compare(manifest, url)
    return manifest


def _compare(manifest: Manifest, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = checksums(connection)
        differing = [
            name
            for name in {*found, *manifest.tables}
            if found.get(name) != manifest.tables.get(name)
        ]
        if differing:
            raise StartError(
                _("Restored tables differ from the backup: {names}").format(
                    names=", ".join(sorted(differing))
                )
            )
        connection.execute("ANALYZE")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="restore", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("data", type=Path)
    options = parser.parse_args(arguments)
    began, data = time.monotonic(), options.data.resolve()
    os.environ["PANTAU_DATA"] = str(data)
    try:
        manifest = restore(options.file.resolve(), data)
    except StartError as error:
        die(error)
    except Stopped:
        return 1
    except OSError as error:
        die(checks.disk_full(error, data) or StartError(str(error)))
    say(
        _(
            "Restored the state of {moment}: {tables} tables and {files} files, all as they were, "
            "in {seconds:.1f} s. Start it: scripts/run --data {path}"
        ).format(
            moment=manifest.made_at,
            tables=len(manifest.tables),
            files=sum(name.startswith(FILES) for name in manifest.entries),
            seconds=time.monotonic() - began,
            path=data,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
