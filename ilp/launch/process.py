"""One child process: started so that it cannot outlive us, stopped with its whole group."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ilp.launch import life, processor

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_PAUSE = 0.05  # seconds between two looks at a condition
_LOG_LIMIT = 10 * 1024 * 1024


def wait_for(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def group_alive(group: int) -> bool:
    """Whether any process of the group runs (a zombie does not)."""
    return any(_group_and_state(pid) == (group, True) for pid in _pids())


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _group_and_state(pid: int) -> tuple[int, bool]:
    fields = processor.fields(pid)
    return (int(fields[2]), fields[0] not in "ZX") if fields else (0, False)


def born(pid: int) -> str:
    """When the process started (clock ticks since boot): a pid alone may be another's by now."""
    fields = processor.fields(pid)
    return fields[19] if fields else ""


def ask_to_die_with_parent(parent: int, number: int) -> None:
    """In a new child: let the kernel send it ``number`` when the launcher is gone."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os._exit(1)


@dataclass
class Program:
    """What to run, and how to end it politely."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None  # None: our own stdout and stderr
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 15
    orphan_signal: int = signal.SIGTERM  # sent by the kernel when the launcher dies
    user: int | None = None
    group: int | None = None
    on_start: Callable[[], None] | None = None
    cwd: Path | None = None
    pass_fds: Sequence[int] = ()
    slots: int = 0  # tasks it does at a time; 0: it tells nothing about itself
    can_start: Callable[[], bool] = lambda: True  # asked before it is started *again*


class Child:
    """A running program with everything it forked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started_at = time.monotonic()
        self.ready_at: float | None = None if program.slots else self.started_at
        if program.on_start:
            program.on_start()
        self._ear, self._half_a_word = -1, b""
        self.popen = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        program, parent = self.program, os.getpid()
        with contextlib.ExitStack() as stack:
            mouth, told = self._open_pipe(stack) if program.slots else ((), {})
            output = stack.enter_context(_open_log(program.log)) if program.log else None
            return subprocess.Popen(  # noqa: S603 - fixed commands, no shell
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **program.env, **told},
                start_new_session=True,
                user=program.user,
                group=program.group,
                extra_groups=[] if program.user is not None else None,
                cwd=program.cwd,
                pass_fds=(*program.pass_fds, *mouth),
                # The launcher has one thread, so preexec_fn is safe; it runs after setuid,
                # which would clear the wish again.
                preexec_fn=lambda: ask_to_die_with_parent(parent, program.orphan_signal),  # noqa: PLW1509
            )

    def _open_pipe(self, stack: contextlib.ExitStack) -> tuple[tuple[int], dict[str, str]]:
        self._ear, mouth = os.pipe()
        stack.callback(os.close, mouth)  # the child has its own by then
        for end in (self._ear, mouth):
            os.set_blocking(end, False)
        return (mouth,), {life.VARIABLE: f"{mouth}:{os.fstat(mouth).st_ino}"}

    def words(self) -> list[tuple[int, str]]:
        """What the child has told since the last call: (pid, word)."""
        if self._ear < 0:
            return []
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self._ear, 65536):
                self._half_a_word += piece
        *lines, self._half_a_word = self._half_a_word.split(b"\n")
        pairs = [line.decode(errors="replace").partition(" ") for line in lines]
        return [(int(pid), word) for pid, _blank, word in pairs if pid.isdigit()]

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def useful_seconds(self) -> float:
        """How long it has been at work, its start-up left out."""
        return 0.0 if self.ready_at is None else time.monotonic() - self.ready_at

    def running(self) -> bool:
        return self.popen.poll() is None

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stop(self) -> None:
        """Ask, wait, then end the whole group whatever it does."""
        if self.running():
            self.signal(self.program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(self.program.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """End the process and everything left of its group at once."""
        kill_group(self.pid)
        self.popen.wait()
        if self._ear >= 0:
            os.close(self._ear)
            self._ear = -1

    def last_lines(self, count: int = 8) -> str:
        log = self.program.log
        if log is None or not log.exists():
            return ""
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    wait_for(lambda: not group_alive(group), seconds=10)


def _open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")
