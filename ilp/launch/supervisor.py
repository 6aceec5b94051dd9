"""Keeps the children running: starts in order, restarts with back-off, stops in reverse."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ilp.launch.process import Child, Program, born, group_alive, kill_group, wait_for
from ilp.launch.words import StartError, _, say

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart
_STEADY_SECONDS = 60.0  # after this long up, a crash counts as the first again
_TICK_SECONDS = 1.0


class Stopped(Exception):
    """Somebody asked us to end (Ctrl-C, SIGTERM)."""


class Supervisor:
    """The children of one installation. ``book`` names the file that remembers their pids."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._children: dict[str, Child] = {}
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._wakeup, self._signalled = os.pipe()
        self._asked_to_stop = False
        self._busy = False

    @contextlib.contextmanager
    def handling_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the block with ``Stopped``; all children end with it."""
        for end in (self._wakeup, self._signalled):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # stopping is under way already
            self.stop_all()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        first, self._asked_to_stop = not self._asked_to_stop, True
        if first and not self._busy:
            raise Stopped

    @contextlib.contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """A signal in here waits for the end: no child is lost, no query cut in two."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before
        if self._asked_to_stop and not self._busy:
            raise Stopped

    def clear_survivors(self) -> None:
        """End what an earlier launcher, killed without warning, left running."""
        try:
            entries: dict[str, str] = json.loads(self._book.read_text())
        except (OSError, ValueError):
            return
        groups = [int(pid) for pid, since in entries.items() if born(int(pid)) == since]
        # The kernel has already asked them to end (PDEATHSIG); databases need a moment.
        wait_for(lambda: not any(group_alive(group) for group in groups), seconds=20)
        for group in groups:
            kill_group(group)
        self._book.unlink(missing_ok=True)

    def start(self, program: Program, ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Start and wait until ``ready``; StartError with its last words if it ends before."""
        child = self.launch(program)
        wait_for(lambda: ready() or not child.running(), seconds=seconds)
        if not child.running() or not ready():
            raise StartError(
                _("{name} did not start. Its last lines ({log}):\n{lines}").format(
                    name=program.name, log=program.log, lines=child.last_lines()
                )
            )

    def launch(self, program: Program) -> Child:
        """Start without waiting. A signal in between waits until the child is on the books."""
        with self._undisturbed():
            child = self._children[program.name] = Child(program)
            self._write_book()
        return child

    def run(self, program: Program) -> None:
        """Run to its end; StartError when it fails (it has said why itself)."""
        child = self.launch(program)
        code = child.popen.wait()
        del self._children[program.name]
        if code != 0:
            raise StartError(
                _("{name} failed with code {code}; see above.").format(name=program.name, code=code)
            )

    def child(self, name: str) -> Child | None:
        return self._children.get(name)

    def restart(self, name: str) -> None:
        """Stop the child and start it again at once."""
        child = self._children[name]
        child.stop()
        self.launch(child.program)

    def watch(self, on_tick: Callable[[], None]) -> NoReturn:
        """Until asked to stop: bring back what crashed, call ``on_tick`` every second."""
        while True:
            select.select([self._wakeup], [], [], _TICK_SECONDS)
            with contextlib.suppress(BlockingIOError):
                os.read(self._wakeup, 4096)
            with self._undisturbed():
                self._bring_back()
                on_tick()

    def _bring_back(self) -> None:
        now = time.monotonic()
        for name, child in list(self._children.items()):
            if child.running():
                continue
            if name not in self._due:
                child.kill()  # what it forked must not go on without it
                pause = self._next_pause(name, child.seconds_up)
                self._due[name] = now + pause
                say(
                    _("{name} ended (code {code}); starting it again in {pause:.1f} s").format(
                        name=name, code=child.popen.returncode, pause=pause
                    )
                )
            elif now >= self._due[name]:
                del self._due[name]
                self.launch(child.program)

    def _next_pause(self, name: str, seconds_up: float) -> float:
        steady = seconds_up > _STEADY_SECONDS
        pause = _FIRST_PAUSE if steady else self._pauses.get(name, _FIRST_PAUSE / 2) * 2
        self._pauses[name] = min(pause, _LONGEST_PAUSE)
        return self._pauses[name]

    def stop_all(self) -> None:
        """First no new requests, then no new work, last the database: in reverse of the start.

        The web processes are asked first, all others in reverse order of their start.
        """
        last_first = [*reversed(self._children)]
        doors = [name for name in last_first if name.startswith("web")]
        for name in doors:
            self._children[name].signal(self._children[name].program.stop_signal)
        for name in [*doors, *(name for name in last_first if name not in doors)]:
            self._children.pop(name).stop()
        self._book.unlink(missing_ok=True)

    def _write_book(self) -> None:
        entries = {str(child.pid): born(child.pid) for child in self._children.values()}
        self._book.write_text(json.dumps(entries))
