"""Keeps the children running: starts in order, restarts with back-off, stops in reverse."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ilp.launch.backoff import BackOff, End
from ilp.launch.parts import write_whole
from ilp.launch.process import Child, Program, born, group_alive, kill_group, wait_for
from ilp.launch.processor import usage
from ilp.launch.signs import Signs, State
from ilp.launch.words import StartError, _, say

_TICK_SECONDS = 1.0
_ASK_SECONDS = 2.0  # between two looks whether a part could start again
# Somebody's doing, not a fault of the program.
_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}


class Stopped(Exception):
    """Somebody asked us to end (Ctrl-C, SIGTERM)."""


class Supervisor:
    """The children of one installation. ``book`` names the file that remembers their pids;
    ``has_room`` says whether its disk can take anything: without, nothing is started again."""

    def __init__(self, book: Path, has_room: Callable[[], bool] = lambda: True) -> None:
        self._book = book
        self._has_room = has_room
        self._children: dict[str, Child] = {}
        self._backs_off: defaultdict[str, BackOff] = defaultdict(BackOff)
        self._due: dict[str, float] = {}
        self._restarts: Counter[str] = Counter()
        self._said: dict[str, str] = {}
        self._next_question = 0.0
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

    def start(self, program: Program, ready: Callable[[], bool]) -> None:
        """Start and wait until ``ready``, however long that takes while the program makes
        progress; StartError with its last words if it ends before or does nothing any more."""
        child, signs = self.launch(program), Signs()
        while not ready() and child.running():
            for word in child.words():
                signs.hear(*word)
            if signs.look(time.monotonic(), usage(child.pid)) is State.STUCK:
                break
            time.sleep(0.1)
        if not child.running() or not ready():
            raise StartError(
                _("{name} did not start. Its last lines ({log}):\n{lines}").format(
                    name=program.name, log=program.log, lines=child.last_lines()
                )
            )

    def launch(self, program: Program) -> Child:
        """Start without waiting. A signal in between waits until the child is on the books."""
        with self._undisturbed():
            self._due.pop(program.name, None)
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

    def restart(self, name: str) -> float:
        """Stop the child; the seconds after which it starts again. They grow each time."""
        child = self._children[name]
        useful = child.useful_seconds
        child.stop()
        return self._plan(name, End.STUCK, useful)

    def restarts(self, name: str) -> int:
        return self._restarts[name]

    def is_waiting(self, name: str) -> bool:
        """Whether the child has ended and waits to be started again."""
        return name in self._due

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
        for name, child in list(self._children.items()):
            if not child.running() and name not in self._due:
                self._note_end(name, child)
        if not self._due or time.monotonic() < self._next_question:
            return
        has_room = self._has_room()
        for name in [name for name in self._children if name in self._due]:
            if not self._start_again(name, has_room=has_room):
                break

    def _note_end(self, name: str, child: Child) -> None:
        code, useful = child.popen.returncode, child.useful_seconds
        child.kill()  # what it forked must not go on without it
        is_killed = code in _FROM_OUTSIDE
        seconds = self._plan(name, End.KILLED if is_killed else End.CRASHED, useful)
        say(
            _("{name} ended (code {code}); starting it again in {pause:.1f} s").format(
                name=name, code=code, pause=seconds
            )
        )

    def _plan(self, name: str, end: End, useful_seconds: float) -> float:
        pause = self._backs_off[name].pause(end, useful_seconds)
        self._due[name] = time.monotonic() + pause
        return pause

    def _start_again(self, name: str, *, has_room: bool) -> bool:
        """Start what is due; False when there is no database to ask for another."""
        program = self._children[name].program
        if not has_room:
            self._say_once(name, _("{name} waits until the disk has room").format(name=name))
            self._due[name] = 0.0  # then at once
        elif time.monotonic() >= self._due[name]:
            if not program.can_start():
                self._say_once(name, _("{name} waits for the database").format(name=name))
                self._next_question = time.monotonic() + _ASK_SECONDS
                return False
            self._said.pop(name, None)
            self._restarts[name] += 1
            try:
                self.launch(program)
            except (OSError, StartError) as error:  # no log, no socket: later, perhaps
                self._say_once(name, str(error))
                self._plan(name, End.CRASHED, 0.0)
        return True

    def _say_once(self, name: str, line: str) -> None:
        if self._said.get(name) != line:
            self._said[name] = line
            say(line)

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
        # Without it (disk full) only a launcher that is killed leaves something behind.
        with contextlib.suppress(OSError):
            write_whole(self._book, json.dumps(entries))
