"""A start that cannot work says so at once, names the cure and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from ilp import env
from ilp.launch import checks, postgres
from ilp.launch.words import StartError
from tests.integration.launch.sites import alive, descendants, launched, refused, site_command

pytestmark = pytest.mark.real_time


def servers_command(data: Path) -> list[str]:
    python = f"cd {env.BASE_DIR} && exec {sys.executable} -m ilp.launch servers --data {data}"
    return ["/bin/sh", "-c", python]


def test_port_taken(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        error = refused(site_command(tmp_path / "data", port))
    assert str(port) in error
    assert "--port" in error
    assert not (tmp_path / "data" / "postgres").exists()


def test_data_directory_of_another_postgresql(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")
    error = refused(servers_command(tmp_path))
    assert "PostgreSQL 15" in error
    assert postgres.server_major() in error
    assert "pg_dump" in error


def test_disk_nearly_full(tmp_path: Path) -> None:
    error = refused(servers_command(tmp_path), PANTAU_MIN_FREE_MIB="999999999")
    assert "MiB" in error
    assert "--data" in error


def test_disk_full_while_writing_is_one_sentence(tmp_path: Path) -> None:
    full = checks.disk_full(OSError(errno.ENOSPC, "No space left on device"), tmp_path)
    assert str(tmp_path) in str(full)
    assert checks.disk_full(OSError(errno.EACCES, "Permission denied"), tmp_path) is None


def test_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--data" in refused(servers_command(tmp_path / "file" / "data"))


def test_data_directory_in_use_then_stale_files_of_a_crash(tmp_path: Path) -> None:
    with launched(servers_command(tmp_path)) as first:
        first.wait_line(servers_ready())
        assert str(first.popen.pid) in refused(servers_command(tmp_path))
        family = descendants(first.popen.pid)
        assert first.stop(signal.SIGTERM) == 0
        assert alive(family) == []
    # The pid of a crashed server may belong to another program by now: here, to us.
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}\n1\n5432\n")
    (env.socket_dir(tmp_path) / "valkey.sock").touch()
    with launched(servers_command(tmp_path)) as second:
        second.wait_line(servers_ready())


def servers_ready() -> str:
    from ilp.launch.words import _

    return _("Servers are ready in {path}").format(path="")


def test_unknown_port_and_foreign_database_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(StartError):
        checks.take_port("256.1.1.1", 8000)
    assert "DATABASE_URL" in refused(
        servers_command(tmp_path),
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing",
        PANTAU_WAIT_SECONDS="1",
    )
