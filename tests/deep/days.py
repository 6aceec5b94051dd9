"""The date-bound tests at every moment of tests/moments.py, one line for each.

``scripts/test --deep=days [NAME ...] [PATH ...]`` runs those moments alone whose names contain a
NAME, and those tests alone that stand in a PATH.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from ilp import env
from tests.clock import VARIABLE
from tests.moments import MOMENTS

ROOT = Path(__file__).resolve().parents[2]
# What takes its day from the clock, in its own file or in that of its folder's fixtures.
_USES_THE_CLOCK = re.compile(
    r"from tests import clock"
    r"|from tests\.factories\.world import (\([^)]*|[^\n]*)\blast_week\b"
)
_BY_FIXTURES = ("/sheets/test_form.py", "/sheets/test_paper.py")
_WITHOUT = re.compile(
    r"/(machine|demo)/"  # dice, which have long runs of their own; a fixed year
    r"|/printing/test_(build|commands)\.py"  # many PDFs, hardly a day
)
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")


def date_bound() -> list[str]:
    """The test files whose outcome may depend on the day."""
    found = []
    for folder in ("unit", "integration"):
        for file in sorted((ROOT / "tests" / folder).rglob("test_*.py")):
            name = file.relative_to(ROOT).as_posix()
            is_bound = _USES_THE_CLOCK.search(file.read_text()) or name.endswith(_BY_FIXTURES)
            if is_bound and not _WITHOUT.search(name):
                found.append(name)
    return found


def run(name: str, moment: str, files: list[str], *, is_first: bool) -> bool:
    """The tests at one moment; prints a line, and below it what failed. The whole log stands in
    ``deep/`` of the tests' data directory."""
    began = time.monotonic()
    pytest = [
        *(sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-q", "-rfE"),
        *("-m", "not real_time", "--reuse-db", *(["--create-db"] if is_first else [])),
    ]
    log = env.data_dir() / "deep" / f"{name.replace(' ', '-')}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            [*pytest, *files], cwd=ROOT, env={**os.environ, VARIABLE: moment},
            stdout=output, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    lines = log.read_text().splitlines()
    count = {word.rstrip("s"): int(n) for n, word in _COUNT.findall(lines[-1] if lines else "")}
    failed = count.get("failed", 0) + count.get("error", 0)
    seconds = time.monotonic() - began
    print(  # noqa: T201
        f"{name:26} {moment}  {count.get('passed', 0):5} passed {failed:4} failed {seconds:5.0f} s",
        flush=True,
    )
    if done.returncode:
        told = [line for line in lines if line.startswith(("FAILED", "ERROR"))] or lines[-40:]
        print("\n".join(f"    {line}" for line in told), flush=True)  # noqa: T201
    return done.returncode == 0


def main(wanted: list[str]) -> int:
    paths = tuple(path for path in wanted if path.startswith("tests/"))
    names = [name for name in wanted if name not in paths]
    files = [file for file in date_bound() if not paths or file.startswith(paths)]
    chosen = {
        name: moment
        for name, moment in MOMENTS.items()
        if not names or any(re.search(rf"\b{re.escape(part)}\b", name) for part in names)
    }
    results = [
        run(name, moment, files, is_first=not number)
        for number, (name, moment) in enumerate(chosen.items())
    ]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
