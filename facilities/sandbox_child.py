"""Runs alone, as a child process: limits itself, then runs a program over a file from outside.

Standard library only, no Django, no project module. Exit codes: 2 not readable, 3 no memory left;
others: ended by a limit of the system.

    python -I sandbox_child.py BOUNDS PROGRAM ARGUMENTS… < FILE
"""

from __future__ import annotations

import contextlib
import json
import logging
import resource
import runpy
import sys


def limit(memory: int, seconds: int) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        # A system without one of them still has the parent's clock.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))


def main() -> int:
    bounds, program = json.loads(sys.argv[1]), sys.argv[2]
    limit(bounds["memory"], bounds["processor"])
    logging.disable(logging.CRITICAL)
    sys.argv = sys.argv[2:]
    try:
        runpy.run_path(program, run_name="__main__")
    except MemoryError:
        return 3
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes ends here
        sys.stderr.write(f"{type(error).__name__}: {str(error)[:200]}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
