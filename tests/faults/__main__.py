"""Make each fault of the list in a copy of the tree and see which test notices.

``python -m tests.faults [--only NAME]... [--jobs N]``; ends with ``caught: 25 of 25``, and with
an error unless every fault was caught.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue

from tests.faults.bench import ALL_PASSED, Bench, Result
from tests.faults.catalogue import Fault, load, not_applicable

ROOT = Path(__file__).resolve().parents[2]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _chosen(arguments: Sequence[str]) -> tuple[list[Fault], int]:
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="trees and servers side by side")
    options = parser.parse_args(arguments)
    faults = load()
    if unknown := set(options.only or ()) - {fault.name for fault in faults}:
        parser.error(f"not in the list: {', '.join(sorted(unknown))}")
    chosen = [fault for fault in faults if not options.only or fault.name in options.only]
    return chosen, max(1, min(options.jobs, len(chosen)))


def _is_green(bench: Bench, faults: Sequence[Fault]) -> bool:
    """Without any fault the named tests pass: else nothing that fails later says anything."""
    run = bench.run(sorted({test for fault in faults for test in fault.tests}))
    if run.code != ALL_PASSED:
        say(f"The tests do not pass as the tree is:\n{run.output[-6000:]}")
    return run.code == ALL_PASSED


def _work(bench: Bench, waiting: SimpleQueue[Fault]) -> list[Result]:
    results: list[Result] = []
    while True:
        try:
            fault = waiting.get_nowait()
        except Empty:
            return results
        results.append(result := bench.try_out(fault))
        say(_line(result))


def _run(benches: Sequence[Bench], faults: Sequence[Fault]) -> list[Result] | None:
    """None: the tests fail without any fault."""
    waiting: SimpleQueue[Fault] = SimpleQueue()
    for fault in faults:
        waiting.put(fault)
    shares = [faults[number :: len(benches)] for number in range(len(benches))]
    with ThreadPoolExecutor(len(benches)) as pool:
        try:
            if not all(list(pool.map(_is_green, benches, shares))):
                return None
            parts = pool.map(_work, benches, [waiting] * len(benches))
            return [result for part in parts for result in part]
        except BaseException:
            for bench in benches:
                bench.close()
            raise


def _line(result: Result) -> str:
    who = result.caught_by.removeprefix("tests/") or "NOBODY"
    remark = f"  ({result.remark})" if result.remark else ""
    fault = result.fault
    return f"{fault.name:42} {fault.kind:36} {result.seconds:4.0f} s  {who}{remark}"


def main(arguments: Sequence[str]) -> int:
    faults, jobs = _chosen(arguments)
    if said := not_applicable(faults, ROOT):
        say("\n".join(said))
        return 2
    # Whoever ends us ends what we started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        done = _run([Bench(Path(folder) / str(number), ROOT) for number in range(jobs)], faults)
    if done is None:
        return 2
    caught = [row for row in done if row.caught_by]
    missed = [row for row in done if not row.caught_by]
    say("\n".join(["", *(_line(row) for row in missed), f"caught: {len(caught)} of {len(faults)}"]))
    return 0 if len(caught) == len(faults) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
