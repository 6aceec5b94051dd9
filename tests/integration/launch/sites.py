"""Starts and stops whole sites the way a person does, and looks at what is left."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from ilp import env
from ilp.launch.process import born

RUN = env.BASE_DIR / "scripts" / "run"
_FOREIGN = ("DATABASE_URL", "REDIS_URL", "PANTAU_DATA", "PANTAU_PUBLIC_URL", "PANTAU_HOSTS")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without what the test run itself was started with."""
    return {key: value for key, value in os.environ.items() if key not in _FOREIGN} | more


def descendants(pid: int) -> dict[int, str]:
    """Pid → time of birth of everything below ``pid``, itself included."""
    parents: dict[int, int] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (path / "stat").read_text().rpartition(")")[2].split()
                parents[int(path.name)] = int(fields[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return {member: born(member) for member in family}


def alive(family: dict[int, str]) -> list[int]:
    return [pid for pid, since in family.items() if since and born(pid) == since]


class Launcher:
    """One running ``scripts/run`` (or another command of the launcher)."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.output = ""
        self.popen = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=clean_environment(**environment),
            cwd="/",
        )

    def wait_line(self, start: str, *, seconds: float = 300) -> str:
        """The first line of output that begins with ``start``."""
        assert self.popen.stdout is not None
        deadline = time.monotonic() + seconds
        descriptor = self.popen.stdout.fileno()
        while True:
            for line in self.output.splitlines():
                if line.startswith(start):
                    return line
            left = deadline - time.monotonic()
            assert left > 0, f"no line {start!r} in {seconds} s:\n{self.output}"
            if select.select([descriptor], [], [], left)[0]:
                piece = os.read(descriptor, 65536).decode()
                assert piece, f"ended before {start!r}:\n{self.output}"
                self.output += piece

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal, wait, close; the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            rest, _nothing = self.popen.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise
        self.output += rest.decode()
        return self.popen.returncode


@contextlib.contextmanager
def launched(command: list[str], **environment: str) -> Iterator[Launcher]:
    launcher = Launcher(command, **environment)
    try:
        yield launcher
    finally:
        launcher.stop()
        assert launcher.popen.stdout is not None
        launcher.popen.stdout.close()


def site_command(data: Path, port: int) -> list[str]:
    return [str(RUN), "--data", str(data), "--port", str(port), "--no-demo"]


def refused(command: list[str], **environment: str) -> str:
    """The output of a start that must fail with exit code 1."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=clean_environment(**environment),
        cwd="/",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def query(data: Path, sql: str) -> object:
    """One value from the site's database."""
    host = str(env.socket_dir(data))
    with psycopg.connect(host=host, dbname="pantau", user="pantau") as connection:
        row = connection.execute(sql.encode()).fetchone()
        return None if row is None else row[0]
