"""A copy of the tree with servers of its own, in which one fault at a time is made and undone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.catalogue import Fault, target

_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "var", "var-*", "staticfiles", "__pycache__"
)
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::\S+)", re.MULTILINE)
# Long enough for the slowest room on a busy machine; a run that hangs proves nothing.
LONGEST_SECONDS = 900
# What pytest says when tests ran and some failed; a broken import is another number.
SOME_FAILED, ALL_PASSED = 1, 0


@dataclass(frozen=True, slots=True)
class Run:
    code: int | None  # None: it did not end
    output: str

    @property
    def failed_test(self) -> str:
        found = _FAILED.search(self.output)
        return found[1] if found else "a test"


@dataclass(frozen=True, slots=True)
class Result:
    fault: Fault
    caught_by: str  # empty: nobody noticed
    remark: str
    seconds: float


class ClosedError(Exception):
    """The whole run is being broken off."""


class Bench:
    def __init__(self, folder: Path, root: Path) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False
        self.tree, self._data = folder / "tree", folder / "data"
        shutil.copytree(root, self.tree, ignore=_NOT_COPIED, symlinks=True)

    def run(self, tests: Sequence[str], *, new_database: bool = False) -> Run:
        """The tests in the tree as it is now, until the first that fails. The database is kept
        for the next run: making one costs more than most faults."""
        data = self._data.with_name("data-new") if new_database else self._data
        pytest = (
            *("-m", "pytest", "-n", "0", "-x", "-q", "--tb=short", "-p", "no:cacheprovider"),
            "--create-db" if new_database else "--reuse-db",
        )
        servers = ("-m", "ilp.launch", "with-servers", "--fast", "--data", str(data), "--")
        settings = {"DATABASE_URL", "REDIS_URL", "PANTAU_DATA"}  # those of the servers around us
        self._process = process = subprocess.Popen(
            [sys.executable, *servers, sys.executable, *pytest, *tests],
            cwd=self.tree,
            env={name: value for name, value in os.environ.items() if name not in settings},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        if self._is_closed:
            self.close()
        try:
            output, _ = process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            return Run(None, _end(process))
        if self._is_closed:
            raise ClosedError
        return Run(process.returncode, output)

    def close(self) -> None:
        """End what runs here, from another thread; nothing is begun any more."""
        self._is_closed = True
        if self._process is not None:
            self._process.terminate()

    def try_out(self, fault: Fault) -> Result:
        """Make the fault, see who notices, undo it."""
        began = time.monotonic()
        with made(fault, self.tree):
            run, remark = self.run(fault.tests, new_database=fault.new_database), ""
            if run.code == ALL_PASSED:
                run = self.run(fault.room, new_database=fault.new_database)
                remark = "not by the tests named in the list" if run.code == SOME_FAILED else ""
        caught_by = run.failed_test if run.code == SOME_FAILED else ""
        if run.code is None:
            remark = "the tests did not end"
        elif run.code not in {SOME_FAILED, ALL_PASSED}:
            remark = f"the tests could not run:\n{run.output[-3000:]}"
        return Result(fault, caught_by, remark, time.monotonic() - began)


@contextmanager
def made(fault: Fault, tree: Path) -> Iterator[None]:
    """The fault is in the tree; NotApplicableError when its place is not there exactly once."""
    file = target(fault, tree)
    whole = file.read_text()
    file.write_text(whole.replace(fault.old, fault.new))
    try:
        yield
    finally:
        file.write_text(whole)


def _end(process: subprocess.Popen[str]) -> str:
    """Stop it with its servers: first in good order, then by force."""
    process.terminate()
    try:
        return process.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0]
