"""A PDF is drawn in a process of its own, which can be ended from outside.

A time limit raised inside the renderer is an ordinary exception there, and a library that
swallows it goes on with half a font. So the limit is the kernel's: CPU seconds of the drawing
process, not seconds of the wall; a slow machine makes slow PDFs and no failed ones. The process
is forked when it is first needed, so it shares the memory of its parent, and used again for the
next documents. What a broken document leaves behind goes with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import threading
import warnings
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings

from reports.printing.pdf.errors import PdfError, TooLongError

_LAST_OF_A_PROCESS = 40  # documents, then a new one: what leaked goes with the old
_LOOK_SECONDS = 5.0
_ASLEEP_LOOKS = 24  # two minutes in which it neither drew nor wanted to
_PR_SET_PDEATHSIG = 1
_log = logging.getLogger(__name__)


def _nothing() -> None:
    """Nobody to keep waiting but the reader."""


class Press:
    """One drawing process, and what happens to it. Not for threads: a lock lets one draw."""

    def __init__(self) -> None:
        self._pid = 0
        self._line: Connection[Any, Any] | None = None
        self._drawn = 0
        self._owner = 0
        self._is_apart = False
        self._lock = threading.Lock()

    def start(self, *, is_apart: bool = False) -> None:
        """Have the process ready before the first document. ``is_apart``: it stays small and lets
        each document be drawn in a process of that document's own (two seconds more each)."""
        self._is_apart = self._is_apart or is_apart
        if self._pid and self._owner == os.getpid():
            return
        # What a parent of ours started is the parent's.
        self._owner, self._drawn = os.getpid(), 0
        self._line, theirs = Pipe()
        with warnings.catch_warnings():
            # In a test or a web process other threads live; the child never asks them anything.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            _be_the_press(theirs, self._owner)
        theirs.close()

    def draw[Result](
        self,
        work: Callable[..., Result],
        *args: Any,
        while_waiting: Callable[[], None] = _nothing,
        **kwargs: Any,
    ) -> Result:
        """``work(...)`` in the drawing process; what it raises is raised here. ``while_waiting``
        is called every few seconds, and what that raises ends the drawing. TooLongError when the
        time is used up, PdfError when the process died over it."""
        with self._lock:
            self.start()
            try:
                is_done, result = self._draw((work, args, kwargs), while_waiting)
            except BaseException:
                # Whatever happened, the next document does not begin in the middle of this one.
                self._end()
                raise
            self._drawn += 1
            if self._drawn >= _LAST_OF_A_PROCESS and not self._is_apart:
                self._end()
        if not is_done:
            raise result
        drawn: Result = result
        return drawn

    def _draw(self, job: Any, while_waiting: Callable[[], None]) -> Any:
        line = self._line
        assert line is not None  # noqa: S101 - start() made it
        try:
            line.send((settings.BUILD_CPU_SECONDS, self._is_apart, *job))
            self._wait(line, while_waiting)
            return line.recv()
        except (EOFError, ConnectionError):
            raise self._reason_of_death() from None

    def _wait(self, line: Connection[Any, Any], while_waiting: Callable[[], None]) -> None:
        asleep, before = 0, -1
        while not line.poll(_LOOK_SECONDS):
            while_waiting()
            ticks, is_at_work = _ticks(self._pid)
            asleep = 0 if is_at_work or ticks != before else asleep + 1
            before = ticks
            if asleep >= _ASLEEP_LOOKS:
                raise TooLongError("drawing stood still")

    def _reason_of_death(self) -> PdfError:
        _pid, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return _death(status, settings.BUILD_CPU_SECONDS)

    def close(self) -> None:
        """End the process; the next document starts another."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._pid and self._owner == os.getpid():
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
        self._pid = 0


PRESS = Press()  # of this process


def _be_the_press(line: Connection[Any, Any], parent: int) -> NoReturn:
    """The child: never returns into the code it was forked from, and touches nothing of it."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() == parent:
            _forget_the_parent(line.fileno())
            _serve(line)
    finally:
        os._exit(0)


def _forget_the_parent(own: int) -> None:
    """Its database and broker are its alone: two on one line would mix their words."""
    from django.db import connections

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    for connection in connections.all(initialized_only=True):
        _KEPT.append(connection.connection)  # never closed in order: that would end the parent's
        connection.connection = None
    os.closerange(3, own)
    os.closerange(own + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    gc.freeze()


_KEPT: list[Any] = []


def _serve(line: Connection[Any, Any]) -> None:
    while True:
        try:
            cpu_seconds, is_apart, *job = line.recv()
        except EOFError:
            return
        if is_apart:
            _work_apart(line, cpu_seconds, job)
        else:
            _work(line, cpu_seconds, job)


def _work_apart(line: Connection[Any, Any], cpu_seconds: int, job: Any) -> None:
    mother, pid = os.getpid(), os.fork()
    if pid == 0:
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
            if os.getppid() == mother:
                _work(line, cpu_seconds, job)
        finally:
            os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    if status:
        line.send((False, _death(status, cpu_seconds)))


def _work(line: Connection[Any, Any], cpu_seconds: int, job: Any) -> None:
    work, args, kwargs = job
    _allow(cpu_seconds)
    try:
        answer = (True, work(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - the parent says it
        _log.exception("drawing_failed")
        answer = (False, _portable(error))
    line.send(answer)


def _death(status: int, cpu_seconds: int) -> PdfError:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return TooLongError(f"more than {cpu_seconds} CPU seconds")
    return PdfError(f"the drawing process ended with status {status}")


def _allow(seconds: int) -> None:
    """So many CPU seconds from now; then the kernel ends the process, whatever it is doing."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _portable(error: Exception) -> Exception:
    """The error itself where it can be sent, so that its reason is the same as if raised here."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own object, just made
    except Exception:  # noqa: BLE001 - any of them: then only its words
        return PdfError(f"{type(error).__name__}: {error}")
    return error


def _ticks(pid: int) -> tuple[int, bool]:
    """Processor time used so far in clock ticks, and whether it wants more just now; with that
    of the process that draws for it."""
    place = Path(f"/proc/{pid}")
    try:
        found = (place / "stat").read_text().rpartition(")")[2].split()
        children = (place / "task" / str(pid) / "children").read_text().split()
    except OSError:
        return -1, False
    below = [_ticks(int(child)) for child in children]
    ticks = int(found[11]) + int(found[12]) + sum(used for used, _wants in below)
    return ticks, found[0] in {"R", "D"} or any(wants for _used, wants in below)
