"""The whole site under its supervisor: one first start, then everything that can happen to it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ilp import env
from ilp.launch.process import wait_for
from tests.integration.launch.sites import (
    Launcher,
    alive,
    clean_environment,
    descendants,
    free_port,
    launched,
    query,
    site_command,
)

pytestmark = pytest.mark.real_time

_OTHERS = (
    "SELECT array_agg(DISTINCT usename::text) FROM pg_stat_activity"
    " WHERE datname = 'pantau' AND pid <> pg_backend_pid()"
)
MANAGE = str(env.BASE_DIR / "manage.py")
_FACILITIES = "SELECT count(*) FROM facilities_facility"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data directory after its first start, stopped again, in a folder with a difficult name:
    case F7 of tests/cases/faults.md."""
    folder = tempfile.TemporaryDirectory(prefix="pantau-test-")
    data = Path(folder.name) / "Pantau ILP Müller 5% #1" / "data"
    port = free_port()
    with folder:
        with launched(site_command(data, port)) as launcher:
            ready = launcher.wait_line("ready ", seconds=300)
            assert ready == f"ready http://127.0.0.1:{port}"
            assert get(port, "/healthz") == (200, "ok")
            assert query(data, _FACILITIES)
            # Every part works as the application's own role; only the preparation did not.
            assert wait_for(lambda: query(data, _OTHERS) == ["pantau_app"], seconds=300)
            family = descendants(launcher.popen.pid)
            assert launcher.stop(signal.SIGINT) == 0  # Ctrl-C
            assert wait_for(lambda: alive(family) == [], seconds=60)
        yield data


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def checks(port: int) -> dict[str, dict[str, object]]:
    return json.loads(get(port, "/readyz")[1])["checks"]


def worker_pid(launcher: Launcher, *, or_none: bool = False) -> int:
    """The worker itself: a child of the launcher, not one of its forked helpers."""
    for pid in our_parts(launcher):
        with contextlib.suppress(OSError):
            if b"default,reports" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                return pid
    assert or_none, "no worker"
    return 0


def test_second_start_keeps_data_and_sigterm_leaves_no_process(data: Path) -> None:
    port = free_port()
    with launched(site_command(data, port)) as launcher:
        launcher.wait_line("ready ")
        assert query(data, _FACILITIES)
        assert wait_for(lambda: bool(checks(port)["worker"]["ok"]), seconds=240)
        family = descendants(launcher.popen.pid)
        assert len(family) > 8
        assert launcher.stop(signal.SIGTERM) == 0
        assert wait_for(lambda: alive(family) == [], seconds=60)
        assert not (data / "postgres" / "postmaster.pid").exists()


def test_backup_of_a_running_site_is_a_site_elsewhere(data: Path, tmp_path: Path) -> None:
    """The whole way: manage.py backup beside the running site, scripts/restore, scripts/run."""
    with launched(site_command(data, free_port())) as launcher:
        launcher.wait_line("ready ")
        made = subprocess.run(
            [sys.executable, MANAGE, "backup", "--to", str(tmp_path / "b")],
            env=clean_environment(PANTAU_DATA=str(data), PANTAU_BACKUP_PASSPHRASE="sandi"),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
    [file] = (tmp_path / "b").glob("pantau-*.sealed")
    other = tmp_path / "elsewhere" / "data"
    other.parent.mkdir()
    restored = subprocess.run(
        [str(env.BASE_DIR / "scripts" / "restore"), str(file), str(other)],
        env=clean_environment(PANTAU_BACKUP_PASSPHRASE="sandi"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert (other / "secret-key").read_bytes() == (data / "secret-key").read_bytes()
    with launched(site_command(other, free_port())) as launcher:
        launcher.wait_line("ready ")
        assert query(other, _FACILITIES)


def test_killed_launcher_takes_its_children_along_and_the_next_start_copes(data: Path) -> None:
    port = free_port()
    with launched(site_command(data, port)) as launcher:
        launcher.wait_line("ready ")
        family = descendants(launcher.popen.pid)
        os.kill(launcher.popen.pid, signal.SIGKILL)
        launcher.popen.wait(10)
        with launched(site_command(data, port)) as second:  # at once: old ones may still be ending
            second.wait_line("ready ")
            assert wait_for(lambda: alive(family) == [], seconds=60)
            assert query(data, _FACILITIES)


def test_f4_every_part_outlives_the_database_and_a_killed_worker_is_back(data: Path) -> None:
    port = free_port()
    with launched(site_command(data, port)) as launcher:
        launcher.wait_line("ready ")
        assert wait_for(lambda: get(port, "/readyz")[0] == 200, seconds=300)
        before = our_parts(launcher)
        assert len(before) >= 6  # web twice, worker, mailer, reconciler, clock
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        launcher.wait_line("postgres ")
        assert wait_for(lambda: bool(checks(port)["database"]["ok"]), seconds=300)
        query(data, "DELETE FROM ilp_heartbeat RETURNING name")
        beaten = "SELECT count(*) FROM ilp_heartbeat"
        assert wait_for(lambda: query(data, beaten) == 4, seconds=300)
        assert our_parts(launcher) == before  # dead connections dropped, nobody started again

        old_worker = worker_pid(launcher)
        os.kill(old_worker, signal.SIGKILL)
        launcher.wait_line("worker ")
        assert wait_for(
            lambda: worker_pid(launcher, or_none=True) not in {0, old_worker}, seconds=300
        )
        assert query(data, _FACILITIES)


def our_parts(launcher: Launcher) -> set[int]:
    """The children of the launcher that run our code."""
    found = set()
    for pid in descendants(launcher.popen.pid):
        with contextlib.suppress(OSError):
            program = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]
            parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
            if Path(program).name.startswith("python") and int(parent) == launcher.popen.pid:
                found.add(pid)
    return found


def test_two_sites_side_by_side_with_slow_clients(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(data, other, ignore=shutil.ignore_patterns("run", "*.lock"))
    owner = (data / "postgres").stat()
    for path in [other / "postgres", *(other / "postgres").rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    ports = free_port(), free_port()
    with (
        launched(site_command(data, ports[0])) as one,
        launched(site_command(other, ports[1])) as two,
    ):
        one.wait_line("ready ")
        two.wait_line("ready ")
        assert query(data, "SHOW data_directory") == str(data / "postgres")
        assert query(other, "SHOW data_directory") == str(other / "postgres")
        slow = [half_a_request(ports[0]) for _number in range(300)]
        assert [get(ports[0], "/healthz")[0] for _number in range(10)] == [200] * 10
        for client in slow:
            client.close()
        assert one.stop() == 0
        assert get(ports[1], "/healthz") == (200, "ok")


def half_a_request(port: int) -> socket.socket:
    """A client that promises a form and never sends the rest of it."""
    client = socket.create_connection(("127.0.0.1", port))
    lines = (
        "POST /healthz HTTP/1.1",
        "Host: localhost",
        "Cookie: csrftoken=" + "a" * 32,
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 100000",
    )
    client.sendall("\r\n".join(lines).encode() + b"\r\n\r\ncsrfmiddlewaretoken=")
    return client
